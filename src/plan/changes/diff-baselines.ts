import { compareText } from '../../model';
import type { Baseline, ConfigState } from '../baseline/baseline';
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
  SETTINGS,
  UNITS,
} from './comparisons';
import { configs, functions, gates, mediated, nodes, objects, settings } from './enumerate';
import { diffFromLive } from './diff-from-live';
import { matchSubjects, mirrored, type Comparison } from './match';

/**
 * What differs between two baselines, each thing once, in a fixed order. Nothing where they are alike; the same turned around where they
 * change places.
 *
 * What live objects do not show is not compared: what others own there is neither added nor removed.
 */
export function diffBaselines(before: Baseline, after: Baseline): Change[] {
  if (before.origin === 'live') return diffFromLive(before, after);
  if (after.origin === 'live') return diffFromLive(after, before).map(mirrored);
  return [
    ...matchSubjects(SETTINGS, settings(before), settings(after)).filter(
      // older baselines do not say it
      ({ name, sign }) => !UNKNOWN_BEFORE.has(name) || sign === 'changed',
    ),
    ...matchSubjects(GATES, gates(before), gates(after)),
    ...matchSubjects(PERMITTED, before.cluster.permitted, after.cluster.permitted),
    ...matchSubjects(POLICIES, before.cluster.disruptionPolicies, after.cluster.disruptionPolicies),
    ...matchSubjects(UNITS, before.units, after.units),
    ...withRenamedConfigs(matchSubjects(CONFIGS, configs(before), configs(after))),
    ...withRenamedPools(matchSubjects(POOLS, before.pools, after.pools)),
    ...matchSubjects(NODES, nodes(before), nodes(after)),
    ...matchSubjects(FUNCTIONS, functions(before), functions(after)),
    ...matchSubjects(MEDIATED, mediated(before), mediated(after)),
    ...matchSubjects(OBJECTS, objects(before), objects(after)),
    ...matchSubjects(MACHINES, before.machines, after.machines),
  ];
}

/** Settings that one side may not say. */
const UNKNOWN_BEFORE = new Set(['mediatedHandling', 'gitopsTool', 'gitopsReboots']);

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
