import type { AnalysedMachine, AnalysedNode, Analysis, MachineVariant } from '../../analysis';
import { compareNatural, groupBy, jsonAt, type JsonObject } from '../../model';
import type { MachineState } from './baseline';
import { RestartHashes } from './restart-hash';

/** What VMs of one variant have in common. */
type Common = Pick<MachineState, 'gpus' | 'hostDevices'> & Size;

/** The VMs of one analysis as a baseline keeps them. */
export class MachineStates {
  private readonly candidates: CandidateNames;
  private readonly common = new Map<MachineVariant, Common>();
  private readonly restarts = new RestartHashes();

  /** For the VMs of one analysis. */
  constructor(analysis: Analysis) {
    this.candidates = new CandidateNames(analysis);
  }

  /** One of them; `file` is where it is written. */
  of(analysed: AnalysedMachine, file?: { readonly path: string; readonly hash: string }): MachineState {
    const { machine, evictionStrategy, variant } = analysed;
    let common = this.common.get(variant);
    if (common === undefined)
      this.common.set(variant, (common = { ...requestedBy(analysed), ...sizeOf(machine.spec) }));
    const { gpus, hostDevices } = common;
    // somebody else's VM is not looked at
    const { guestMemory, sockets } = machine.foreign === undefined ? common : UNKNOWN_SIZE;
    return {
      path: file?.path,
      kind: machine.foreign?.kind ?? machine.kind,
      namespace: machine.namespace,
      name: machine.name,
      hash: file?.hash,
      gpus,
      hostDevices,
      candidates: this.candidates.of(analysed),
      evictionStrategy,
      restarts: restartsOf(machine.kind, machine.machine),
      isHalted: isHalted(machine.kind, machine.machine),
      replicas: machine.replicas,
      guestMemory,
      sockets,
      restartHash: this.restarts.of(analysed),
    };
  }
}

/** VMs by their namespaces, natural order. */
export function byNamespace(machines: readonly MachineState[]): [string, MachineState[]][] {
  return [...groupBy(machines, ({ namespace }) => namespace)].sort(([a], [b]) => compareNatural(a, b));
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

/** The resources that a VM's `gpus` and `hostDevices` ask for, one for each entry. */
function requestedBy({ requests }: AnalysedMachine): Pick<MachineState, 'gpus' | 'hostDevices'> {
  const named = (list: 'gpus' | 'hostDevices'): string[] =>
    requests.flatMap((one) => (one.list === list ? [one.deviceName ?? ''] : []));
  return { gpus: named('gpus'), hostDevices: named('hostDevices') };
}

/** What KubeVirt may change of a VM that runs, and compares by size. */
type Size = Pick<MachineState, 'guestMemory' | 'sockets'>;

const UNKNOWN_SIZE: Size = { guestMemory: undefined, sockets: undefined };

function sizeOf(spec: JsonObject): Size {
  const memory = jsonAt(spec, 'domain', 'memory', 'guest');
  const sockets = jsonAt(spec, 'domain', 'cpu', 'sockets');
  return {
    guestMemory: typeof memory === 'string' || typeof memory === 'number' ? String(memory) : undefined,
    sockets: typeof sockets === 'number' ? sockets : undefined,
  };
}

/** The nodes that placements leave, in words; thousands of VMs share a few sets of them. */
class CandidateNames {
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
