/*
 * VMs that are alike down to the last value, but for what is a VM's own: thousands are made from one pattern, and what a rule, a
 * hash or a writer makes of the pattern holds for all of them. Comparing a VM with one that is alike costs as much as a rule or two.
 */
import { copyOf, groupBy, isJsonObject, jsonAt, type JsonObject, type JsonValue } from '../model';
import type { AnalysedMachine, MachineVariant } from './analysis';
import type { Growing } from './machine-shapes';
import { Trie } from './trie';

/** Fields of a map: the whole of one, or some of its own. */
export type Fields = ReadonlyMap<string, 'whole' | Fields>;

/** What a VM has for itself: disks, NICs and its place. All of it KubeVirt may change while the VM runs: `restart-hash.ts` relies on it. */
export const OWN_PATHS: readonly string[] = [
  'nodeSelector',
  'affinity',
  'tolerations',
  'networks',
  'volumes',
  'domain.devices.interfaces',
  'domain.devices.disks',
];

/** Fields by their paths, `domain.cpu.sockets`; none is below another. */
export function fieldsAt(paths: readonly string[]): Fields {
  const below = groupBy(paths, (path) => path.split('.', 1)[0] ?? '');
  return new Map(
    Array.from(below, ([key, own]) => [
      key,
      own.includes(key) ? 'whole' : fieldsAt(own.map((path) => path.slice(key.length + 1))),
    ]),
  );
}

const OWN_FIELDS = fieldsAt(OWN_PATHS);

/** What VMs of one pattern come in, so that they are not compared with all the others. */
const SIZES = [
  ['memory', 'guest'],
  ['cpu', 'cores'],
  ['cpu', 'sockets'],
] as const;

/** With how many others of its size a VM is compared, the newest first. */
const MOST_COMPARED = 4;

/** What the variant of a VM depends on. */
export type VariedBy = Pick<AnalysedMachine, 'machine' | 'spec' | 'inherited' | 'shape'>;

interface Known {
  readonly first: VariedBy;
  readonly variant: Growing;
}

/** Gathers the VMs of each shape by what their specs say besides what is a VM's own. */
export class MachineVariants {
  /** In the order in which the first VM of each came. */
  readonly variants: MachineVariant[] = [];
  private readonly root = new Trie<Known[]>();

  /** The variant of a VM, to which it is to be added. */
  of(one: VariedBy): Growing {
    let step = this.root.with(one.shape);
    const domain = one.machine.spec['domain'];
    for (const [part, field] of SIZES) step = step.with(jsonAt(domain, part, field));
    const known = (step.value ??= []);
    for (let i = known.length - 1; i >= Math.max(known.length - MOST_COMPARED, 0); i--) {
      const entry = known[i];
      if (entry !== undefined && isVariantOf(entry.first, one)) return entry.variant;
    }
    const variant: Growing = { machines: [] };
    known.push({ first: one, variant });
    this.variants.push(variant);
    return variant;
  }
}

function isVariantOf(first: VariedBy, one: VariedBy): boolean {
  if (first.inherited?.instancetype !== one.inherited?.instancetype) return false;
  if (!isAlike(first.machine.spec, one.machine.spec, OWN_FIELDS)) return false;
  return one.inherited === undefined || isAlike(first.spec, one.spec, OWN_FIELDS);
}

/** Whether two values are the same but for fields that do not count. */
function isAlike(a: JsonValue | undefined, b: JsonValue | undefined, fields?: Fields): boolean {
  if (Array.isArray(a)) return Array.isArray(b) && areAlike(a as readonly JsonValue[], b as readonly JsonValue[]);
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  // as many keys as the other has, each with a value there: they are the same keys
  let more = 0;
  for (const key in a) {
    const other = b[key];
    if (other === undefined) return false;
    more++;
    // most values are the same scalar, which needs no further look
    if (a[key] === other) continue;
    const own = fields?.get(key);
    if (own !== 'whole' && !isAlike(a[key], other, own)) return false;
  }
  for (const _ in b) more--;
  return more === 0;
}

function areAlike(a: readonly JsonValue[], b: readonly JsonValue[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i] && !isAlike(a[i], b[i])) return false;
  return true;
}

/**
 * A copy of a VM's spec, its `domain` and `domain.devices`, to add to. What it has in common with its variant is in memory once.
 *
 * @returns what equals the spec
 */
export function sharingSpec({ machine, variant }: AnalysedMachine): Record<string, JsonValue | undefined> {
  return sharing(machine.spec, variant.machines[0]?.machine.spec ?? machine.spec, OWN_FIELDS);
}

function sharing(own: JsonObject, common: JsonObject, fields: Fields): Record<string, JsonValue | undefined> {
  return copyOf(own, (key) => {
    const field = fields.get(key);
    const value = own[key];
    const other = common[key];
    if (field === undefined) return other;
    return field === 'whole' || !isJsonObject(value) || !isJsonObject(other) ? value : sharing(value, other, field);
  });
}
