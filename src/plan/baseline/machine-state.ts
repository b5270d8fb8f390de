import type { AnalysedMachine, AnalysedNode, Analysis, MachineShape } from '../../analysis';
import { isJsonObject, jsonAt, type JsonObject } from '../../model';
import type { MachineState } from './baseline';
import { hashOf } from './hashes';

/** What the entries of a VM ask for. */
type Requested = Pick<MachineState, 'gpus' | 'hostDevices'>;

/** The same for the VMs of a fleet, of which thousands ask for the same. */
export class RequestNames {
  private readonly known = new Map<MachineShape, Requested>();

  /** The resources that a VM's `gpus` and `hostDevices` ask for, one for each entry. */
  of({ shape, requests }: AnalysedMachine): Requested {
    let requested = this.known.get(shape);
    if (requested === undefined) {
      const named = (list: 'gpus' | 'hostDevices'): string[] =>
        requests.flatMap((one) => (one.list === list ? [one.deviceName ?? ''] : []));
      this.known.set(shape, (requested = { gpus: named('gpus'), hostDevices: named('hostDevices') }));
    }
    return requested;
  }
}

/** One VM; `file` is where it is written. */
export function machineState(
  { machine, evictionStrategy }: AnalysedMachine,
  file: { readonly path: string; readonly hash: string } | undefined,
  candidates: readonly string[],
  { gpus, hostDevices }: Requested,
): MachineState {
  return {
    path: file?.path,
    kind: machine.foreign?.kind ?? machine.kind,
    namespace: machine.namespace,
    name: machine.name,
    hash: file?.hash,
    gpus,
    hostDevices,
    candidates,
    evictionStrategy,
    restarts: restartsOf(machine.kind, machine.machine),
    isHalted: isHalted(machine.kind, machine.machine),
    replicas: machine.replicas,
    ...(machine.foreign === undefined
      ? { ...sizeOf(machine.spec), restartHash: restartHash(machine.kind, machine.spec) }
      : { guestMemory: undefined, sockets: undefined, restartHash: undefined }),
  };
}

/** Whether KubeVirt starts a VM again that was stopped under it: not a bare instance, and not one whose strategy says otherwise. */
function restartsOf(kind: string, machine: JsonObject): boolean | undefined {
  if (kind === 'VirtualMachineInstance') return false;
  if (kind !== 'VirtualMachine') return true;
  const { runStrategy, running } = machine;
  if (typeof runStrategy === 'string') return runStrategy === 'Always' || runStrategy === 'RerunOnFailure';
  return typeof running === 'boolean' ? running : undefined;
}

/** Whether it is declared not to run. */
function isHalted(kind: string, { runStrategy, running }: JsonObject): boolean {
  return kind !== 'VirtualMachineInstance' && (runStrategy === 'Halted' || running === false);
}

/** What KubeVirt may change of a VM that runs, and compares by size. */
function sizeOf(spec: JsonObject): Pick<MachineState, 'guestMemory' | 'sockets'> {
  const memory = jsonAt(spec, 'domain', 'memory', 'guest');
  const sockets = jsonAt(spec, 'domain', 'cpu', 'sockets');
  return {
    guestMemory: typeof memory === 'string' || typeof memory === 'number' ? String(memory) : undefined,
    sockets: typeof sockets === 'number' ? sockets : undefined,
  };
}

/** Like VMs share their spec. */
const hashBySpec = new WeakMap<JsonObject, string>();

/**
 * What takes effect only when a VM is started again: its spec without placement, sockets, guest memory, NICs and volumes, which
 * KubeVirt may change while it runs. The spec of an instance cannot be changed at all.
 *
 * @see https://github.com/kubevirt/kubevirt/blob/d923fdb815/pkg/virt-controller/watch/vm/vm.go (syncRestartRequired)
 */
function restartHash(kind: string, spec: JsonObject): string {
  if (kind === 'VirtualMachineInstance') return hashOf(spec);
  let hash = hashBySpec.get(spec);
  if (hash === undefined) hashBySpec.set(spec, (hash = hashOf(withoutLiveFields(spec))));
  return hash;
}

function withoutLiveFields(spec: JsonObject): JsonObject {
  const { nodeSelector: _s, affinity: _a, tolerations: _t, networks: _n, volumes: _v, domain, ...rest } = spec;
  if (!isJsonObject(domain)) return rest;
  const { cpu, memory, devices, ...others } = domain;
  return {
    ...rest,
    domain: {
      ...others,
      ...(isJsonObject(cpu) ? { cpu: without(cpu, 'sockets') } : {}),
      ...(isJsonObject(memory) ? { memory: without(memory, 'guest') } : {}),
      ...(isJsonObject(devices) ? { devices: without(devices, 'interfaces', 'disks') } : {}),
    },
  };
}

function without(map: JsonObject, ...keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)));
}

/** The nodes that placements leave, in words; thousands of VMs share a few sets of them. */
export class CandidateNames {
  private readonly analysis: Analysis;
  private readonly known = new Map<readonly AnalysedNode[], readonly string[]>();

  /** For the VMs of one analysis. */
  constructor(analysis: Analysis) {
    this.analysis = analysis;
  }

  /** `*`, or pools that are left whole as `pool/NAME` and the other nodes by name. */
  of({ machine, candidates }: AnalysedMachine): readonly string[] {
    // bound to one node, it stays there when its pool grows
    if (machine.node !== undefined) return candidates.map(({ name }) => name);
    let names = this.known.get(candidates);
    if (names === undefined) this.known.set(candidates, (names = this.named(candidates)));
    return names;
  }

  private named(candidates: readonly AnalysedNode[]): readonly string[] {
    const { fleet, nodes } = this.analysis;
    const inPools = nodes.filter(({ pools }) => pools.length > 0);
    if (inPools.every((node) => candidates.includes(node))) return ['*'];
    const left = new Set(candidates.map(({ name }) => name));
    const pools = fleet.nodePools.filter(
      (pool) => pool.nodes.length > 0 && pool.nodes.every(({ name }) => left.has(name)),
    );
    for (const pool of pools) for (const { name } of pool.nodes) left.delete(name);
    const single = candidates.filter(({ name, pools: own }) => left.has(name) && own.length > 0);
    return [...pools.map(({ name }) => `pool/${name}`), ...single.map(({ name }) => name)];
  }
}
