import type { Baseline, ConfigState, FunctionState, MachineState, NodeState, ObjectState, UnitState } from './baseline';
import { byNamespace } from './machine-state';

/** A file of the baseline: its path below the output folder, its text, and the part of the model that it is about. */
export interface BaselineFile {
  readonly path: string;
  readonly text: string;
  readonly modelPath: string;
}

/** The folder that a baseline is written to. */
export const BASELINE_FOLDER = 'baseline';

/** The file without which there is no baseline. */
export const CLUSTER_FILE = 'cluster.json';

/** The form of the files; one that is written otherwise gets another. */
export const BASELINE_API = 'hostdev/v1alpha1';

/**
 * The files of a baseline: `cluster.json`, and one for each unit, node pool and namespace. One entry a line, so that a diff reads
 * and merges, and one more node or VM is one more line.
 */
export function formatBaseline(baseline: Baseline): BaselineFile[] {
  const { fleet, cluster, units, pools, machines } = baseline;
  const taken = new Set<string>();
  const file = (folder: string, name: string, modelPath: string, text: string): BaselineFile => {
    const word = safeWord(name);
    let path = `${BASELINE_FOLDER}/${folder}/${word}.json`;
    for (let number = 2; taken.has(path.toLowerCase()); number++)
      path = `${BASELINE_FOLDER}/${folder}/${word}.${number}.json`;
    taken.add(path.toLowerCase());
    return { path, text, modelPath };
  };
  return [
    {
      path: `${BASELINE_FOLDER}/${CLUSTER_FILE}`,
      modelPath: 'cluster',
      text: documentOf('BaselineCluster', fleet, {
        nodePlatform: cluster.nodePlatform,
        nodePlatformVersion: cluster.nodePlatformVersion,
        kubernetesVersion: cluster.kubernetesVersion,
        kubevirtVersion: cluster.kubevirtVersion,
        featureGates: cluster.featureGates,
        mediatedHandling: cluster.mediatedHandling,
        gitopsTool: cluster.gitopsTool,
        gitopsReboots: cluster.gitopsReboots,
        liveUpdates: cluster.liveUpdates,
        permitted: lines(cluster.permitted),
        disruptionPolicies: lines(cluster.disruptionPolicies),
        objects: lines(cluster.objects.map(toObject)),
      }),
    },
    ...units.map((unit) => file('node-prep', unit.name, `nodePrep.${unit.name}`, unitDocument(fleet, unit))),
    ...pools.map((pool) =>
      file(
        'node-pools',
        pool.name,
        `nodePools.${pool.name}`,
        documentOf('BaselineNodePool', fleet, {
          name: pool.name,
          unit: pool.unit,
          mediated: lines(pool.mediated),
          nodes: lines(pool.nodes.map(toNode)),
        }),
      ),
    ),
    ...byNamespace(machines).map(([namespace, own]) =>
      file(
        'namespaces',
        namespace,
        '',
        documentOf('BaselineNamespace', fleet, { name: namespace, virtualMachines: lines(own.map(toMachine)) }),
      ),
    ),
  ];
}

function unitDocument(fleet: string, unit: UnitState): string {
  return documentOf('BaselineNodePreparation', fleet, {
    name: unit.name,
    isCustom: unit.isCustom,
    nodePlatform: unit.platform,
    maxUnavailable: unit.maxUnavailable,
    liveNodeCount: unit.liveNodeCount,
    isPaused: unit.isPaused,
    inheritedBy: lines(unit.inheritedBy),
    kernelArguments: unit.kernelArguments.length === 0 ? undefined : unit.kernelArguments,
    configs: lines(unit.configs.map(toConfig)),
    objects: lines(unit.objects.map(toObject)),
  });
}

function toObject({ path, kind, name, hash, spec, image, updateStrategy }: ObjectState): object {
  return { path, kind, name, hash, spec, image, updateStrategy };
}

function toConfig({ path, kind, name, hash, role, kernelArguments, files, units, rest }: ConfigState): object {
  return {
    path,
    kind,
    name,
    hash,
    role,
    kernelArguments,
    files: Object.fromEntries(files),
    units: Object.fromEntries(units),
    rest,
  };
}

function toNode({ name, advertises, functions }: NodeState): object {
  return {
    name,
    advertises: Object.fromEntries([...advertises].map(([resource, number]) => [resource, number ?? null])),
    ...(functions.size === 0
      ? {}
      : { functions: Object.fromEntries([...functions].map(([address, one]) => [address, toFunction(one)])) }),
  };
}

function toFunction({ id, driver, resource, by, group }: FunctionState): object {
  return { id, driver, resource, by, group };
}

/** What is nearly always the same is left out: there are thousands of lines. */
function toMachine(machine: MachineState): object {
  const { name, kind, path, hash, gpus, hostDevices, candidates, evictionStrategy, restarts, isHalted } = machine;
  const { replicas, guestMemory, sockets, restartHash } = machine;
  return {
    name,
    kind,
    path,
    hash,
    gpus: gpus.length === 0 ? undefined : gpus,
    hostDevices: hostDevices.length === 0 ? undefined : hostDevices,
    on: candidates,
    eviction: evictionStrategy,
    restarts,
    halted: isHalted === true ? true : undefined,
    replicas: replicas === 1 ? undefined : replicas,
    memory: guestMemory,
    sockets,
    spec: restartHash,
  };
}

/** Entries to be written one a line. */
class Lines {
  readonly entries: readonly object[];

  constructor(entries: readonly object[]) {
    this.entries = entries;
  }
}

function lines(entries: readonly object[]): Lines | undefined {
  return entries.length === 0 ? undefined : new Lines(entries);
}

type FieldValue = Lines | string | number | boolean | readonly string[] | undefined;

function documentOf(kind: string, fleet: string, fields: Readonly<Record<string, FieldValue>>): string {
  const written = Object.entries<FieldValue>({ apiVersion: BASELINE_API, kind, fleet, ...fields }).flatMap(
    ([key, value]) => {
      if (value === undefined) return [];
      const text =
        value instanceof Lines
          ? `[\n${value.entries.map((entry) => `    ${JSON.stringify(entry)}`).join(',\n')}\n  ]`
          : JSON.stringify(value);
      return [`  ${JSON.stringify(key)}: ${text}`];
    },
  );
  return `{\n${written.join(',\n')}\n}\n`;
}

/** Names are DNS names by the time they arrive here; whatever else they hold is replaced, so that no file leaves its folder. */
function safeWord(word: string): string {
  const safe = word.replace(/[^A-Za-z0-9._-]/g, '-');
  return /^\.*$/.test(safe) ? `-${safe}` : safe;
}
