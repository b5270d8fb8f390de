import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { makeReport } from '../../../src/diagnostics';
import { renderJson } from '../../../src/report';
import { diagnosticOf, marked } from './diagnostics';

const SCHEMA = JSON.parse(readFileSync(join(__dirname, '../../../schema/report.schema.json'), 'utf8')) as object;
const validate = new Ajv2020({ strict: true, allErrors: true }).compile(SCHEMA);

it('gives every place its lines, columns and offsets, and fits its schema', () => {
  const world = marked({ 'a.yaml': 'a: «1\nb»: 2\n«»' });
  const at = world.at('a.yaml');
  const diagnostic = diagnosticOf(
    { at, text: 'one' },
    {
      secondary: [{ at: { file: 'gone.yaml', start: 0, end: 0 }, text: 'two' }],
      notes: ['a fact'],
      help: ['an advice'],
      fixes: [{ title: 'write x', safe: true, edits: [{ at: world.at('a.yaml', 1), text: 'x' }] }],
    },
  );

  const text = renderJson(
    makeReport(
      [diagnostic],
      [{ slug: 'vm/no-fit', missing: 'no inventory of n1' }],
      [
        {
          diagnostic: diagnosticOf({ at, text: 'allowed' }, { severity: 'warning' }),
          by: { reason: 'known', until: '2027-03-01', at: world.at('a.yaml', 1) },
        },
        { diagnostic, by: { reason: 'for good', until: undefined, at: { file: 'gone.yaml', start: 0, end: 0 } } },
      ],
    ),
    world.sources,
  );

  expect(text).toMatchGolden('report/report.json');
  expect(validate(JSON.parse(text)) || validate.errors).toBe(true);
});

it('is a report without findings too', () => {
  const text = renderJson(makeReport([]), () => undefined);

  expect(JSON.parse(text)).toEqual({
    version: 1,
    diagnostics: [],
    counts: { error: 0, warning: 0, info: 0, suppressed: 0 },
    skipped: [],
    suppressed: [],
  });
  expect(validate(JSON.parse(text))).toBe(true);
});

it('escapes what would steer a terminal and keeps its meaning', () => {
  const message = '\u001b[2J\u009b31m\u202e\u2066\u200b\u007f\u2028 ä 😀';
  const text = renderJson(
    makeReport([diagnosticOf({ at: { file: message, start: 0, end: 0 }, text: '' }, { message })]),
    () => undefined,
  );

  expect(text).not.toMatch(/(?!\n)\p{Cc}|[\p{Cf}\p{Cs}\p{Zl}]/u);
  expect(JSON.parse(text)).toMatchObject({ diagnostics: [{ message, primary: { file: message } }] });
});

it.each([
  ['a version of another form', { version: 2 }],
  ['no counts', { counts: undefined }],
  ['a comment without a reason', { suppressed: [{ diagnostic: {}, comment: { file: 'a', start: 0, end: 0 } }] }],
  ['a line without a column', { diagnostics: [{ primary: { line: 1 } }] }],
])('has a schema that refuses %s', (_, change) => {
  const world = marked({ 'a.yaml': '«a»' });
  const good = JSON.parse(
    renderJson(makeReport([diagnosticOf({ at: world.at('a.yaml'), text: '' })]), world.sources),
  ) as Record<string, unknown>;

  expect(validate(good)).toBe(true);
  expect(validate(JSON.parse(JSON.stringify({ ...good, ...change })))).toBe(false);
});
