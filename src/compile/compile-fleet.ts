import { analyse, type Analysis } from '../analysis';
import {
  hasSeverity,
  makeReport,
  stamp,
  type Diagnostic,
  type PlacedDiagnostic,
  type Problem,
  type Report,
  type SkippedRule,
} from '../diagnostics';
import { configurationComponent, makeManifests, type Manifest, type ManifestSet } from '../manifests';
import type { Fleet, JsonObject } from '../model';
import { runRules, unreadParts } from '../rules';
import type { Place, Span } from '../source';
import { LikeObjects } from './like-objects';
import { renderManifest, type OutputFile, type Rendered } from './outputs';
import { API_PROBLEMS } from './problems';
import { checkManifest, checkObjects } from './schema-check';
import type { SourceSet } from './source-set';
import { applySuppressions } from './suppress';

/** A fleet with what was found while it was read. */
export interface CompileInput {
  /** Undefined when the document was too broken to make a model of. */
  readonly fleet: Fleet | undefined;
  /** What the readers found. */
  readonly problems: readonly PlacedDiagnostic[];
  /** Turns places into ranges of texts. */
  readonly locate: (place: Place) => Span;
  /** What an object is after the user's own patches; undefined where it has none. */
  readonly patch?: (manifest: Manifest) => { readonly content: JsonObject; readonly place: Place } | undefined;
  /**
   * The texts whose comments may allow findings, and the day by which their dates are judged, in UTC: `2026-11-22`.
   *
   * @default - no comment allows anything
   */
  readonly suppressions?: { readonly sources: SourceSet; readonly today: string };
  /**
   * Whether the objects will be written. Then each is rendered right after its check: of thousands, one that was just looked at
   * is read in half the time.
   *
   * @default false
   */
  readonly renders?: boolean;
}

/** One compiled fleet. */
export interface Compilation {
  readonly fleet: Fleet | undefined;
  readonly analysis: Analysis | undefined;
  readonly report: Report;
  /** Undefined when the report has an error, or no fleet wrote the objects: nothing is written then. */
  readonly manifests: ManifestSet | undefined;
  /** What `renderOutputs` need not render again. */
  readonly rendered?: Rendered | undefined;
}

/**
 * A model to a report and to manifests: analysis, rules, manifests, and the manifests against the API of their version.
 * Pure: nothing is read or written.
 */
export function compileFleet(input: CompileInput): Compilation {
  const { fleet, problems } = input;
  if (fleet === undefined) {
    return { fleet, analysis: undefined, report: reportOf(problems, [], input, 'nothing'), manifests: undefined };
  }
  const analysis = analyse(fleet);
  const { findings, skipped } = runRules({ fleet, analysis, unread: unreadParts(problems) });
  if (fleet.origin === 'manifests') {
    const { kubevirt, current = [] } = fleet.cluster;
    const found = [...problems, ...findings, ...checkObjects(kubevirt.version, current)];
    return { fleet, analysis, report: reportOf(found, skipped, input, 'everything'), manifests: undefined };
  }
  const early = reportOf([...problems, ...findings], skipped, input, 'fleet');
  // objects made from a fleet with errors would only repeat them in other words
  if (hasSeverity(early, 'error')) return { fleet, analysis, report: early, manifests: undefined };
  const { manifests, patched } = withComponent(applyPatches(makeManifests(analysis), input.patch));
  const rendered = new Map<Manifest, OutputFile>();
  const late: PlacedDiagnostic[] = [];
  const like = new LikeObjects(fleet.cluster.kubevirt.version);
  for (const manifest of manifests.manifests) {
    const { content } = manifest;
    const shape = input.renders === true && manifest.comments.size === 0 ? manifest.machine?.shape : undefined;
    const known = shape === undefined ? undefined : like.fileOf(shape, content, manifest.modelPath);
    if (known !== undefined) {
      rendered.set(manifest, known);
      continue;
    }
    const complaints = checkManifest(fleet.cluster.kubevirt.version, manifest, content);
    late.push(...complaints);
    if (input.renders !== true) continue;
    const isTaken = shape !== undefined && complaints.length === 0;
    const learned = isTaken ? like.learn(shape, content, manifest.modelPath) : undefined;
    rendered.set(manifest, learned ?? renderManifest(manifest, content));
  }
  const foreign = fleet.virtualMachines.flatMap((machine) => machine.foreign ?? []);
  late.push(...checkObjects(fleet.cluster.kubevirt.version, foreign));
  const report = reportOf([...problems, ...findings, ...patched, ...late], skipped, input, 'everything');
  if (hasSeverity(report, 'error')) return { fleet, analysis, report, manifests: undefined };
  return { fleet, analysis, report, manifests, rendered };
}

