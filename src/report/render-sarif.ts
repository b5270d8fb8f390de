/*
 * A report in the Static Analysis Results Interchange Format, 2.1.0: what code scanning services read. One run; a rule's text
 * is its page. Columns are UTF-16 code units, ends are one past the last character, as ours are.
 */
import { createHash } from 'node:crypto';
import type { Diagnostic, Label, Report, Severity, SuppressedDiagnostic } from '../diagnostics';
import type { SourceFile, Span } from '../source';
import { jsonText } from './json-text';
import type { Sources } from './picture';
import { renderRulePage, type RulePage } from './rule-page';
import { renderRulePageText } from './rule-page-text';

/** What a SARIF log says besides the report. */
export interface SarifOptions {
  /** The program's version, `0.1.0`. */
  readonly version: string;
  /** The page of a rule by its slug; undefined for a slug that nobody knows. */
  readonly pageOf: (slug: string) => RulePage | undefined;
  /**
   * A file as services look for it: relative to the repository, with `/`, or absolute where it lies outside.
   *
   * @default - as the report names it
   */
  readonly shownFile?: (file: string) => string;
}

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
};

/**
 * A report as SARIF 2.1.0. Findings that comments allow are in it with the reason as justification; rules that were not run are
 * notifications. Only fixes that are safe are offered.
 *
 * Fingerprints are made from the rule, the file, and the words on the line, so that lines above may come and go.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
 */
export function renderSarif(report: Report, sources: Sources, options: SarifOptions): string {
  const writer = new SarifWriter(report, sources, options);
  return jsonText({ $schema: SCHEMA, version: '2.1.0', runs: [writer.run()] });
}

class SarifWriter {
  private readonly report: Report;
  private readonly sources: Sources;
  private readonly options: SarifOptions;
  /** Slugs in the order of `tool.driver.rules`. */
  private readonly slugs: readonly string[];
  private readonly codeBySlug: ReadonlyMap<string, string>;
  private readonly seen = new Map<string, number>();

  constructor(report: Report, sources: Sources, options: SarifOptions) {
    this.report = report;
    this.sources = sources;
    this.options = options;
    const found = [...report.diagnostics, ...report.suppressed.map(({ diagnostic }) => diagnostic)];
    const codes = new Map(found.map(({ slug, code }) => [slug, code]));
    for (const { slug } of report.skipped) {
      const page = options.pageOf(slug);
      if (page !== undefined) codes.set(slug, page.code);
    }
    this.codeBySlug = codes;
    this.slugs = [...codes.keys()].sort((a, b) => (a < b ? -1 : 1));
  }

  run(): object {
    const { diagnostics, suppressed } = this.report;
    return {
      tool: {
        driver: {
          name: 'hostdev',
          semanticVersion: this.options.version,
          rules: this.slugs.map((slug) => this.rule(slug)),
        },
      },
      invocations: [{ executionSuccessful: true, toolConfigurationNotifications: this.notifications() }],
      columnKind: 'utf16CodeUnits',
      results: [
        ...diagnostics.map((diagnostic) => this.result(diagnostic, undefined)),
        ...suppressed.map(({ diagnostic, by }) => this.result(diagnostic, by)),
      ],
    };
  }

  private rule(slug: string): object {
    const id = this.codeBySlug.get(slug) ?? slug;
    const page = this.options.pageOf(slug);
    if (page === undefined) return { id, name: slug };
    return {
      id,
      name: slug,
      shortDescription: { text: page.summary },
      fullDescription: { text: page.why.trim() },
      help: { text: renderRulePageText(page), markdown: renderRulePage(page) },
      defaultConfiguration: { level: LEVELS[page.severity] },
      properties: { tags: [slug.split('/')[0] ?? slug] },
    };
  }

  private reference(slug: string): { readonly id: string; readonly index: number } {
    return { id: this.codeBySlug.get(slug) ?? slug, index: this.slugs.indexOf(slug) };
  }

  private notifications(): object[] {
    return this.report.skipped.map(({ slug, missing }) => ({
      level: 'note',
      message: { text: `${slug} was not run: ${missing}` },
      ...(this.codeBySlug.has(slug) ? { associatedRule: this.reference(slug) } : {}),
    }));
  }

