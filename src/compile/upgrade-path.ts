/*
 * What changes for a fleet on the way to a later release of KubeVirt: it is compiled for each release in turn, and neighbours are
 * compared. Nothing is written.
 */
import { gateInForce, type Analysis } from '../analysis';
import type { Diagnostic, GateChange, ObjectChange, UpgradePath, UpgradeStep } from '../diagnostics';
import { differencesOf, gateStage, knownGates, type KubeVirtRelease } from '../kubevirt';
import type { ManifestSet } from '../manifests';
import { compareNatural, compareText, isJsonObject, type Fleet, type JsonValue } from '../model';
import { appendToPointer, type Place, type Pointer, type Span } from '../source';
import { compileFleet, type Compilation, type CompileInput } from './compile-fleet';

/** A fleet, the releases on its way, and how places become ranges. */
export interface UpgradeInput {
  readonly fleet: Fleet;
  /** In the order of the way, two at least. */
  readonly releases: readonly KubeVirtRelease[];
  readonly locate: (place: Place) => Span;
  readonly suppressions?: CompileInput['suppressions'];
}

/** The way of a fleet from release to release, with what the last one says of it. */
export function upgradePath(input: UpgradeInput): {
  readonly path: UpgradePath;
  readonly last: Compilation | undefined;
} {
  const { fleet, releases } = input;
  const compilations = releases.map((release) => ({ release, compilation: compiledFor(input, release) }));
  const steps = compilations.slice(1).flatMap((to, i) => {
    const from = compilations[i];
    return from === undefined ? [] : [stepBetween(from, to)];
  });
  return { path: { fleet: fleet.name, steps }, last: compilations.at(-1)?.compilation };
}

interface ForRelease {
  readonly release: KubeVirtRelease;
  readonly compilation: Compilation;
}

function compiledFor({ fleet, locate, suppressions }: UpgradeInput, release: KubeVirtRelease): Compilation {
  const { cluster } = fleet;
  const target = { ...cluster, kubevirt: { ...cluster.kubevirt, version: release } };
  return compileFleet({
    fleet: { ...fleet, cluster: target },
    problems: [],
    locate,
    ...(suppressions === undefined ? {} : { suppressions }),
  });
}

function stepBetween(from: ForRelease, to: ForRelease): UpgradeStep {
  const before = new Set(from.compilation.report.diagnostics.map(findingKey));
  const after = new Set(to.compilation.report.diagnostics.map(findingKey));
  return {
    from: from.release,
    to: to.release,
    appearing: to.compilation.report.diagnostics.filter((one) => !before.has(findingKey(one))),
    going: from.compilation.report.diagnostics.filter((one) => !after.has(findingKey(one))),
    gates: gateChanges(from, to),
    behaviours: differencesOf(to.release),
    objects: objectChanges(from.compilation.manifests, to.compilation.manifests),
  };
}

/** The same finding may name the release, so its text does not tell two apart. */
function findingKey({ code, primary: { at } }: Diagnostic): string {
  return JSON.stringify([code, at.file, at.start, at.end]);
}

function gateChanges(from: ForRelease, to: ForRelease): GateChange[] {
  return knownGates().flatMap((name) => {
    const before = gateStage(from, name);
    const after = gateStage(to, name);
    if (before === undefined || after === undefined || before === after) return [];
    return [
      { name, before, after, wasOn: isOn(from.compilation.analysis, name), isOn: isOn(to.compilation.analysis, name) },
    ];
  });
}

function isOn(analysis: Analysis | undefined, gate: string): boolean | undefined {
  return analysis === undefined ? undefined : gateInForce(analysis.fleet, analysis.featureGates, gate);
}

function objectChanges(before: ManifestSet | undefined, after: ManifestSet | undefined): ObjectChange[] | undefined {
  if (before === undefined || after === undefined) return undefined;
  const earlier = new Map(before.manifests.map((manifest) => [manifest.key, manifest]));
  const later = new Set(after.manifests.map(({ key }) => key));
  const gone = before.manifests
    .filter(({ key }) => !later.has(key))
    .map(({ path }): ObjectChange => ({ path, kind: 'gone', fields: [] }));
  const others = after.manifests.flatMap(({ key, path, content }): ObjectChange[] => {
    const old = earlier.get(key);
    if (old === undefined) return [{ path, kind: 'new', fields: [] }];
    const fields = [...differingPointers(old.content, content, '')];
    return fields.length === 0 ? [] : [{ path, kind: 'changed', fields: fields.sort(compareNatural) }];
  });
  return [...gone, ...others].sort((a, b) => compareText(a.path, b.path));
}

/** Lists that differ in length or hold texts are named as one. */
function* differingPointers(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  at: Pointer,
): Generator<Pointer> {
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  if (isJsonObject(before) && isJsonObject(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      yield* differingPointers(ownValue(before, key), ownValue(after, key), appendToPointer(at, key));
    }
  } else if (
    Array.isArray(before) &&
    Array.isArray(after) &&
    before.length === after.length &&
    before.every(isJsonObject)
  ) {
    for (const [i, item] of (before as readonly JsonValue[]).entries()) {
      yield* differingPointers(item, (after as readonly JsonValue[])[i], appendToPointer(at, i));
    }
  } else {
    yield at;
  }
}

function ownValue(object: { readonly [key: string]: JsonValue | undefined }, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
