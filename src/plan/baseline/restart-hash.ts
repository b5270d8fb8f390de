import { fieldsAt, OWN_PATHS, type AnalysedMachine, type Fields, type MachineVariant } from '../../analysis';
import { isJsonObject, type JsonObject, type JsonValue } from '../../model';
import { hashOf } from './hashes';

/**
 * What KubeVirt may change in a VM while it runs: placement, sockets, guest memory, NICs and volumes.
 *
 * @see https://github.com/kubevirt/kubevirt/blob/d923fdb815/pkg/virt-controller/watch/vm/vm.go (syncRestartRequired)
 */
const LIVE = fieldsAt([...OWN_PATHS, 'domain.cpu.sockets', 'domain.memory.guest']);

/**
 * Hashes of what takes effect only when a VM is started again. VMs of one variant differ in nothing but what KubeVirt may change while
 * they run, and in some of that: one is hashed for all. Of bare instances each is hashed.
 */
export class RestartHashes {
  private readonly known = new Map<MachineVariant, string>();

  /** Undefined for what somebody else writes. */
  of({ machine, variant }: AnalysedMachine): string | undefined {
    if (machine.foreign !== undefined) return undefined;
    const { kind, spec } = machine;
    if (kind === 'VirtualMachineInstance') return hashOf(spec);
    let hash = this.known.get(variant);
    if (hash === undefined) this.known.set(variant, (hash = hashOf(withoutFields(spec, LIVE))));
    return hash;
  }
}

function withoutFields(map: JsonObject, fields: Fields): JsonObject {
  const kept: [string, JsonValue | undefined][] = [];
  for (const [key, value] of Object.entries(map)) {
    const live = fields.get(key);
    if (live === undefined) kept.push([key, value]);
    else if (live !== 'whole' && isJsonObject(value)) kept.push([key, withoutFields(value, live)]);
  }
  return Object.fromEntries(kept);
}
