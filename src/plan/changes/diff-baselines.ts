import { compareText } from '../../model';
import type { Baseline, ConfigState, ObjectState } from '../baseline/baseline';
import { isAbout, type Change, type ChangeOf, type Subjects } from './change';
import {
  CONFIGS,
  FUNCTIONS,
  GATES,
  MACHINES,
  MEDIATED,
  NODES,
  OBJECTS,
  PERMITTED,
  POLICIES,
  POOLS,
  settingsOf,
  SETTINGS,
  UNITS,
} from './comparisons';
import { matchSubjects, type Comparison } from './match';

/**
 * What differs between two baselines, each thing once, in a fixed order. Nothing where they are alike; the same turned around where they
 * change places.
 *
 * What live objects do not show is not compared: what others own there is neither added nor removed.
 */
export function diffBaselines(before: Baseline, after: Baseline): Change[] {
  const isLive = before.origin === 'live' || after.origin === 'live';
  const machines = isLive ? { ...MACHINES, fieldsOf: liveMachineFields } : MACHINES;
  const changes: Change[] = [
    ...matchSubjects(SETTINGS, settings(before), settings(after)).filter(({ sign }) => !isLive || sign === 'changed'),
    ...matchSubjects(GATES, gates(before), gates(after)),
    ...matchSubjects(PERMITTED, before.cluster.permitted, after.cluster.permitted).filter(
      (change) => !isLive || change.sign !== 'changed' || change.fields.some(({ field }) => field !== 'ours'),
    ),
    ...matchSubjects(POLICIES, before.cluster.disruptionPolicies, after.cluster.disruptionPolicies),
    ...matchSubjects(UNITS, before.units, after.units),
    ...withRenamedConfigs(matchSubjects(CONFIGS, configs(before), configs(after))),
    ...withRenamedPools(matchSubjects(POOLS, before.pools, after.pools)),
    ...matchSubjects(NODES, nodes(before), nodes(after)),
    ...matchSubjects(FUNCTIONS, functions(before), functions(after)),
    ...matchSubjects(MEDIATED, mediated(before), mediated(after)),
    ...matchSubjects(OBJECTS, objects(before), objects(after)),
    ...matchSubjects(machines, before.machines, after.machines),
  ];
  return isLive ? changes.filter((change) => !isOthers(change, before)) : changes;
}

/** A live object that the fleet does not write belongs to others, and stays. */
function isOthers(change: Change, before: Baseline): boolean {
  const sign = before.origin === 'live' ? 'removed' : 'added';
  if (change.sign !== sign) return false;
  return change.kind !== 'permitted' && change.kind !== 'gate' && change.kind !== 'mediated';
}

/** Of a live VM, what it asks for: placement and strategies are filled in by webhooks, and its text is none of ours. */
function liveMachineFields(machine: Subjects['machine']): ReturnType<Comparison<'machine'>['fieldsOf']> {
  const compared = new Set(['gpus', 'hostDevices', 'replicas']);
  return [...MACHINES.fieldsOf(machine)].filter(([field]) => compared.has(field));
}

function settings({ cluster, fleet, origin }: Baseline): Subjects['setting'][] {
  const { nodePlatform, nodePlatformVersion, kubernetesVersion, kubevirtVersion, mediatedHandling } = cluster;
  return settingsOf({
    ...(origin === 'live' ? {} : { fleet }),
    nodePlatform,
    nodePlatformVersion,
    kubernetesVersion,
    kubevirtVersion,
    mediatedHandling,
  });
}

function gates({ cluster }: Baseline): Subjects['gate'][] {
  return cluster.featureGates.map((name) => ({ name }));
}

function configs({ units }: Baseline): Subjects['config'][] {
  return units.flatMap(({ name: unit, configs: own }) => own.map((state) => ({ unit, state })));
}

function nodes({ pools }: Baseline): Subjects['node'][] {
  return pools.flatMap(({ name: pool, unit, nodes: own }) => own.map((state) => ({ pool, unit, state })));
}

