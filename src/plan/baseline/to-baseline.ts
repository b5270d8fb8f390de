import {
  unitName,
  type AnalysedMachine,
  type AnalysedNode,
  type Analysis,
  type MachineShape,
  type PreparationUnit,
} from '../../analysis';
import { normalisedMdevName } from '../../kubevirt';
import { compareNatural, jsonAt, type JsonObject, type JsonValue, type NodePool } from '../../model';
import { isStandardPool } from '../../openshift';
import type {
  Baseline,
  ClusterState,
  ConfigState,
  FunctionState,
  MachineState,
  MediatedState,
  NodeState,
  ObjectState,
  PermittedState,
  UnitState,
} from './baseline';
import { toConfigState } from './config-state';

/** A file of the output as a baseline sees it. */
export interface WrittenFile {
  /** Below the output folder. */
  readonly path: string;
  /** Of its text, as {@link shortHash} gives it. */
  readonly hash: string;
  /** The object; undefined: it is no Kubernetes object. */
  readonly content: JsonObject | undefined;
}

/** What a fleet was compiled to. */
export interface Written {
  /** Everything but the VMs. */
  readonly files: readonly WrittenFile[];
  /** The file of a VM; undefined: it is somebody else's, and not written. */
  readonly machineFile: (machine: AnalysedMachine) => { readonly path: string; readonly hash: string } | undefined;
}

/** The baseline of a compiled fleet. */
export function toBaseline(analysis: Analysis, written: Written): Baseline {
  const { fleet } = analysis;
  const objects = written.files.filter(({ path }) => !/(?:^|\/)kustomization\.yaml$/.test(path));
  const candidates = new CandidateNames(analysis);
  const requests = new RequestNames();
  return {
    origin: 'synth',
    fleet: fleet.name,
    cluster: clusterState(
      analysis,
      objects.filter(({ path }) => !path.startsWith('node-prep/')),
    ),
    units: analysis.units.map((unit) => unitState(analysis, unit, objects)),
    pools: fleet.nodePools.map((pool) => ({
      name: pool.name,
      unit: unitName(pool),
      mediated: pool.mediatedDevices.map((use): MediatedState => {
        const resource = analysis.resourceByDevice.get(use.device);
        const device = resource?.device;
        const type = device?.kind === 'mdev' ? (device.typeId ?? normalisedMdevName(device.typeName)) : use.device;
        return { type, resource: resource?.name, createdBy: use.createdBy, count: use.count };
      }),
      nodes: pool.nodes.flatMap(({ name }) => {
        const node = analysis.nodeByName.get(name);
        return node === undefined ? [] : [nodeState(analysis, node, pool)];
      }),
    })),
    machines: analysis.machines
      .map((machine): MachineState =>
        machineState(machine, written.machineFile(machine), candidates.of(machine), requests.of(machine)),
      )
      .sort(
        (a, b) =>
          compareNatural(a.namespace, b.namespace) || compareNatural(a.name, b.name) || compareNatural(a.kind, b.kind),
      ),
  };
}

function clusterState(analysis: Analysis, objects: readonly WrittenFile[]): ClusterState {
  const { nodePlatform, nodePlatformVersion, kubernetesVersion, kubevirt } = analysis.fleet.cluster;
  return {
    nodePlatform,
    nodePlatformVersion,
    kubernetesVersion,
    kubevirtVersion: kubevirt.version,
    featureGates: analysis.featureGates,
    permitted: permittedStates(analysis),
    disruptionPolicies: (analysis.current?.disruptionPolicies ?? []).map(({ of: { kind, name }, actions }) => ({
      of: kind,
      name,
      actions,
    })),
    objects: objects.map(toObjectState),
  };
}

function toObjectState({ path, hash, content }: WrittenFile): ObjectState {
  return { path, kind: textAt(content, 'kind'), name: textAt(content, 'metadata', 'name'), hash };
}

function textAt(value: JsonObject | undefined, ...path: readonly string[]): string {
  const text = jsonAt(value, ...path);
  return typeof text === 'string' ? text : '';
}

/** The allow-list, one entry for each selector. */
export function permittedStates({ permitted }: Pick<Analysis, 'permitted'>): PermittedState[] {
  return [...permitted].flatMap(([list, entries]) =>
    entries.map(({ entry, place }): PermittedState => {
      const resource = entry['resourceName'];
      return {
        list,
        selector: selectorOf(list, entry),
        resource: typeof resource === 'string' ? resource : '',
        external: entry['externalResourceProvider'] === true,
        ours: place !== undefined,
      };
    }),
  );
}

function selectorOf(list: PermittedState['list'], entry: JsonObject): string {
  const inWords = (value: JsonValue | undefined): string =>
    typeof value === 'string' ? value : JSON.stringify(value ?? null);
  switch (list) {
    case 'pciHostDevices':
      return inWords(entry['pciVendorSelector']).toLowerCase();
    case 'mediatedDevices':
      return normalisedMdevName(inWords(entry['mdevNameSelector']));
    case 'usb': {
      const selectors = entry['selectors'];
      const items = Array.isArray(selectors) ? (selectors as readonly JsonValue[]) : [];
      const ids = items.map((item) => `${inWords(jsonAt(item, 'vendor'))}:${inWords(jsonAt(item, 'product'))}`);
      return ids.join(' ').toLowerCase();
    }
  }
}

