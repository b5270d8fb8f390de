/*
 * What every explanation is made from, and how its steps are put together: places become spans, and findings of the report are
 * laid beside the narrowest step that holds their spot.
 */
import type { Analysis } from '../../analysis';
import type { Artefact, Chain, Diagnostic, NodeCount, Report, Step, StepKind, StepState } from '../../diagnostics';
import type { Manifest } from '../../manifests';
import { keyPlace, type Place, type Span } from '../../source';

/** A fleet with everything that is known of it. */
export interface ExplainContext {
  readonly analysis: Analysis;
  /** What the fleet compiles to, errors or not, by key. */
  readonly manifestByKey: ReadonlyMap<string, Manifest>;
  readonly report: Report;
  readonly locate: (place: Place) => Span;
}

/** A step before its places are ranges. */
export interface StepDraft {
  readonly kind: StepKind;
  readonly text: string;
  /** @default holds */
  readonly state?: StepState;
  readonly details?: readonly string[];
  readonly place?: Place | undefined;
  readonly artefact?: Artefact | undefined;
  readonly counts?: readonly NodeCount[];
}

/** Steps that depend on each other. */
export interface ChainDraft {
  readonly title: string;
  readonly steps: readonly StepDraft[];
}

/** The object of a key as what carries a step; undefined where the fleet writes no such object. */
export function artefactOf({ manifestByKey }: ExplainContext, key: string): Artefact | undefined {
  const manifest = manifestByKey.get(key);
  if (manifest === undefined) return undefined;
  const { kind, metadata } = manifest.content;
  const name = typeof metadata === 'object' && metadata !== null && 'name' in metadata ? metadata.name : undefined;
  return {
    file: manifest.path,
    kind: typeof kind === 'string' ? kind : '',
    name: typeof name === 'string' ? name : '',
  };
}

/** Chains with their findings; where nothing else shows the broken step, it is the first one with an error. */
export function finishChains({ report, locate }: ExplainContext, drafts: readonly ChainDraft[]): Chain[] {
  const located = drafts.map(({ title, steps }) => ({
    title,
    steps: steps.map((draft) => ({
      draft,
      at: draft.place === undefined ? undefined : locate(keyPlace(draft.place)),
      within: draft.place === undefined ? undefined : locate(draft.place),
      findings: [] as Diagnostic[],
    })),
  }));
  for (const diagnostic of report.diagnostics) {
    if (diagnostic.severity === 'info') continue;
    const spot = diagnostic.primary.at;
    const holders = located.flatMap(({ steps }) => {
      const narrowest = Math.min(
        ...steps.flatMap(({ within, at }) =>
          [within, at].flatMap((span) => (holds(span, spot) ? [lengthOf(span)] : [])),
        ),
      );
      const step = steps.find(({ within, at }) =>
        [within, at].some((span) => holds(span, spot) && lengthOf(span) === narrowest),
      );
      return step === undefined ? [] : [{ step, narrowest }];
    });
    const narrowest = Math.min(...holders.map((holder) => holder.narrowest));
    for (const { step, narrowest: own } of holders) if (own === narrowest) step.findings.push(diagnostic);
  }
  return located.map(({ title, steps }) => {
    // a finding stands at what the user typed; where the chain itself shows the link that breaks, that is the one
    const isShown = steps.some(({ draft }) => draft.state === 'broken');
    const finished = steps.map(({ draft, at, findings }) => finishStep(draft, at, findings, isShown));
    const firstBroken = finished.findIndex(({ state }) => state === 'broken');
    return { title, steps: finished, firstBroken: firstBroken < 0 ? undefined : firstBroken };
  });
}

function finishStep(draft: StepDraft, at: Span | undefined, findings: readonly Diagnostic[], isShown: boolean): Step {
  const { kind, text, state = 'holds', details = [], artefact, counts = [] } = draft;
  const isBroken = !isShown && findings.some(({ severity }) => severity === 'error');
  return { kind, state: isBroken ? 'broken' : state, text, details, at, artefact, counts, findings };
}

function holds(span: Span | undefined, spot: Span): span is Span {
  return (
    span !== undefined &&
    span.end > span.start &&
    span.file === spot.file &&
    span.start <= spot.start &&
    spot.end <= span.end
  );
}

function lengthOf({ start, end }: Span): number {
  return end - start;
}
