import { explainedPaths, type Change, type FieldChange, type FieldValue } from '../../plan';

/** A sign for people who see no colours. */
export const SIGNS = { added: '+', removed: '-', changed: '~', renamed: '=' } as const;

const KINDS: Readonly<Record<Change['kind'], string>> = {
  setting: 'setting',
  gate: 'feature gate',
  permitted: 'permitted host device',
  policy: 'node disruption policy of',
  unit: 'node preparation of',
  config: 'MachineConfig',
  pool: 'node pool',
  node: 'node',
  function: 'PCI function',
  mediated: 'mediated device type',
  object: '',
  machine: '',
};

/** What a change is about: `permitted host device nvidia.com/t4 (10de:1eb8)`. */
export function headOf(change: Change): string {
  const newName = change.sign === 'renamed' ? ` -> ${change.newName}` : '';
  return `${[kindOf(change), change.name].filter((word) => word !== '').join(' ')}${suffixOf(change)}${newName}`;
}

function kindOf(change: Change): string {
  if (change.kind !== 'machine') return KINDS[change.kind];
  return change.sign === 'removed' ? change.before.kind : change.after.kind;
}

function suffixOf(change: Change): string {
  if (change.kind !== 'permitted') return '';
  const { selector } = change.sign === 'removed' ? change.before : change.after;
  return ` (${selector})`;
}

/** Fields that are hashes: that they differ is all there is to say. */
function isHash(field: string): boolean {
  return field === 'text' || field === 'rest' || field === 'spec' || /^(?:file|unit) /.test(field);
}

/** What differs, a line for each field; a text that differs while nothing that is compared does, says so. */
export function fieldLines(change: Change): string[] {
  if (change.sign === 'added' || change.sign === 'removed') return [];
  const telling = change.fields.filter(({ field }) => field !== 'text' && field !== 'path');
  if (telling.length === 0) return [onlyText(change)];
  return telling.flatMap((field) => fieldLine(change.kind, field));
}

function onlyText(change: Change): string {
  if (change.kind === 'config') return 'its text only: the same to the nodes';
  return explainedPaths(change).length > 1 ? 'its file only' : 'its text';
}

function fieldLine(kind: Change['kind'], { field, from, to }: FieldChange): string[] {
  if (isHash(field)) {
    const word =
      field === 'rest'
        ? 'other settings'
        : field === 'spec' && kind === 'machine'
          ? 'what takes effect at a restart'
          : field;
    return [`${from === undefined ? '+' : to === undefined ? '-' : '~'} ${word}`];
  }
  if (Array.isArray(from) || Array.isArray(to)) return listLines(field, listOf(from), listOf(to));
  return [`${field}: ${wordOf(from)} -> ${wordOf(to)}`];
}

function listLines(field: string, from: readonly string[], to: readonly string[]): string[] {
  const left = [...from];
  const added = to.filter((item) => {
    const at = left.indexOf(item);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  if (added.length + left.length === 0) return [`${field}: ${to.join(' ')} (another order)`];
  return [`${field}:`, ...left.map((item) => `  - ${item}`), ...added.map((item) => `  + ${item}`)];
}

function listOf(value: FieldValue): readonly string[] {
  return Array.isArray(value) ? (value as readonly string[]) : value === undefined ? [] : [wordOf(value)];
}

function wordOf(value: FieldValue): string {
  if (value === undefined) return 'none';
  return Array.isArray(value) ? value.join(' ') : String(value);
}