function unitState(analysis: Analysis, unit: PreparationUnit, objects: readonly WrittenFile[]): UnitState {
  const folder = `node-prep/${unit.name.replace(/[^A-Za-z0-9._-]/g, '-')}/`;
  const own = objects.filter(({ path }) => path.startsWith(folder));
  const configs: ConfigState[] = [];
  const others: ObjectState[] = [];
  for (const file of own) {
    const state = toObjectState(file);
    if (state.kind === 'MachineConfig' && file.content !== undefined) configs.push(toConfigState(state, file.content));
    else others.push(state);
  }
  const emitted = own.find(({ content }) => textAt(content, 'kind') === 'MachineConfigPool');
  return {
    name: unit.name,
    isCustom: unit.isCustom,
    maxUnavailable: maxUnavailableOf(emitted?.content) ?? liveMaxUnavailable(analysis, unit.name),
    liveNodeCount: unit.liveNodeCount,
    inheritedBy: unit.name === 'worker' ? heirsOfWorker(analysis) : [],
    configs: configs.sort((a, b) => (a.name < b.name ? -1 : 1)),
    kernelArguments: configs.length > 0 ? [] : unit.effects.kernelArguments.map(({ argument }) => argument),
    objects: others,
  };
}

function maxUnavailableOf(content: JsonObject | undefined): number | string | undefined {
  const value = jsonAt(content, 'spec', 'maxUnavailable');
  return typeof value === 'number' || typeof value === 'string' ? value : undefined;
}

function liveMaxUnavailable({ fleet }: Analysis, pool: string): number | string | undefined {
  const object = fleet.cluster.current?.find(({ kind, name }) => kind === 'MachineConfigPool' && name === pool);
  return maxUnavailableOf(object?.content);
}

/** The live custom pools that are none of the fleet's: what `worker` gets they get too. */
function heirsOfWorker({ current, units }: Analysis): UnitState['inheritedBy'] {
  const own = new Set(units.map(({ name }) => name));
  return [...(current?.machineConfigPools.values() ?? [])]
    .filter(({ name }) => !isStandardPool(name) && !own.has(name))
    .map(({ name, machineCount }) => ({ name, nodeCount: machineCount }))
    .sort((a, b) => compareNatural(a.name, b.name));
}

/** A node as one of its pools declares it. */
export function nodeState(analysis: Analysis, node: AnalysedNode, pool: NodePool): NodeState {
  const advertises = new Map<string, number | undefined>();
  for (const { resource, provided, count } of node.advertised) {
    if (resource.name === undefined) continue;
    const number = provided ?? count;
    const known = advertises.get(resource.name);
    const isKnown = number !== undefined && (known !== undefined || !advertises.has(resource.name));
    advertises.set(resource.name, isKnown ? number + (known ?? 0) : undefined);
  }
  for (const { name, count } of node.alsoAdvertised) if (!advertises.has(name)) advertises.set(name, count);
  return {
    name: node.name,
    advertises: new Map([...advertises].sort(([a], [b]) => compareNatural(a, b))),
    functions: functionStates(analysis, node, pool),
  };
}

function functionStates(analysis: Analysis, node: AnalysedNode, pool: NodePool): Map<string, FunctionState> {
  const resourceOf = (device: string): string | undefined => analysis.resourceByDevice.get(device)?.name;
  const states = new Map<string, FunctionState>();
  const parents = new Set(
    pool.mediatedDevices.flatMap(({ device }) => {
      const declared = analysis.deviceByName.get(device);
      return declared?.kind === 'mdev' && declared.parent?.id !== undefined ? [declared.parent.id] : [];
    }),
  );
  for (const { fact, bindings, driver } of node.functions) {
    const [binding] = bindings;
    if (binding !== undefined) {
      const resource = binding.role === 'device' ? resourceOf(binding.passthrough.device) : undefined;
      states.set(fact.address, { id: fact.id, driver, resource, by: binding.strategy });
    } else if (fact.id !== undefined && parents.has(fact.id)) {
      states.set(fact.address, { id: fact.id, driver, resource: undefined, by: 'mediated' });
    }
  }
  if (node.inventory !== undefined) return states;
  // without an inventory the declaration is all that is known
  for (const { device, addresses, binding } of pool.passthrough) {
    const listed =
      addresses.kind === 'every-node'
        ? addresses.addresses
        : addresses.kind === 'by-node'
          ? addresses.byNode.filter((one) => one.node === node.name).flatMap((one) => one.addresses)
          : [];
    const declared = analysis.deviceByName.get(device);
    const ids = declared?.kind === 'pci' ? declared.selectors.map(({ id }) => id) : [];
    for (const { address } of listed) {
      if (address === undefined) continue;
      states.set(address, {
        id: ids.length === 1 ? ids[0] : undefined,
        driver: 'vfio-pci',
        resource: resourceOf(device),
        by: binding === 'auto' ? 'address' : binding,
      });
    }
  }
  return states;
}

/** What the entries of a VM ask for. */
type Requested = Pick<MachineState, 'gpus' | 'hostDevices'>;

/** The same for the VMs of a fleet, of which thousands ask for the same. */
class RequestNames {
  private readonly known = new Map<MachineShape, Requested>();

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
function machineState(
  { machine, evictionStrategy }: AnalysedMachine,
  file: { readonly path: string; readonly hash: string } | undefined,
  candidates: readonly string[],
  requested: Requested,
): MachineState {
  return {
    path: file?.path,
    kind: machine.foreign?.kind ?? machine.kind,
    namespace: machine.namespace,
    name: machine.name,
    hash: file?.hash,
    gpus: requested.gpus,
    hostDevices: requested.hostDevices,
    candidates,
    evictionStrategy,
    restarts: restartsOf(machine.kind, machine.machine),
    replicas: replicasOf(machine.foreign?.content),
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

function replicasOf(content: JsonObject | undefined): number {
  const replicas = jsonAt(content, 'spec', 'replicas');
  return typeof replicas === 'number' && Number.isSafeInteger(replicas) && replicas >= 0 ? replicas : 1;
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
