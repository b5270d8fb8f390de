import type { PlacedDiagnostic } from '../../../src/diagnostics';
import { SourceFile, type Place } from '../../../src/source';
import { locateInYaml, readYaml, type ReadYamlOptions, type YamlText } from '../../../src/yaml';
import { messageLawViolations } from '../../support/message-law';

/** Reads a text as `fleet.yaml`; every problem it gives obeys the law of the texts. */
export function read(text: string, options?: ReadYamlOptions): YamlText {
  const result = readYaml(new SourceFile('fleet.yaml', text), options);
  expect(result.problems.flatMap((problem) => messageLawViolations(problem))).toEqual([]);
  return result;
}

/** The value of a text's first document. */
export function valueOf(text: string, options?: ReadYamlOptions): unknown {
  const { documents, problems } = read(text, options);
  expect(problems).toEqual([]);
  return documents[0]?.value;
}

/** A problem in short: slug, message, and the marked text of each label with what it says. */
export function inShort(text: string, problem: PlacedDiagnostic): readonly string[] {
  const labels = [problem.primary, ...problem.secondary].map(
    ({ at, text: label }) => `${JSON.stringify(marked(text, at))} ${label}`,
  );
  return [problem.slug, problem.message, ...labels];
}

/** The problems of a text in short. */
export function problemsOf(text: string, options?: ReadYamlOptions): readonly (readonly string[])[] {
  return read(text, options).problems.map((problem) => inShort(text, problem));
}

/** The text that a range marks. */
export function marked(text: string, place: Place): string {
  if (place.kind !== 'range') throw new Error(`a ${place.kind} place marks no range`);
  return text.slice(place.span.start, place.span.end);
}

/** The text at a pointer. */
export function textAt(text: string, pointer: string, part: 'key' | 'value' = 'value', document = 0): string {
  const place = { kind: 'document', file: 'fleet.yaml', document, pointer, part } as const;
  const { start, end } = locateInYaml(new SourceFile('fleet.yaml', text), place);
  return text.slice(start, end);
}
