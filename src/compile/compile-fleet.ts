import { analyse, type Analysis } from '../analysis';
import {
  hasSeverity,
  makeReport,
  stamp,
  type Diagnostic,
  type PlacedDiagnostic,
  type Report,
  type SkippedRule,
} from '../diagnostics';
import { makeManifests, type Manifest, type ManifestSet } from '../manifests';
import type { Fleet, JsonObject } from '../model';
import { runRules } from '../rules';
import type { Place, Span } from '../source';
import { API_PROBLEMS } from './problems';
import { checkManifest } from './schema-check';

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
}

/** One compiled fleet. */
export interface Compilation {
  readonly fleet: Fleet | undefined;
  readonly analysis: Analysis | undefined;
  readonly report: Report;
  /** Undefined when the report has an error: nothing is written then. */
  readonly manifests: ManifestSet | undefined;
}

/**
 * A model to a report and to manifests: analysis, rules, manifests, and the manifests against the API of their version.
 * Pure: nothing is read or written.
 */
export function compileFleet(input: CompileInput): Compilation {
  const { fleet, problems, locate } = input;
  if (fleet === undefined) {
    return { fleet, analysis: undefined, report: reportOf(problems, [], locate), manifests: undefined };
  }
  const analysis = analyse(fleet);
  const { findings, skipped } = runRules({ fleet, analysis });
  const early = reportOf([...problems, ...findings], skipped, locate);
  // objects made from a fleet with errors would only repeat them in other words
  if (hasSeverity(early, 'error')) return { fleet, analysis, report: early, manifests: undefined };
  const { manifests, patched } = applyPatches(makeManifests(analysis), input.patch);
  const late = manifests.manifests.flatMap((manifest) => checkManifest(fleet.cluster.kubevirt.version, manifest));
  const report = reportOf([...problems, ...findings, ...patched, ...late], skipped, locate);
  return { fleet, analysis, report, manifests: hasSeverity(report, 'error') ? undefined : manifests };
}

function applyPatches(
  set: ManifestSet,
  patch: CompileInput['patch'],
): { readonly manifests: ManifestSet; readonly patched: readonly PlacedDiagnostic[] } {
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
    return { ...manifest, content: after.content, comments: new Map(), trace: () => after.place };
  });
  return { manifests: { manifests, files: set.files }, patched };
}

function reportOf(
  placed: readonly PlacedDiagnostic[],
  skipped: readonly SkippedRule[],
  locate: (place: Place) => Span,
): Report {
  return makeReport(
    placed.map((one) => locateDiagnostic(one, locate)),
    skipped,
  );
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
