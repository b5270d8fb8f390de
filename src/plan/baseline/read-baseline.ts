import { accepted, compareNatural, isJsonObject, refused, type JsonObject, type Parsed } from '../../model';
import type {
  Baseline,
  ClusterState,
  ConfigState,
  DisruptionPolicyState,
  FunctionState,
  MachineState,
  MediatedState,
  NodeState,
  ObjectState,
  PermittedState,
  PoolState,
  UnitState,
} from './baseline';
import {
  count,
  field,
  flag,
  listOf,
  Malformed,
  mapOf,
  nullable,
  oneOf,
  optional,
  otherwise,
  record,
  text,
  type Decoder,
} from './decode';
import { BASELINE_API, CLUSTER_FILE } from './format-baseline';

/**
 * Reads the files of one baseline by their path below its folder: `cluster.json`, `node-pools/storage.json`.
 *
 * They come from another branch or from a folder, so nothing is taken on trust: what has another form is refused.
 *
 * @returns the baseline; the reason otherwise, with the file. Never throws.
 */
export function readBaseline(files: ReadonlyMap<string, string>): Parsed<Baseline> {
  let cluster: { readonly fleet: string; readonly state: ClusterState } | undefined;
  const units: UnitState[] = [];
  const pools: PoolState[] = [];
  const machines: MachineState[] = [];
  for (const [path, content] of files) {
    if (!path.endsWith('.json')) continue;
    try {
      const document = parseDocument(content);
      const fleet = field(document, 'fleet', text, '$');
      switch (field(document, 'kind', oneOf(...KINDS), '$')) {
        case 'BaselineCluster':
          if (path === CLUSTER_FILE) cluster = { fleet, state: clusterOf(document) };
          break;
        case 'BaselineNodePreparation':
          units.push(unitOf(document));
          break;
        case 'BaselineNodePool':
          pools.push(poolOf(document));
          break;
        case 'BaselineNamespace':
          machines.push(...machinesOf(document));
          break;
      }
    } catch (error) {
      if (error instanceof Malformed) return refused(`${path}: ${error.message}`);
      throw error;
    }
  }
  if (cluster === undefined) return refused(`there is no ${CLUSTER_FILE}`);
  const twice = repeated(units) ?? repeated(pools);
  if (twice !== undefined) return refused(`${twice} is there twice`);
  return accepted({
    origin: 'synth',
    fleet: cluster.fleet,
    cluster: cluster.state,
    units: units.sort((a, b) => compareNatural(a.name, b.name)),
    pools: pools.sort((a, b) => compareNatural(a.name, b.name)),
    machines: machines.sort(
      (a, b) =>
        compareNatural(a.namespace, b.namespace) || compareNatural(a.name, b.name) || compareNatural(a.kind, b.kind),
    ),
  });
}

const KINDS = ['BaselineCluster', 'BaselineNodePreparation', 'BaselineNodePool', 'BaselineNamespace'] as const;

function parseDocument(content: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    throw new Malformed('it is no JSON');
  }
  if (!isJsonObject(value)) throw new Malformed('it is no map');
  if (value['apiVersion'] !== BASELINE_API)
    throw new Malformed(`its \`apiVersion\` is not ${BASELINE_API}: another release of hostdev wrote it`);
  return value;
}

function repeated(named: readonly { readonly name: string }[]): string | undefined {
  const names = new Set<string>();
  return named.find(({ name }) => names.size === names.add(name).size)?.name;
}

const objectState: Decoder<ObjectState> = (value, at) => {
  const owner = record(value, at);
  return {
    path: field(owner, 'path', text, at),
    kind: field(owner, 'kind', text, at),
    name: field(owner, 'name', text, at),
    hash: field(owner, 'hash', optional(text), at),
    spec: field(owner, 'spec', optional(text), at),
    image: field(owner, 'image', optional(text), at),
    updateStrategy: field(owner, 'updateStrategy', optional(text), at),
  };
};

const permittedState: Decoder<PermittedState> = (value, at) => {
  const owner = record(value, at);
  return {
    list: field(owner, 'list', oneOf('pciHostDevices', 'mediatedDevices', 'usb'), at),
    selector: field(owner, 'selector', text, at),
    resource: field(owner, 'resource', text, at),
    external: field(owner, 'external', flag, at),
    ours: field(owner, 'ours', flag, at),
  };
};

const policyState: Decoder<DisruptionPolicyState> = (value, at) => {
  const owner = record(value, at);
  return {
    of: field(owner, 'of', oneOf('file', 'unit'), at),
    name: field(owner, 'name', text, at),
    actions: field(owner, 'actions', listOf(text), at),
  };
};

