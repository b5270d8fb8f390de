import { YAML_PROBLEMS } from '../../../src/yaml';
import { messageLawViolations } from '../../support/message-law';

it('gives every problem a code and a slug of its own', () => {
  expect(new Set(YAML_PROBLEMS.map(({ code }) => code)).size).toBe(YAML_PROBLEMS.length);
  expect(new Set(YAML_PROBLEMS.map(({ slug }) => slug)).size).toBe(YAML_PROBLEMS.length);
});

it.each(YAML_PROBLEMS.map((problem) => [problem.slug, problem] as const))(
  'says why %s matters, with a source',
  (_, problem) => {
    expect(problem.code).toMatch(/^SRC1\d\d$/);
    expect(problem.slug).toMatch(/^yaml\/[a-z-]+$/);
    expect(messageLawViolations({ message: problem.summary, primary: { text: '' } })).toEqual([]);
    expect(problem.why.trim().length).toBeGreaterThan(40);
    expect(problem.sources.length).toBeGreaterThan(0);
    for (const { url } of problem.sources) expect(url).toMatch(/^https:\/\//);
  },
);
