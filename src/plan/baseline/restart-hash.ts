import type { AnalysedMachine, MachineShape } from '../../analysis';
import { isJsonObject, type JsonObject, type JsonValue } from '../../model';
import { hashOf } from './hashes';

/** Fields of a map that do not count: the whole of one, or some of its own. */
type LiveFields = ReadonlyMap<string, 'whole' | LiveFields>;

/**
 * What KubeVirt may change in a VM while it runs: placement, sockets, guest memory, NICs and volumes.
 *
 * @see https://github.com/kubevirt/kubevirt/blob/d923fdb815/pkg/virt-controller/watch/vm/vm.go (syncRestartRequired)
 */
const LIVE: LiveFields = new Map<string, 'whole' | LiveFields>([
  ['nodeSelector', 'whole'],
  ['affinity', 'whole'],
  ['tolerations', 'whole'],
  ['networks', 'whole'],
  ['volumes', 'whole'],
  [
    'domain',
    new Map<string, 'whole' | LiveFields>([
      ['cpu', new Map([['sockets', 'whole']])],
      ['memory', new Map([['guest', 'whole']])],
      [
        'devices',
        new Map([
          ['interfaces', 'whole'],
          ['disks', 'whole'],
        ]),
      ],
    ]),
  ],
]);

/** The spec of an instance cannot be changed at all. */
const NOTHING: LiveFields = new Map();

/**
 * Hashes of what takes effect only when a VM is started again. Thousands of VMs differ in nothing of it, and comparing one with the
 * last that is alike costs a twentieth of hashing it.
 */
export class RestartHashes {
  private readonly lastOf = new Map<MachineShape, { readonly spec: JsonObject; readonly hash: string }>();

  /** Undefined for what somebody else writes. */
  of({ machine, shape }: AnalysedMachine): string | undefined {
    if (machine.foreign !== undefined) return undefined;
    const { kind, spec } = machine;
    const live = kind === 'VirtualMachineInstance' ? NOTHING : LIVE;
    const last = this.lastOf.get(shape);
    if (last !== undefined && isAlike(last.spec, spec, live)) return last.hash;
    const hash = hashOf(withoutFields(spec, live));
    this.lastOf.set(shape, { spec, hash });
    return hash;
  }
}

function withoutFields(map: JsonObject, fields: LiveFields): JsonObject {
  const kept: [string, JsonValue | undefined][] = [];
  for (const [key, value] of Object.entries(map)) {
    const live = fields.get(key);
    if (live === undefined) kept.push([key, value]);
    else if (live !== 'whole' && isJsonObject(value)) kept.push([key, withoutFields(value, live)]);
  }
  return Object.fromEntries(kept);
}

/** Whether two values are the same but for fields that do not count. */
function isAlike(a: JsonValue | undefined, b: JsonValue | undefined, fields?: LiveFields): boolean {
  if (Array.isArray(a)) return Array.isArray(b) && areAlike(a as readonly JsonValue[], b as readonly JsonValue[]);
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  // as many keys as the other has, each with a value there: they are the same keys
  let more = 0;
  for (const key in a) {
    const other = b[key];
    if (other === undefined) return false;
    more++;
    // most values are the same scalar, which needs no further look
    if (a[key] === other) continue;
    const live = fields?.get(key);
    if (live !== 'whole' && !isAlike(a[key], other, live)) return false;
  }
  for (const _ in b) more--;
  return more === 0;
}

function areAlike(a: readonly JsonValue[], b: readonly JsonValue[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i] && !isAlike(a[i], b[i])) return false;
  return true;
}
