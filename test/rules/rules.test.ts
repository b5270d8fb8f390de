import type { Diagnostic, PlacedDiagnostic } from '../../src/diagnostics';
import { DOCUMENTED_PROBLEMS, RULES } from '../../src/rules';
import { messageLawViolations } from '../support/message-law';
import { brokenFleets, edited, find, judge, turnedAround, unmarked, withLongNames } from './harness';

const spanOf = ({ file, start, end }: Diagnostic['primary']['at']): string => `${file}:${start}-${end}`;
const inWords = ({ code, severity, message }: Diagnostic): string => `${code} ${severity} ${message}`;

describe.each(DOCUMENTED_PROBLEMS.map((problem) => [problem.slug, problem] as const))('%s', (slug, problem) => {
  const numbered = problem.examples.bad.map((example, i) => ({ ...example, number: i + 1 }));

  describe.each(numbered)('bad: $name', (example) => {
    const { files, marks } = unmarked(example);
    const judgement = judge(files);
    const own = judgement.diagnostics.filter(({ code }) => code === problem.code);

    test('is reported at exactly the marked places', () => {
      expect(marks).not.toHaveLength(0);
      expect(own.map(({ primary }) => spanOf(primary.at))).toEqual(marks.map(spanOf));
    });

    test('has one cause, so nothing else is wrong with it', () => {
      const others = judgement.diagnostics.filter((one) => one.code !== problem.code && one.severity !== 'info');
      expect(others.map(inWords)).toEqual([]);
    });

    test('is said in the language of the law', () => {
      expect(own.flatMap(messageLawViolations)).toEqual([]);
    });

    test('reads as the golden text', () => {
      expect(judgement.drawn(problem.code)).toMatchGolden(`rules/${slug}-${example.number}.txt`);
    });

    test('gives the same findings when maps are turned around', () => {
      const turned = judge(turnedAround(files, 'keys')).diagnostics.filter(({ code }) => code === problem.code);
      expect(turned.map(inWords).sort()).toEqual(own.map(inWords).sort());
    });

    test('gives as many findings when lists are turned around', () => {
      const turned = judge(turnedAround(files, 'items')).diagnostics.filter(({ code }) => code === problem.code);
      expect(turned).toHaveLength(own.length);
    });

    test('stays within the law with names of 45 letters', () => {
      const long = judge(withLongNames(files)).diagnostics.filter(({ code }) => code === problem.code);
      expect(long).toHaveLength(own.length);
      expect(long.flatMap(messageLawViolations)).toEqual([]);
    });

    test('is gone after every safe fix', () => {
      const safe = own.flatMap(({ fixes }) => fixes.filter((fix) => fix.safe));
      if (safe.length === 0) return;
      const after = judge(
        edited(
          files,
          safe.flatMap(({ edits }) => edits),
        ),
      );
      expect(after.diagnostics.filter(({ severity }) => severity !== 'info').map(inWords)).toEqual([]);
    });
  });

  test.each(problem.examples.good)('good: $name', (example) => {
    const { diagnostics } = judge(unmarked(example).files);

    expect(
      diagnostics.filter(({ code, severity }) => code === problem.code || severity !== 'info').map(inWords),
    ).toEqual([]);
  });
});

describe('no rule stops', () => {
  const stoppedOn = (files: Readonly<Record<string, string>>): PlacedDiagnostic[] =>
    find(files).findings.filter(({ code }) => code === 'BUG901');

  test.each(['', 'null', '[]', '7', '{{ x }}', '\ufeff', 'spec: [', '- a\n- b'])('on %j', (text) => {
    expect(stoppedOn({ 'fleet.yaml': text })).toEqual([]);
  });

  test.each(RULES.map((rule) => [rule.slug, rule] as const))('on broken examples of %s', (_slug, rule) => {
    const [example] = rule.examples.bad;
    const { files } = unmarked(example ?? { name: 'none', yaml: '' });
    const main = Object.hasOwn(files, 'objects.yaml') ? 'objects.yaml' : 'fleet.yaml';
    const stopped = [...brokenFleets(files[main] ?? '')].flatMap((text) =>
      stoppedOn({ ...files, [main]: text }).map((finding) => ({ finding, text })),
    );

    expect(stopped).toEqual([]);
  });
});
