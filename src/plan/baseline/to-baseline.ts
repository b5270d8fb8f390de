import { unitName, type AnalysedMachine, type Analysis, type PreparationUnit } from '../../analysis';
import { normalisedMdevName } from '../../kubevirt';
import { compareNatural, jsonAt, type JsonObject } from '../../model';
import { isStandardPool } from '../../openshift';
import type { Baseline, ConfigState, MachineState, MediatedState, ObjectState, UnitState } from './baseline';
import { clusterState } from './cluster-state';
import { toConfigState } from './config-state';
import { byNamespace, MachineStates } from './machine-state';
import { nodeState } from './node-state';
import { textAt, toObjectState, type WrittenFile } from './object-state';

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
  return byNamespace(machines).flatMap(([, own]) =>
    own.sort((a, b) => compareNatural(a.name, b.name) || compareNatural(a.kind, b.kind)),
  );
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
