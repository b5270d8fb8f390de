/*
 * Takes out of a report what comments allow, and reports the comments that are wrong. A comment speaks of the findings whose
 * primary spot is on its line; the nearer one counts where two would do. Texts without the word are not looked at.
 */
import {
  makeReport,
  mergeReports,
  readSuppressions,
  stamp,
  SUPPRESSION_WORD,
  type Diagnostic,
  type Finding,
  type PlacedDiagnostic,
  type Problem,
  type Report,
  type Suppression,
  type SuppressedDiagnostic,
} from '../diagnostics';
import { nearestName } from '../kubevirt';
import type { SourceFile, Span } from '../source';
import { yamlComments } from '../yaml';
import { isSuppressible, PROBLEMS } from './catalogue';
import { SUPPRESSION_PROBLEMS } from './suppression-problems';

/** What suppressions are judged with. */
export interface SuppressionInput {
  readonly diagnostics: readonly Diagnostic[];
  /** Texts to look for comments in. */
  readonly sources: Iterable<SourceFile>;
  /** Of the caller's clock, in UTC: `2026-11-22`. */
  readonly today: string;
  /** Whether everything that this problem's finder looks at was judged, so that no finding means that there is none. */
  readonly isJudged: (problem: Problem) => boolean;
  /** Whether a file may belong to other fleets too, in which its comments allow something. */
  readonly isShared: (file: string) => boolean;
}

/** Diagnostics divided by what comments allow. */
export interface SuppressionOutcome {
  readonly kept: readonly Diagnostic[];
  readonly suppressed: readonly SuppressedDiagnostic[];
  /** What is wrong with the comments. */
  readonly findings: readonly PlacedDiagnostic[];
}

/** Divides diagnostics by the comments at their primary spots. */
export function applySuppressions({ diagnostics, sources, ...rest }: SuppressionInput): SuppressionOutcome {
  const files = new Map<string, FileSuppressions>();
  for (const source of sources) {
    if (source.text.includes(SUPPRESSION_WORD)) files.set(source.path, new FileSuppressions(source, rest));
  }
  const kept: Diagnostic[] = [];
  const suppressed: SuppressedDiagnostic[] = [];
  for (const diagnostic of diagnostics) {
    const allowed = files.get(diagnostic.primary.at.file)?.allowing(diagnostic);
    if (allowed === undefined) kept.push(diagnostic);
    else suppressed.push({ diagnostic, by: { reason: allowed.reason, until: allowed.until, at: allowed.at } });
  }
  return { kept, suppressed, findings: [...files.values()].flatMap((file) => file.findings()) };
}

type Judgement = Omit<SuppressionInput, 'diagnostics' | 'sources'>;

interface Entry {
  readonly suppression: Suppression;
  readonly problem: Problem;
  isUsed: boolean;
}

/** The comments of one text. */
class FileSuppressions {
  private readonly source: SourceFile;
  private readonly judgement: Judgement;
  private readonly byLine = new Map<number | undefined, Entry[]>();
  private readonly problems: PlacedDiagnostic[] = [];

  constructor(source: SourceFile, judgement: Judgement) {
    this.source = source;
    this.judgement = judgement;
    for (const comment of readSuppressions(source, syntaxOf(source))) {
      if (!comment.ok) {
        this.report(SUPPRESSION_PROBLEMS.malformed, {
          message: `this \`${SUPPRESSION_WORD}\` comment cannot be read, and allows nothing`,
          primary: { at: rangeOf(comment.at), text: comment.reason },
          help: [
            `write \`${SUPPRESSION_WORD} CODE: reason\`, or \`${SUPPRESSION_WORD} CODE until YYYY-MM-DD: reason\``,
          ],
        });
      } else this.take(comment);
    }
  }

  /** The comment that allows a diagnostic, marked as used. */
  allowing({ code, primary }: Diagnostic): Suppression | undefined {
    const { line } = this.source.positionOf(primary.at.start);
    const entry = [...(this.byLine.get(line) ?? []), ...(this.byLine.get(undefined) ?? [])].find(
      ({ problem }) => problem.code === code,
    );
    if (entry !== undefined) entry.isUsed = true;
    return entry?.suppression;
  }

  /** What is wrong with the comments; to be asked when every diagnostic has been looked up. */
  findings(): readonly PlacedDiagnostic[] {
    for (const entry of [...this.byLine.values()].flat()) {
      if (!entry.isUsed && this.judgement.isJudged(entry.problem)) this.reportUnused(entry);
    }
    return this.problems;
  }

