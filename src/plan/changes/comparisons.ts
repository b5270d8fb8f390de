/*
 * What identifies a thing of each kind, and what of it is compared. A list whose order means nothing is compared sorted; where the order
 * means something (kernel arguments), as it stands.
 */
import { compareNatural } from '../../model';
import type { FunctionState, MachineState } from '../baseline/baseline';
import type { FieldValue, Subjects } from './change';
import type { Comparison } from './match';

type Fields = (readonly [string, FieldValue])[];

const sorted = (items: readonly string[]): string[] => [...items].sort(compareNatural);

/** Settings of the cluster. */
export const SETTINGS: Comparison<'setting'> = {
  kind: 'setting',
  keyOf: ({ name }) => `setting ${name}`,
  nameOf: ({ name }) => name,
  fieldsOf: ({ value }) => [['value', value]],
};

/** Feature gates; their order means nothing. */
export const GATES: Comparison<'gate'> = {
  kind: 'gate',
  keyOf: ({ name }) => `gate ${name}`,
  nameOf: ({ name }) => name,
  fieldsOf: () => [],
};

/** Entries of the allow-list: one that gets another resource name is renamed. */
export const PERMITTED: Comparison<'permitted'> = {
  kind: 'permitted',
  keyOf: ({ list, selector }) => `permitted ${list} ${selector}`,
  nameOf: ({ resource }) => resource,
  fieldsOf: ({ resource, external, ours }) => [
    ['resourceName', resource],
    ['externalResourceProvider', external],
    ['ours', ours],
  ],
  calledBy: 'resourceName',
};

/** Entries of the node disruption policy. */
export const POLICIES: Comparison<'policy'> = {
  kind: 'policy',
  keyOf: ({ of, name }) => `policy ${of} ${name}`,
  nameOf: ({ of, name }) => `${of} ${name}`,
  fieldsOf: ({ actions }) => [['actions', actions]],
};

/** What prepares nodes as one, but for its configs and objects. */
export const UNITS: Comparison<'unit'> = {
  kind: 'unit',
  keyOf: ({ name }) => `unit ${name}`,
  nameOf: ({ name }) => name,
  fieldsOf: ({ isCustom, platform, maxUnavailable, liveNodeCount, inheritedBy, kernelArguments }) => [
    ['isCustom', isCustom],
    ['nodePlatform', platform],
    ['maxUnavailable', maxUnavailable],
    ['liveNodeCount', liveNodeCount],
    ['inheritedBy', sorted(inheritedBy.map(({ name, nodeCount }) => `${name} ${nodeCount ?? '?'}`))],
    ['kernelArguments', kernelArguments],
  ],
  unknowable: new Set(['liveNodeCount', 'nodePlatform']),
};

/** MachineConfigs as the machine config daemon compares them, and their text. */
export const CONFIGS: Comparison<'config'> = {
  kind: 'config',
  keyOf: ({ unit, state }) => `config ${unit} ${state.name}`,
  nameOf: ({ state }) => state.name,
  fieldsOf: ({ state: { path, hash, role, kernelArguments, files, units, rest } }) => {
    const fields: Fields = [
      ['path', path === '' ? undefined : path],
      ['text', hash],
      ['role', role],
      ['kernelArguments', kernelArguments],
      ['rest', rest],
    ];
    for (const [file, entry] of files) fields.push([`file ${file}`, entry]);
    for (const [unit, entry] of units) fields.push([`unit ${unit}`, entry]);
    return fields;
  },
  unknowable: new Set(['text', 'path']),
};

/** Node pools. */
export const POOLS: Comparison<'pool'> = {
  kind: 'pool',
  keyOf: ({ name }) => `pool ${name}`,
  nameOf: ({ name }) => name,
  fieldsOf: ({ unit }) => [['unit', unit]],
};

/** Nodes, with what each advertises. */
export const NODES: Comparison<'node'> = {
  kind: 'node',
  keyOf: ({ state }) => `node ${state.name}`,
  nameOf: ({ state }) => state.name,
  fieldsOf: ({ pool, unit, state: { advertises } }) => {
    const fields: Fields = [
      ['pool', pool],
      ['unit', unit],
    ];
    for (const [resource, count] of advertises) fields.push([`advertises ${resource}`, count ?? 'not known']);
    return fields;
  },
};

/** Functions that are handed over. */
export const FUNCTIONS: Comparison<'function'> = {
  kind: 'function',
  keyOf: ({ node, address }) => `function ${node} ${address}`,
  nameOf: ({ node, address }) => `${address} on ${node}`,
  fieldsOf: ({ state: { id, driver, resource, by } }) => [
    ['id', id],
    ['driver', driverInWords(driver)],
    ['resource', resource],
    ['by', by],
  ],
  unknowable: new Set(['id', 'driver']),
};

function driverInWords(driver: FunctionState['driver']): string | undefined {
  return driver === null ? 'none' : driver;
}

/** Types of mediated devices on the nodes of a pool. */
export const MEDIATED: Comparison<'mediated'> = {
  kind: 'mediated',
  keyOf: ({ pool, state }) => `mediated ${pool} ${state.type}`,
  nameOf: ({ pool, state }) => `${state.type} on pool ${pool}`,
  fieldsOf: ({ state: { resource, createdBy, count } }) => [
    ['resource', resource],
    ['createdBy', createdBy],
    ['count', count],
  ],
};

/** Files of the output that are none of the others: one whose object gets another name (a Job's ends in a hash) is renamed. */
export const OBJECTS: Comparison<'object'> = {
  kind: 'object',
  keyOf: ({ state: { path, kind, name } }) => `object ${path === '' ? `${kind} ${name}` : path}`,
  nameOf: objectName,
  fieldsOf: (object) => [
    ['name', objectName(object)],
    ['text', object.state.hash],
    ['spec', object.state.spec],
    ['image', object.state.image],
  ],
  unknowable: new Set(['text', 'spec', 'image']),
  calledBy: 'name',
};

/** VMs: what they ask for and where they may be; `spec` is what takes effect at a restart only. */
export const MACHINES: Comparison<'machine'> = {
  kind: 'machine',
  keyOf: ({ namespace, name, kind }) => `machine ${namespace}/${name} ${kind}`,
  nameOf: machineName,
  fieldsOf: (machine) => [
    ['path', machine.path],
    ['text', machine.hash],
    ['gpus', sorted(machine.gpus)],
    ['hostDevices', sorted(machine.hostDevices)],
    ['nodes', sorted(machine.candidates)],
    ['evictionStrategy', machine.evictionStrategy],
    ['restarts', machine.restarts],
    ['isHalted', machine.isHalted],
    ['replicas', machine.replicas],
    ['guest memory', machine.guestMemory],
    ['sockets', machine.sockets],
    ['spec', machine.restartHash],
  ],
  unknowable: new Set(['text', 'spec', 'restarts', 'isHalted', 'path', 'guest memory', 'sockets']),
};

/** `Job lab-gate-kubevirt`, or the path of a file that is no object. */
function objectName({ state: { path, kind, name } }: Subjects['object']): string {
  return kind === '' || name === '' ? path : `${kind} ${name}`;
}

/** `training/train-7`. */
export function machineName({ namespace, name }: Pick<MachineState, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}

/** The settings of a cluster that are compared. */
export function settingsOf(cluster: Readonly<Record<string, string | undefined>>): Subjects['setting'][] {
  return Object.entries(cluster).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [{ name, value }],
  );
}
