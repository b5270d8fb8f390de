import {
  liveKubeVirt,
  liveMediatedSettings,
  unitName,
  type AnalysedMachine,
  type AnalysedNode,
  type Analysis,
  type PreparationUnit,
} from '../../analysis';
import { behaves, hyperConvergedGate, normalisedMdevName, parseKubeVirtVersion } from '../../kubevirt';
import {
  compareNatural,
  groupBy,
  isJsonObject,
  jsonAt,
  type JsonObject,
  type JsonValue,
  type NodePool,
} from '../../model';
import { isStandardPool, listAt } from '../../openshift';
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
import { hashOf } from './hashes';
import { MachineStates } from './machine-state';

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
  const machines = new MachineStates(analysis);
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
    machines: inOrder(analysis.machines.map((machine) => machines.of(machine, written.machineFile(machine)))),
  };
}

/** By namespace, name and kind. VMs of one namespace come nearly in order already, which a sort of them alone is quick to see. */
function inOrder(machines: readonly MachineState[]): MachineState[] {
  return [...groupBy(machines, ({ namespace }) => namespace).values()]
    .sort(([a], [b]) => compareNatural(a?.namespace ?? '', b?.namespace ?? ''))
    .flatMap((own) => own.sort((a, b) => compareNatural(a.name, b.name) || compareNatural(a.kind, b.kind)));
}

function clusterState(analysis: Analysis, objects: readonly WrittenFile[]): ClusterState {
  const { nodePlatform, nodePlatformVersion, kubernetesVersion, kubevirt } = analysis.fleet.cluster;
  return {
    nodePlatform,
    nodePlatformVersion,
    kubernetesVersion,
    kubevirtVersion: kubevirt.version,
    featureGates: writtenGates(analysis, objects),
    mediatedHandling: mediatedHandling(analysis),
    gitopsTool: analysis.fleet.cluster.gitops?.tool ?? 'none',
    gitopsReboots: analysis.fleet.cluster.gitops?.reboots,
    liveUpdates: liveUpdates(analysis),
    permitted: permittedStates(analysis),
    disruptionPolicies: (analysis.current?.disruptionPolicies ?? []).map(({ of: { kind, name }, actions }) => ({
      of: kind,
      name,
      actions,
    })),
    objects: objects.map(toObjectState),
  };
}

/**
 * The gates that KubeVirt's object lists, those of the live one that are kept included; elsewhere those that the fleet needs, without
 * those that HyperConverged has on whatever it says: no merge changes them.
 */
function writtenGates({ fleet, featureGates }: Analysis, objects: readonly WrittenFile[]): readonly string[] {
  const kubevirt = objects.find(({ content }) => textAt(content, 'kind') === 'KubeVirt')?.content;
  const path = ['spec', 'configuration', 'developerConfiguration', 'featureGates'];
  const listed = listAt(kubevirt, ...path).filter((gate): gate is string => typeof gate === 'string');
  if (listed.length > 0) return listed;
  const { managedBy, version } = fleet.cluster.kubevirt;
  const parsed = parseKubeVirtVersion(version);
  if (managedBy !== 'hyperconverged' || !parsed.ok) return featureGates;
  return featureGates.filter((gate) => hyperConvergedGate(parsed.value, gate).kind !== 'on');
}

/**
 * Whether virt-handler makes and removes mediated devices: the field counts before the gate.
 *
 * @see https://github.com/kubevirt/kubevirt/blob/d923fdb815/pkg/virt-config/virt-config.go (MediatedDevicesHandlingDisabled)
 */
export function mediatedHandling({ fleet, featureGates, mediatedHandlingOff }: Analysis): 'on' | 'off' {
  if (mediatedHandlingOff !== undefined) return 'off';
  const enabled = liveMediatedSettings(fleet)?.['enabled'];
  if (typeof enabled === 'boolean') return enabled ? 'on' : 'off';
  return featureGates.includes('DisableMDEVConfiguration') ? 'off' : 'on';
}

