import type { Diagnostic, Label, Severity } from '../../../src/diagnostics';
import { SourceFile, type Span } from '../../../src/source';

/** What a test says of a diagnostic; the rest is empty. */
export type Sketch = Partial<Diagnostic> & { readonly message?: string };

/** A world of texts, whose spans are marked in them as «this»; `at` finds the n-th one of a file. */
export function marked(files: Readonly<Record<string, string>>): {
  readonly sources: (file: string) => SourceFile | undefined;
  readonly at: (file: string, n?: number) => Span;
} {
  const spans = new Map<string, Span[]>();
  const texts = new Map<string, SourceFile>();
  for (const [file, text] of Object.entries(files)) {
    const found: Span[] = [];
    let plain = '';
    for (const piece of text.split(/(«[^»]*»)/)) {
      const inner = piece.startsWith('«') ? piece.slice(1, -1) : undefined;
      if (inner !== undefined) found.push({ file, start: plain.length, end: plain.length + inner.length });
      plain += inner ?? piece;
    }
    spans.set(file, found);
    texts.set(file, new SourceFile(file, plain));
  }
  return {
    sources: (file) => texts.get(file),
    at: (file, n = 0) => {
      const span = spans.get(file)?.[n];
      if (span === undefined) throw new Error(`no mark ${n} in ${file}`);
      return span;
    },
  };
}

/** A diagnostic of these parts. */
export function diagnosticOf(primary: Label<Span>, sketch: Sketch = {}): Diagnostic {
  const severity: Severity = 'error';
  return {
    code: 'PCI102',
    slug: 'pci/duplicate-selector',
    severity,
    message: 'a message',
    primary,
    secondary: [],
    notes: [],
    help: [],
    fixes: [],
    ...sketch,
  };
}