function functions({ pools }: Baseline): Subjects['function'][] {
  return pools.flatMap(({ nodes: own }) =>
    own.flatMap(({ name: node, functions: all }) => [...all].map(([address, state]) => ({ node, address, state }))),
  );
}

function mediated({ pools }: Baseline): Subjects['mediated'][] {
  return pools.flatMap(({ name: pool, mediated: own }) => own.map((state) => ({ pool, state })));
}

function objects({ cluster, units }: Baseline): Subjects['object'][] {
  const inUnit = (unit: string | undefined, states: readonly ObjectState[]): Subjects['object'][] =>
    states.map((state) => ({ unit, state }));
  return [...inUnit(undefined, cluster.objects), ...units.flatMap(({ name, objects: own }) => inUnit(name, own))];
}

/** A config that is gone and one that is new with the same content, in the same unit: it has another name. */
function withRenamedConfigs(changes: readonly ChangeOf<'config'>[]): ChangeOf<'config'>[] {
  return withRenamed(changes, ({ unit, state }) => `${unit} ${contentOf(state)}`, CONFIGS.nameOf, CONFIGS.fieldsOf);
}

/** What a config does, without its name. */
export function contentOf({ kernelArguments, files, units, rest }: ConfigState): string {
  const entries = (map: ReadonlyMap<string, string>): string[] =>
    [...map].map(([key, entry]) => `${key} ${entry}`).sort(compareText);
  return JSON.stringify([kernelArguments, entries(files), entries(units), rest]);
}

/** A pool that is gone and one that is new with the same nodes: it has another name. */
function withRenamedPools(changes: readonly ChangeOf<'pool'>[]): ChangeOf<'pool'>[] {
  const nodesOf = ({ nodes: own, name }: Subjects['pool']): string =>
    own.length === 0
      ? `pool ${name}`
      : own
          .map((node) => node.name)
          .sort(compareText)
          .join(' ');
  return withRenamed(changes, nodesOf, POOLS.nameOf, POOLS.fieldsOf);
}

/** Pairs what is removed with what is added and means the same, in the order of their names. */
function withRenamed<K extends 'config' | 'pool'>(
  changes: readonly ChangeOf<K>[],
  meaningOf: (subject: Subjects[K]) => string,
  nameOf: (subject: Subjects[K]) => string,
  fieldsOf: Comparison<K>['fieldsOf'],
): ChangeOf<K>[] {
  const added = new Map<string, ChangeOf<K>[]>();
  for (const change of changes) {
    if (change.sign !== 'added') continue;
    const meaning = meaningOf(change.after);
    added.set(meaning, [...(added.get(meaning) ?? []), change]);
  }
  const paired = new Set<ChangeOf<K>>();
  const renamed = changes.flatMap((change): ChangeOf<K>[] => {
    if (change.sign !== 'removed') return [];
    const twin = added.get(meaningOf(change.before))?.shift();
    if (twin?.sign !== 'added') return [];
    paired.add(change).add(twin);
    const { before } = change;
    const { after } = twin;
    const later = new Map(fieldsOf(after));
    const fields = [...fieldsOf(before)].flatMap(([field, from]) => {
      const to = later.get(field);
      return JSON.stringify(from) === JSON.stringify(to) ? [] : [{ field, from, to }];
    });
    const key = [change.key, twin.key].sort(compareText).join(', ');
    const { kind } = change;
    return [{ kind, key, name: nameOf(before), newName: nameOf(after), sign: 'renamed', before, after, fields }];
  });
  return [...changes.filter((change) => !paired.has(change)), ...renamed];
}

/** The changes of one kind. */
export function changesOf<K extends Change['kind']>(
  changes: readonly Change[],
  kind: K,
): Extract<Change, { kind: K }>[] {
  return changes.filter((change): change is Extract<Change, { kind: K }> => isAbout(change, kind));
}
