/*
 * A MachineConfig that was there before the fleet, written again: what does the same as the fleet asks for stays as it stands, byte for
 * byte, in its place; what else is in it is kept; what the fleet has besides is put behind it.
 */
import { keepsIds, keepsTable, type PreparationUnit } from '../../analysis';
import { isJsonObject, jsonAt, type JsonObject, type JsonValue } from '../../model';
import { listAt, loadsVfioPci, type MachineConfig } from '../../openshift';
import type { Pointer } from '../../source';
import { commentText } from '../comment';
import { HOSTDEV_PATHS, HOSTDEV_UNITS, nodeFiles, nodeUnits, UNIT_COMMENTS, type CommentedFile } from './node-files';
import { fileEntry, unitEntry } from './ignition';

/** What a list of a MachineConfig is made of: items, each with its comment. */
interface Item {
  readonly value: JsonValue;
  readonly comment: string | undefined;
}

/** A spec with its comments, by pointers below `/spec`. */
export interface AdoptedSpec {
  readonly spec: JsonObject;
  readonly comments: ReadonlyMap<Pointer, string>;
}

const KEPT = 'as the live object has it, which does what the fleet asks for';
const NOT_OURS = 'not from this fleet: kept from the live object';

/**
 * The `config` of an adopted MachineConfig with the files and units of a unit.
 *
 * @param live - the object that is adopted
 * @param version - of Ignition, where the object has no config yet
 */
export function adoptedConfig(unit: PreparationUnit, live: MachineConfig, version: string): AdoptedSpec {
  const config = mapOf(jsonAt(live.object.content, 'spec', 'config'));
  const files = filesOf(unit, live, listAt(config, 'storage', 'files'));
  const units = unitsOf(unit, live, listAt(config, 'systemd', 'units'));
  const comments = new Map<Pointer, string>();
  const note = (list: string, items: readonly Item[]): void => {
    items.forEach(({ comment }, i) => {
      if (comment !== undefined) comments.set(`/config/${list}/${i}`, comment);
    });
  };
  note('storage/files', files);
  note('systemd/units', units);
  const version3 = jsonAt(config, 'ignition', 'version');
  return {
    spec: {
      config: {
        ...withoutEmpty(config),
        ignition: typeof version3 === 'string' ? withoutEmpty(mapOf(config['ignition'])) : { version },
        storage: { ...withoutEmpty(mapOf(config['storage'])), files: files.map(({ value }) => value) },
        ...(units.length === 0
          ? {}
          : { systemd: { ...mapOf(config['systemd']), units: units.map(({ value }) => value) } }),
      },
    },
    comments,
  };
}

/** What an adopted MachineConfig has besides kernel arguments and its `config`, and its `config` where the fleet adds nothing to it. */
export function restOfAdopted({ object }: MachineConfig): { readonly rest: JsonObject; readonly config: JsonObject } {
  const spec = mapOf(jsonAt(object.content, 'spec'));
  const { kernelArguments: _arguments, config, ...rest } = spec;
  return { rest: withoutEmpty(rest), config: mapOf(config) };
}

function filesOf(unit: PreparationUnit, live: MachineConfig, entries: readonly JsonValue[]): Item[] {
  const wanted = new Map(nodeFiles(unit).map((file) => [file.path, file]));
  const byPath = new Map(live.files.map((file) => [file.path, file.text]));
  const kept = entries.flatMap((value): Item[] => {
    const path = jsonAt(value, 'path');
    if (typeof path !== 'string') return [{ value, comment: NOT_OURS }];
    const own = wanted.get(path);
    wanted.delete(path);
    if (own !== undefined) {
      const text = byPath.get(path);
      if (isModeOf(own, value) && text !== undefined && saysTheSame(unit, own, text)) {
        return [{ value, comment: commentText(KEPT, ...(isShort(text) ? text.trimEnd().split('\n') : [])) }];
      }
      return [{ value: fileEntry({ ...own, text: withForeignLines(own, text) }), comment: own.comment }];
    }
    // what hostdev put there for something that the fleet no longer asks for
    if (HOSTDEV_PATHS.has(path) || path === unit.adopted.idFile?.path) return [];
    return [{ value, comment: NOT_OURS }];
  });
  return [...kept, ...[...wanted.values()].map((own) => ({ value: fileEntry(own), comment: own.comment }))];
}

