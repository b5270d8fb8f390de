import { compareNatural } from '../../model';
import type { Change, ChangeKind, ChangeOf, FieldChange, FieldValue, Subjects } from './change';

/** How things of one kind are told apart and compared. */
export interface Comparison<K extends ChangeKind> {
  readonly kind: K;
  /** What identifies one among its kind. */
  readonly keyOf: (subject: Subjects[K]) => string;
  /** What people call it. */
  readonly nameOf: (subject: Subjects[K]) => string;
  /** What is compared, by the name of the field. */
  readonly fieldsOf: (subject: Subjects[K]) => Iterable<readonly [string, FieldValue]>;
  /**
   * Fields that one side may not know: where one of the two values is undefined, nothing is said.
   *
   * @default - every field is known
   */
  readonly unknowable?: ReadonlySet<string>;
  /** The field that holds what it is called by others: where it differs, the thing is renamed. */
  readonly calledBy?: string;
}

/** What differs between things of one kind, in natural order of their keys. Linear but for the sorting of what differs. */
export function matchSubjects<K extends ChangeKind>(
  comparison: Comparison<K>,
  before: Iterable<Subjects[K]>,
  after: Iterable<Subjects[K]>,
): ChangeOf<K>[] {
  const { kind, nameOf } = comparison;
  const earlier = byKey(comparison, before);
  const later = byKey(comparison, after);
  const changes: ChangeOf<K>[] = [];
  for (const [key, subject] of earlier) {
    const now = later.get(key);
    if (now === undefined) changes.push({ kind, key, name: nameOf(subject), sign: 'removed', before: subject });
    else changes.push(...comparedPair(comparison, key, subject, now));
  }
  for (const [key, subject] of later)
    if (!earlier.has(key)) changes.push({ kind, key, name: nameOf(subject), sign: 'added', after: subject });
  return changes.sort((a, b) => compareNatural(a.key, b.key));
}

/** The change between two states of one thing; none where they are alike. */
export function comparedPair<K extends ChangeKind>(
  comparison: Comparison<K>,
  key: string,
  before: Subjects[K],
  after: Subjects[K],
): ChangeOf<K>[] {
  const fields = differingFields(comparison, before, after);
  if (fields.length === 0) return [];
  const { kind, nameOf, calledBy } = comparison;
  const common = { kind, key, name: nameOf(before), before, after, fields };
  const isRenamed = calledBy !== undefined && fields.some(({ field }) => field === calledBy);
  return [isRenamed ? { ...common, sign: 'renamed', newName: nameOf(after) } : { ...common, sign: 'changed' }];
}

function differingFields<K extends ChangeKind>(
  { fieldsOf, unknowable }: Comparison<K>,
  before: Subjects[K],
  after: Subjects[K],
): FieldChange[] {
  if (before === after) return [];
  const earlier = new Map(fieldsOf(before));
  const later = new Map(fieldsOf(after));
  const fields: FieldChange[] = [];
  for (const [field, from] of earlier) {
    const to = later.get(field);
    if (!isSame(from, to) && !isUnknown(unknowable, field, from, to)) fields.push({ field, from, to });
  }
  for (const [field, to] of later)
    if (!earlier.has(field) && to !== undefined && !isUnknown(unknowable, field, undefined, to))
      fields.push({ field, from: undefined, to });
  return fields.sort((a, b) => compareNatural(a.field, b.field));
}

function isUnknown(unknowable: ReadonlySet<string> | undefined, field: string, a: FieldValue, b: FieldValue): boolean {
  return unknowable?.has(field) === true && (a === undefined || b === undefined);
}

function isSame(a: FieldValue, b: FieldValue): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b;
  return a.length === b.length && a.every((item, i) => item === b[i]);
}

/** Things that share a key are told apart by their order: valid fleets have none of them. */
function byKey<K extends ChangeKind>(
  { keyOf }: Comparison<K>,
  subjects: Iterable<Subjects[K]>,
): Map<string, Subjects[K]> {
  const found = new Map<string, Subjects[K]>();
  for (const subject of subjects) {
    const key = keyOf(subject);
    let free = key;
    for (let number = 2; found.has(free); number++) free = `${key} (${number})`;
    found.set(free, subject);
  }
  return found;
}

/** A change as it is from the other side: added becomes removed, from becomes to. */
export function mirrored(change: Change): Change {
  const { kind, key, name } = change;
  switch (change.sign) {
    case 'added':
      return { kind, key, name, sign: 'removed', before: change.after } as Change;
    case 'removed':
      return { kind, key, name, sign: 'added', after: change.before } as Change;
    case 'changed':
      return { ...change, before: change.after, after: change.before, fields: turned(change.fields) } as Change;
    case 'renamed':
      return {
        ...change,
        name: change.newName,
        newName: name,
        before: change.after,
        after: change.before,
        fields: turned(change.fields),
      } as Change;
  }
}

function turned(fields: readonly FieldChange[]): FieldChange[] {
  return fields.map(({ field, from, to }) => ({ field, from: to, to: from }));
}
