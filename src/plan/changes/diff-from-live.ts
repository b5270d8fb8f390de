import type { Baseline } from '../baseline/baseline';
import type { Change, ChangeKind, FieldValue, Subjects } from './change';
import { CONFIGS, FUNCTIONS, GATES, MACHINES, NODES, OBJECTS, PERMITTED, UNITS, MEDIATED } from './comparisons';
import { configs, functions, gates, mediated, nodes, objects } from './enumerate';
import { matchSubjects, type Comparison } from './match';

/**
 * What applying a fleet to live objects changes. What they do not show is not compared, and what the fleet does not write belongs to
 * others and stays; lists that have one owner are replaced whole, so what is missing in the fleet's is removed.
 */
export function diffFromLive(live: Baseline, fleet: Baseline): Change[] {
  const replacesConfiguration = fleet.cluster.objects.some(({ kind }) => kind === 'KubeVirt');
  return [
    ...matchSubjects(GATES, gates(live), gates(fleet)).filter((one) => one.sign === 'added' || replacesConfiguration),
    ...matchSubjects(
      limited(PERMITTED, 'resourceName', 'externalResourceProvider'),
      live.cluster.permitted,
      fleet.cluster.permitted,
    ),
    ...matchSubjects({ ...UNITS, unknowable: UNKNOWN_OF_UNITS }, live.units, fleet.units).filter(isOurs),
    ...matchSubjects(CONFIGS, configs(live), configs(fleet)).filter(isOurs),
    ...matchSubjects(limited(NODES, 'unit'), nodes(live), nodes(fleet)).filter(
      // without any Node nothing is known of them
      (one) => isOurs(one) && live.pools.some((pool) => pool.nodes.length > 0),
    ),
    ...matchSubjects(limited(FUNCTIONS, 'driver', 'resource'), functions(live), functions(fleet)).filter(isOurs),
    ...matchSubjects(MEDIATED, [], withoutLive(live, fleet)),
    ...matchSubjects({ ...OBJECTS, keyOf: objectKey }, objects(live), objects(fleet)).filter(isOurs),
    ...matchSubjects(limited(MACHINES, 'gpus', 'hostDevices', 'replicas'), live.machines, fleet.machines).filter(
      isOurs,
    ),
  ];
}

const UNKNOWN_OF_UNITS = new Set(['isCustom', 'nodePlatform', 'maxUnavailable', 'liveNodeCount', 'inheritedBy']);

function isOurs({ sign }: Pick<Change, 'sign'>): boolean {
  return sign !== 'removed';
}

/** A comparison of some fields only: of others the live object shows what webhooks filled in, or nothing. */
function limited<K extends ChangeKind>(comparison: Comparison<K>, ...fields: readonly string[]): Comparison<K> {
  const fieldsOf = (subject: Subjects[K]): (readonly [string, FieldValue])[] =>
    [...comparison.fieldsOf(subject)].filter(([field]) => fields.includes(field));
  return { ...comparison, fieldsOf };
}

/** The types of a fleet that virt-handler does not make on all nodes of their pool yet. */
function withoutLive(live: Baseline, fleet: Baseline): Subjects['mediated'][] {
  const typesByNode = new Map(
    live.pools.flatMap((pool) =>
      pool.nodes.map(({ name }) => [name, new Set(pool.mediated.map(({ type }) => type))] as const),
    ),
  );
  const nodesByPool = new Map(fleet.pools.map((pool) => [pool.name, pool.nodes]));
  return mediated(fleet).filter(
    ({ pool, state }) =>
      !(nodesByPool.get(pool) ?? []).every(({ name }) => typesByNode.get(name)?.has(state.type) === true),
  );
}

/** A live object has no file. */
function objectKey({ state: { path, kind, name } }: Subjects['object']): string {
  return kind === '' || name === '' ? `object ${path}` : `object ${kind} ${name}`;
}
