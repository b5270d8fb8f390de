import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROBLEMS } from '../../src/compile';
import { RULES } from '../../src/rules';
import { KUBEVIRT_ROWS, NODE_ROWS, OWN_RULES, type TraceRow } from '../../tools/rule-trace';
import { ROOT } from '../support/lab';

const ROWS = [...KUBEVIRT_ROWS, ...NODE_ROWS];
const FACTS = join(ROOT, '..', 'shared', 'facts');

/** Id and severity of each row of the last table with this heading in a page of facts. */
function rowsOf(page: string, heading: string): [id: string, severity: string][] {
  const text = readFileSync(join(FACTS, page), 'utf8');
  const table = text.slice(text.indexOf(heading)).split('\n');
  const end = table.findIndex((line, i) => i > 1 && !line.startsWith('|'));
  return table.slice(2, end).map((line) => {
    const [, id = '', severity = ''] = line.split('|').map((cell) => cell.trim());
    return [id, severity];
  });
}

const ofTable = (rows: readonly TraceRow[]): [string, string][] => rows.map(({ id, severity }) => [id, severity]);

describe('the trace', () => {
  if (existsSync(FACTS)) {
    it('has every row of the table about KubeVirt, with its severity', () => {
      expect(ofTable(KUBEVIRT_ROWS)).toEqual(rowsOf('kubevirt.md', '| Rule id |'));
    });

    it('has every row of the table about node preparation, with its severity', () => {
      const rows = rowsOf('node-prep.md', '| rule id |').map(([id, severity]) => [id.split(' ')[0], severity]);
      expect(ofTable(NODE_ROWS)).toEqual(rows);
    });
  } else {
    it.skip('is compared with the tables of facts: ../shared/facts is not there', () => undefined);
  }

  it('names rules and tests that there are', () => {
    const known = new Set(PROBLEMS.map(({ slug }) => slug));
    const named = [...ROWS.flatMap(({ rules = [] }) => rules), ...Object.keys(OWN_RULES)];

    expect(named.filter((slug) => !known.has(slug))).toEqual([]);
    expect(
      ROWS.flatMap(({ test = '' }) => test).filter((path) => path !== '' && !existsSync(join(ROOT, path))),
    ).toEqual([]);
  });

  it('says something of every row', () => {
    const silent = ROWS.filter(
      ({ rules = [], test, note }) => rules.length === 0 && test === undefined && note === undefined,
    );
    const unexplained = ROWS.filter(({ rules = [], note }) => rules.length === 0 && note === undefined);

    expect([...silent, ...unexplained].map(({ id }) => id)).toEqual([]);
  });

  it('names every rule, once as asked for or once as our own', () => {
    const asked = new Set(ROWS.flatMap(({ rules = [] }) => rules));
    const slugs = RULES.map(({ slug }) => slug);

    expect(slugs.filter((slug) => !asked.has(slug) && !Object.hasOwn(OWN_RULES, slug))).toEqual([]);
    expect(Object.keys(OWN_RULES).filter((slug) => asked.has(slug))).toEqual([]);
  });

  it('has a milder word for what is judged more mildly than the table asks', () => {
    const severityBySlug = new Map(PROBLEMS.map(({ slug, severity }) => [slug, severity]));
    const milder = ROWS.filter(({ severity, rules: [first] = [], note }) => {
      if (first === undefined || note !== undefined) return false;
      return /^(?:error|E\b)/.test(severity) && severityBySlug.get(first) !== 'error';
    });

    expect(milder.map(({ id }) => id)).toEqual([]);
  });
});