function clusterOf(document: JsonObject): ClusterState {
  return {
    nodePlatform: field(document, 'nodePlatform', text, '$') as ClusterState['nodePlatform'],
    nodePlatformVersion: field(document, 'nodePlatformVersion', optional(text), '$'),
    kubernetesVersion: field(document, 'kubernetesVersion', optional(text), '$'),
    kubevirtVersion: field(document, 'kubevirtVersion', text, '$'),
    featureGates: field(document, 'featureGates', listOf(text), '$'),
    mediatedHandling: field(document, 'mediatedHandling', optional(oneOf('on', 'off')), '$'),
    gitopsTool: field(document, 'gitopsTool', optional(text), '$'),
    gitopsReboots: field(document, 'gitopsReboots', optional(text), '$'),
    liveUpdates: field(document, 'liveUpdates', optional(flag), '$'),
    permitted: field(document, 'permitted', otherwise(listOf(permittedState), []), '$'),
    disruptionPolicies: field(document, 'disruptionPolicies', otherwise(listOf(policyState), []), '$'),
    objects: field(document, 'objects', otherwise(listOf(objectState), []), '$'),
  };
}

const configState: Decoder<ConfigState> = (value, at) => {
  const owner = record(value, at);
  return {
    ...objectState(value, at),
    role: field(owner, 'role', text, at),
    kernelArguments: field(owner, 'kernelArguments', listOf(text), at),
    files: field(owner, 'files', mapOf(text), at),
    units: field(owner, 'units', mapOf(text), at),
    rest: field(owner, 'rest', text, at),
  };
};

const heir: Decoder<UnitState['inheritedBy'][number]> = (value, at) => {
  const owner = record(value, at);
  return { name: field(owner, 'name', text, at), nodeCount: field(owner, 'nodeCount', optional(count), at) };
};

const countOrPercentage: Decoder<number | string> = (value, at) =>
  typeof value === 'string' ? text(value, at) : count(value, at);

function unitOf(document: JsonObject): UnitState {
  return {
    name: field(document, 'name', text, '$'),
    isCustom: field(document, 'isCustom', flag, '$'),
    platform: field(document, 'nodePlatform', optional(text), '$') as UnitState['platform'],
    maxUnavailable: field(document, 'maxUnavailable', optional(countOrPercentage), '$'),
    liveNodeCount: field(document, 'liveNodeCount', optional(count), '$'),
    isPaused: field(document, 'isPaused', optional(flag), '$'),
    inheritedBy: field(document, 'inheritedBy', otherwise(listOf(heir), []), '$'),
    configs: field(document, 'configs', otherwise(listOf(configState), []), '$'),
    kernelArguments: field(document, 'kernelArguments', otherwise(listOf(text), []), '$'),
    objects: field(document, 'objects', otherwise(listOf(objectState), []), '$'),
  };
}

const mediatedState: Decoder<MediatedState> = (value, at) => {
  const owner = record(value, at);
  return {
    type: field(owner, 'type', text, at),
    resource: field(owner, 'resource', optional(text), at),
    createdBy: field(owner, 'createdBy', text, at),
    count: field(owner, 'count', optional(count), at),
  };
};

const functionState: Decoder<FunctionState> = (value, at) => {
  const owner = record(value, at);
  return {
    id: field(owner, 'id', optional(text), at),
    driver: field(owner, 'driver', optional(nullable(text)), at),
    resource: field(owner, 'resource', optional(text), at),
    by: field(owner, 'by', text, at),
    group: field(owner, 'group', optional(count), at),
  };
};

const NO_FUNCTIONS: NodeState['functions'] = new Map();

const nodeState: Decoder<NodeState> = (value, at) => {
  const owner = record(value, at);
  const advertises = field(owner, 'advertises', mapOf(nullable(count)), at);
  return {
    name: field(owner, 'name', text, at),
    advertises: new Map([...advertises].map(([resource, number]) => [resource, number ?? undefined])),
    functions: field(owner, 'functions', otherwise(mapOf(functionState), NO_FUNCTIONS), at),
  };
};

function poolOf(document: JsonObject): PoolState {
  return {
    name: field(document, 'name', text, '$'),
    unit: field(document, 'unit', text, '$'),
    mediated: field(document, 'mediated', otherwise(listOf(mediatedState), []), '$'),
    nodes: field(document, 'nodes', otherwise(listOf(nodeState), []), '$'),
  };
}

function machinesOf(document: JsonObject): readonly MachineState[] {
  const namespace = field(document, 'name', text, '$');
  const machine: Decoder<MachineState> = (value, at) => {
    const owner = record(value, at);
    return {
      namespace,
      name: field(owner, 'name', text, at),
      kind: field(owner, 'kind', text, at),
      path: field(owner, 'path', optional(text), at),
      hash: field(owner, 'hash', optional(text), at),
      gpus: field(owner, 'gpus', otherwise(listOf(text), []), at),
      hostDevices: field(owner, 'hostDevices', otherwise(listOf(text), []), at),
      candidates: field(owner, 'on', listOf(text), at),
      evictionStrategy: field(owner, 'eviction', text, at),
      restarts: field(owner, 'restarts', optional(flag), at),
      isHalted: field(owner, 'halted', otherwise(flag, false), at),
      replicas: field(owner, 'replicas', otherwise(count, 1), at),
      guestMemory: field(owner, 'memory', optional(text), at),
      sockets: field(owner, 'sockets', optional(count), at),
      restartHash: field(owner, 'spec', optional(text), at),
    };
  };
  return field(document, 'virtualMachines', listOf(machine), '$');
}