function unitsOf(unit: PreparationUnit, live: MachineConfig, entries: readonly JsonValue[]): Item[] {
  const names = unit.effects.units.map(({ kind, name }) => ({ kind, name }));
  const wanted = new Map(
    nodeUnits(unit).map((one) => [one.name, { one, kind: names.find(({ name }) => name === one.name)?.kind }]),
  );
  const isSameTable = keepsUnitTable(unit);
  const kept = entries.flatMap((value): Item[] => {
    const name = jsonAt(value, 'name');
    const own = typeof name === 'string' ? wanted.get(name) : undefined;
    if (own === undefined) {
      return typeof name === 'string' && HOSTDEV_UNITS.has(name) ? [] : [{ value, comment: NOT_OURS }];
    }
    wanted.delete(own.one.name);
    const comment = own.kind === undefined ? undefined : UNIT_COMMENTS[own.kind];
    return [
      { value: own.kind !== 'functions' && own.kind !== 'vgpus' && isSameTable ? value : unitEntry(own.one), comment },
    ];
  });
  const added = [...wanted.values()].map(({ one, kind }) => ({
    value: unitEntry(one),
    comment: kind === undefined ? undefined : UNIT_COMMENTS[kind],
  }));
  return [...kept, ...added];
}

/** `mode` is 0644 where it is left out, as the operator fills it in. */
function isModeOf({ mode }: CommentedFile, entry: JsonValue): boolean {
  return (jsonAt(entry, 'mode') ?? 0o644) === mode;
}

function saysTheSame(unit: PreparationUnit, own: CommentedFile, text: string): boolean {
  switch (own.kind) {
    case 'module-options':
      return keepsIds(unit.adopted, unit.effects.ids);
    case 'module-list':
      return loadsVfioPci({ path: own.path, text });
    case 'bind-table':
      return text === own.text || keepsUnitTable(unit);
    case 'bind-program':
    case 'functions-program':
    case 'functions-table':
    case 'vgpus-program':
    case 'vgpus-table':
      return text === own.text;
  }
}

function keepsUnitTable({ adopted, effects, nodes }: PreparationUnit): boolean {
  return keepsTable(
    adopted,
    effects.rows,
    nodes.map(({ name }) => name),
  );
}

/** What the file says besides the list of ids and what hostdev writes itself: other options, other modules. */
function withForeignLines({ kind, text }: CommentedFile, live: string | undefined): string {
  if (live === undefined || (kind !== 'module-options' && kind !== 'module-list')) return text;
  const own = new Set(text.split('\n'));
  const others = live
    .replace(/\\\n/g, ' ')
    .split('\n')
    .flatMap((line) => {
      if (line.trim() === '' || own.has(line)) return [];
      if (kind === 'module-list' || !/^\s*options\s+vfio[-_]pci\s/.test(line)) return [line];
      const rest = line.split(/\s+/).filter((word) => word !== '' && !word.startsWith('ids='));
      return rest.length > 2 ? [rest.join(' ')] : [];
    });
  return others.length === 0 ? text : `${text}${others.join('\n')}\n`;
}

function isShort(text: string): boolean {
  return text.length < 400;
}

/** What the operator prints as empty says nothing. */
function withoutEmpty(map: JsonObject): Record<string, JsonValue> {
  return Object.fromEntries(
    Object.entries(map).flatMap(([key, value]) =>
      value === undefined ||
      value === null ||
      value === '' ||
      value === false ||
      (Array.isArray(value) && value.length === 0) ||
      (isJsonObject(value) && Object.keys(withoutEmpty(value)).length === 0)
        ? []
        : [[key, value] as const],
    ),
  );
}

function mapOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
