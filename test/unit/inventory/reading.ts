import type { PlacedDiagnostic } from '../../../src/diagnostics';
import { readLspci } from '../../../src/inventory';
import type { PciFunction } from '../../../src/model';
import { SourceFile, type Place } from '../../../src/source';
import { locateInYaml } from '../../../src/yaml';

/** What a text from lspci says, functions by address, with the facts that are known only. */
export function read(text: string): {
  source: SourceFile;
  functions: readonly PciFunction[];
  facts: Record<string, Record<string, unknown>>;
  problems: readonly PlacedDiagnostic[];
} {
  const source = new SourceFile('node01.lspci', text);
  const { functions, problems } = readLspci(source);
  return {
    source,
    functions,
    facts: Object.fromEntries(functions.map((fact) => [fact.address, knownFacts(fact)])),
    problems,
  };
}

/** A function without its address, its place and what is not known. */
export function knownFacts(fact: PciFunction): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fact).filter(([key, value]) => key !== 'address' && key !== 'place' && value !== undefined),
  );
}

/** The text under a place. */
export function textAt(source: SourceFile, place: Place): string {
  if (place.kind === 'range') return source.text.slice(place.span.start, place.span.end);
  if (place.kind !== 'document') return `<${place.kind}>`;
  const { start, end } = locateInYaml(source, place);
  return source.text.slice(start, end);
}

/** Problems as lines: `warning inventory/missing-ids: message @ text under the primary label`. */
export function summaries(source: SourceFile, problems: readonly PlacedDiagnostic[]): string[] {
  return problems.map(({ severity, slug, message, primary }) => {
    return `${severity} ${slug}: ${message} @ ${textAt(source, primary.at)}`;
  });
}

/** A text of these lines, each with its line end. */
export function lines(...text: string[]): string {
  return text.map((line) => `${line}\n`).join('');
}

/** The one item of a list. */
export function only<T>(list: readonly T[] | undefined): T {
  const [first, ...others] = list ?? [];
  if (first === undefined || others.length > 0) throw new Error(`expected one item, found ${list?.length ?? 0}`);
  return first;
}