  private take(suppression: Suppression): void {
    const { rule, ruleAt, until, line } = suppression;
    const problem = PROBLEM_BY_NAME.get(rule.toLowerCase());
    if (problem === undefined) {
      const nearest = nearestName(
        rule,
        PROBLEMS.flatMap(({ code, slug }) => [code, slug]),
      );
      this.report(SUPPRESSION_PROBLEMS.unknownRule, {
        message: `this \`${SUPPRESSION_WORD}\` comment names a rule that there is not`,
        primary: { at: rangeOf(ruleAt), text: 'neither the code nor the slug of a rule' },
        fixes:
          nearest === undefined
            ? []
            : [{ title: `write ${nearest}`, safe: false, edits: [{ at: rangeOf(ruleAt), text: nearest }] }],
      });
    } else if (!isSuppressible(problem)) {
      this.report(SUPPRESSION_PROBLEMS.neverAllowed, {
        message: `${problem.slug} cannot be allowed by a comment`,
        primary: { at: rangeOf(ruleAt), text: 'this stands whatever a comment says' },
        help: [`remove the comment, and read \`hostdev explain ${problem.slug}\``],
      });
    } else if (until !== undefined && until < this.judgement.today) {
      this.report(SUPPRESSION_PROBLEMS.expired, {
        message: `this comment allowed ${problem.slug} until ${until}`,
        primary: { at: rangeOf(suppression.at), text: 'allows nothing any more' },
        notes: [`today is ${this.judgement.today}`],
        help: ['remove the cause or the comment, or give it a later day'],
      });
    } else {
      const entries = this.byLine.get(line);
      const entry = { suppression, problem, isUsed: false };
      if (entries === undefined) this.byLine.set(line, [entry]);
      else entries.push(entry);
    }
  }

  private reportUnused({ suppression, problem }: Entry): void {
    const where = suppression.line === undefined ? 'in this file' : 'on the line it is for';
    const isShared = this.judgement.isShared(this.source.path);
    this.report(SUPPRESSION_PROBLEMS.unused, {
      message: `this comment allows ${problem.slug}, which finds nothing ${where}`,
      primary: { at: rangeOf(suppression.at), text: 'allows nothing' },
      ...(isShared ? { severity: 'info', notes: ['other fleets that read this file may need it'] } : {}),
      fixes: [
        {
          title: 'remove the comment',
          safe: !isShared,
          edits: [{ at: rangeOf(suppression.removal), text: '' }],
        },
      ],
    });
  }

  private report(problem: Problem, finding: Finding): void {
    this.problems.push(stamp(problem, finding));
  }
}

function rangeOf(span: Span): { readonly kind: 'range'; readonly span: Span } {
  return { kind: 'range', span };
}

function syntaxOf(source: SourceFile): Parameters<typeof readSuppressions>[1] {
  if (!/\.[cm]?[jt]sx?$/.test(source.path)) return { mark: '#', isComment: yamlComments(source) };
  return { mark: '//', isComment: (offset) => !isInsideQuotes(source, offset) };
}

/** Whether a quote of the same line is open at an offset; texts of several lines are not followed. */
function isInsideQuotes(source: SourceFile, offset: number): boolean {
  const { line, column } = source.positionOf(offset);
  let quote: string | undefined;
  let isEscaped = false;
  for (const character of source.lineText(line).slice(0, column - 1)) {
    if (isEscaped) isEscaped = false;
    else if (character === '\\') isEscaped = true;
    else if (character === quote) quote = undefined;
    else if (quote === undefined && /["'`]/.test(character)) quote = character;
  }
  return quote !== undefined;
}

const PROBLEM_BY_NAME: ReadonlyMap<string, Problem> = new Map(
  PROBLEMS.flatMap((problem) => [
    [problem.code.toLowerCase(), problem],
    [problem.slug, problem],
  ]),
);

/** The reports of several fleets as one: a comment that allows something in one of them is not idle in the others. */
export function mergeFleetReports(reports: readonly Report[]): Report {
  const { diagnostics, skipped, suppressed } = reports.reduce(mergeReports, makeReport([]));
  const keyOf = ({ file, start, end }: Span): string => JSON.stringify([file, start, end]);
  const used = new Set(suppressed.map(({ by }) => keyOf(by.at)));
  const isIdle = ({ code, primary }: Diagnostic): boolean =>
    code === SUPPRESSION_PROBLEMS.unused.code && used.has(keyOf(primary.at));
  return makeReport(
    diagnostics.filter((diagnostic) => !isIdle(diagnostic)),
    skipped,
    suppressed,
  );
}