/**
 * Whether virt-controller changes what it can of VMs that run, as the live object says or else by default.
 *
 * @see https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-config/virt-config.go (DefaultVMRolloutStrategy)
 */
export function liveUpdates({ fleet }: Analysis): boolean {
  const stated = jsonAt(liveKubeVirt(fleet)?.content, 'spec', 'configuration', 'vmRolloutStrategy');
  if (typeof stated === 'string') return stated === 'LiveUpdate';
  const version = parseKubeVirtVersion(fleet.cluster.kubevirt.version);
  return version.ok && behaves(version.value, 'live-update-by-default');
}

/** Kinds of which only what they say in `spec` decides whether nodes reboot. */
const COMPARED_BY_SPEC: ReadonlySet<string> = new Set(['KubeletConfig', 'MachineConfigPool']);

/** One file as a baseline keeps it. */
export function toObjectState({
  path,
  hash,
  content,
}: Pick<WrittenFile, 'path' | 'content'> & { readonly hash: string | undefined }): ObjectState {
  const kind = textAt(content, 'kind');
  const state: ObjectState = { path, kind, name: textAt(content, 'metadata', 'name'), hash };
  if (COMPARED_BY_SPEC.has(kind)) return { ...state, spec: hashOf(specOf(content)) };
  if (kind !== 'DaemonSet') return state;
  const updateStrategy = textAt(content, 'spec', 'updateStrategy', 'type');
  return { ...state, image: imagesOf(content), ...(updateStrategy === '' ? {} : { updateStrategy }) };
}

/** The render controller writes `configuration`, and people pause pools. */
function specOf(content: JsonObject | undefined): JsonObject {
  const spec = content?.['spec'];
  if (!isJsonObject(spec)) return {};
  const { configuration: _configuration, paused: _paused, ...rest } = spec;
  return rest;
}

function imagesOf(content: JsonObject | undefined): string {
  const template = ['spec', 'template', 'spec'];
  const containers = [...listAt(content, ...template, 'initContainers'), ...listAt(content, ...template, 'containers')];
  return containers.map((container) => textAt(container, 'image')).join(' ');
}

function textAt(value: JsonValue | undefined, ...path: readonly string[]): string {
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
    platform: unit.platform,
    maxUnavailable: maxUnavailableOf(emitted?.content) ?? maxUnavailableOf(livePool(analysis, unit.name)),
    liveNodeCount: unit.liveNodeCount,
    isPaused: isPausedPool(livePool(analysis, unit.name)),
    inheritedBy: unit.name === 'worker' ? heirsOfWorker(analysis) : [],
    configs: configs.sort((a, b) => (a.name < b.name ? -1 : 1)),
    kernelArguments: configs.length > 0 ? [] : unit.effects.kernelArguments.map(({ argument }) => argument),
    objects: others,
  };
}

/** Whether a live MachineConfigPool is paused; undefined where there is none to look at. */
export function isPausedPool(content: JsonObject | undefined): boolean | undefined {
  return content === undefined ? undefined : jsonAt(content, 'spec', 'paused') === true;
}

function maxUnavailableOf(content: JsonObject | undefined): number | string | undefined {
  const value = jsonAt(content, 'spec', 'maxUnavailable');
  return typeof value === 'number' || typeof value === 'string' ? value : undefined;
}

function livePool({ fleet }: Analysis, pool: string): JsonObject | undefined {
  return fleet.cluster.current?.find(({ kind, name }) => kind === 'MachineConfigPool' && name === pool)?.content;
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
    const group = fact.iommuGroup ?? undefined;
    if (binding !== undefined) {
      const resource = binding.role === 'device' ? resourceOf(binding.passthrough.device) : undefined;
      states.set(fact.address, { id: fact.id, driver, resource, by: binding.strategy, group });
    } else if (fact.id !== undefined && parents.has(fact.id)) {
      states.set(fact.address, { id: fact.id, driver, resource: undefined, by: 'mediated', group });
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