/** Objects after the user's own changes, with what those are. */
interface PatchedSet {
  readonly manifests: ManifestSet;
  readonly patched: readonly PlacedDiagnostic[];
}

/** The component says what the object says, the user's own changes included. */
function withComponent({ manifests, patched }: PatchedSet): PatchedSet {
  const files = [...manifests.files, ...configurationComponent(manifests.manifests)];
  return { manifests: { manifests: manifests.manifests, files }, patched };
}

function applyPatches(set: ManifestSet, patch: CompileInput['patch']): PatchedSet {
  if (patch === undefined) return { manifests: set, patched: [] };
  const patched: PlacedDiagnostic[] = [];
  const manifests = set.manifests.map((manifest): Manifest => {
    const after = patch(manifest);
    if (after === undefined) return manifest;
    patched.push(
      stamp(API_PROBLEMS.patched, {
        message: `${manifest.path} is patched outside the model`,
        primary: { at: after.place, text: 'patched here' },
        notes: ['rules and predictions read the model, not the patched object'],
      }),
    );
    const { key, path, machine, modelPath } = manifest;
    return { key, path, machine, modelPath, content: after.content, comments: new Map(), trace: () => after.place };
  });
  return { manifests: { manifests, files: set.files }, patched };
}

/** How much was judged when a report is made. */
type Judged = 'nothing' | 'fleet' | 'everything';

const LATE_CODES: ReadonlySet<string> = new Set(Object.values(API_PROBLEMS).map(({ code }) => code));

function reportOf(
  placed: readonly PlacedDiagnostic[],
  skipped: readonly SkippedRule[],
  { fleet, locate, suppressions }: CompileInput,
  judged: Judged,
): Report {
  const diagnostics = placed.map((one) => locateDiagnostic(one, locate));
  if (suppressions === undefined) return makeReport(diagnostics, skipped);
  const { sources, today } = suppressions;
  // a program's text is read when somebody asks for a line of it
  for (const place of fleet === undefined ? [] : declaringPlaces(fleet))
    if (place.kind === 'code') sources.locate(place);
  const notRun = new Set(skipped.map(({ slug }) => slug));
  const hasFailed = placed.some(({ slug }) => slug === 'internal/rule-failed');
  const own = ownFiles(fleet);
  const { kept, suppressed, findings } = applySuppressions({
    diagnostics,
    sources: sources.texts(),
    today,
    isJudged: ({ code, slug }: Problem) =>
      judged !== 'nothing' && !hasFailed && !notRun.has(slug) && (judged === 'everything' || !LATE_CODES.has(code)),
    isShared: (file) => !own.has(file) && !/\.[cm]?[jt]sx?$/.test(file),
  });
  const ofComments = findings.map((one) => locateDiagnostic(one, locate));
  return makeReport([...kept, ...ofComments], skipped, suppressed);
}

/**
 * Where the parts of a fleet are declared whose lines may carry comments. Of thousands of VMs, which a program makes in few files, so
 * many are asked, spread over all of them: a stack frame is dear to format.
 */
function declaringPlaces({ place, devices, nodePools, virtualMachines }: Fleet): Place[] {
  const step = Math.ceil(virtualMachines.length / MOST_FRAMES);
  const machines = virtualMachines.filter((_, i) => i % step === 0);
  return [place, ...[...devices, ...nodePools, ...machines].map((one) => one.place)];
}

const MOST_FRAMES = 256;

/** The files that only this fleet reads: its own and its inventories. */
function ownFiles(fleet: Fleet | undefined): ReadonlySet<string> {
  const places = fleet === undefined ? [] : [fleet.place, ...fleet.inventories.map(({ place }) => place)];
  return new Set(places.flatMap((place) => (place.kind === 'document' || place.kind === 'file' ? [place.file] : [])));
}

/** A diagnostic with its places turned into ranges. */
export function locateDiagnostic(placed: PlacedDiagnostic, locate: (place: Place) => Span): Diagnostic {
  return {
    ...placed,
    primary: { at: locate(placed.primary.at), text: placed.primary.text },
    secondary: placed.secondary.map(({ at, text }) => ({ at: locate(at), text })),
    fixes: placed.fixes.map((fix) => ({ ...fix, edits: fix.edits.map(({ at, text }) => ({ at: locate(at), text })) })),
  };
}