  private result(diagnostic: Diagnostic, by: SuppressedDiagnostic['by'] | undefined): object {
    const { slug, severity, message, primary, secondary, notes, help, fixes } = diagnostic;
    const { id, index } = this.reference(slug);
    const text = [message, ...notes.map((note) => `note: ${note}`), ...help.map((advice) => `help: ${advice}`)];
    const safeFixes = fixes.filter(({ safe }) => safe).flatMap((fix) => this.fix(fix) ?? []);
    return {
      ruleId: id,
      ruleIndex: index,
      level: LEVELS[severity],
      message: { text: text.join('\n') },
      locations: [this.location(primary)],
      ...(secondary.length === 0
        ? {}
        : { relatedLocations: secondary.map((label, i) => ({ id: i + 1, ...this.location(label) })) }),
      partialFingerprints: { 'hostdevFinding/v1': this.fingerprint(diagnostic) },
      ...(safeFixes.length === 0 ? {} : { fixes: safeFixes }),
      // where one result has suppressions, all of them must say whether they have
      suppressions:
        by === undefined
          ? []
          : [
              {
                kind: 'inSource',
                justification: by.until === undefined ? by.reason : `${by.reason} (until ${by.until})`,
                location: this.location({ at: by.at, text: '' }),
              },
            ],
    };
  }

  private location({ at, text }: Label<Span>): object {
    const source = this.sources(at.file);
    const region = source === undefined ? undefined : regionOf(source, at);
    return {
      physicalLocation: {
        artifactLocation: { uri: this.uri(at.file) },
        ...(region === undefined ? {} : { region }),
      },
      ...(text === '' ? {} : { message: { text } }),
    };
  }

  private fix({ title, edits }: Diagnostic['fixes'][number]): object | undefined {
    const files = [...new Set(edits.map(({ at }) => at.file))];
    const changes = files.map((file) => {
      const source = this.sources(file);
      return source === undefined
        ? undefined
        : {
            artifactLocation: { uri: this.uri(file) },
            replacements: edits
              .filter(({ at }) => at.file === file)
              .map(({ at, text }) => ({ deletedRegion: regionOf(source, at), insertedContent: { text } })),
          };
    });
    // all edits of a fix or none
    if (changes.length === 0 || changes.includes(undefined)) return undefined;
    return { description: { text: title }, artifactChanges: changes };
  }

  private fingerprint({ code, primary }: Diagnostic): string {
    const source = this.sources(primary.at.file);
    const line = source === undefined ? '' : source.lineText(source.positionOf(primary.at.start).line);
    const marked = source === undefined ? '' : source.text.slice(primary.at.start, primary.at.end);
    const words = [code, this.shown(primary.at.file), blanksAsOne(line), blanksAsOne(marked)];
    const hash = createHash('sha256').update(JSON.stringify(words)).digest('hex').slice(0, 32);
    const count = (this.seen.get(hash) ?? 0) + 1;
    this.seen.set(hash, count);
    return `${hash}:${count}`;
  }

  private shown(file: string): string {
    return this.options.shownFile?.(file) ?? file;
  }

  private uri(file: string): string {
    const shown = this.shown(file);
    const path = shown.split('/').map(uriSegment).join('/');
    if (shown.startsWith('/')) return `file://${path}`;
    // a colon in the first folder's name would be read as a scheme
    return /^[^/]*:/.test(path) ? `./${path}` : path;
  }
}

function uriSegment(segment: string): string {
  // what is no text at all cannot be encoded
  return encodeURIComponent(segment.replace(/[\ud800-\udfff]/gu, '\ufffd')).replace(
    /%(?:3A|40|2B|24|2C|3B|3D|26)/g,
    decodeURIComponent,
  );
}

function blanksAsOne(text: string): string {
  return text.split(/\s+/).join(' ').trim();
}

function regionOf(source: SourceFile, { start, end }: Span): object {
  const first = source.positionOf(start);
  const last = source.positionOf(Math.max(start, end));
  return { startLine: first.line, startColumn: first.column, endLine: last.line, endColumn: last.column };
}
