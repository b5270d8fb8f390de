import fc from 'fast-check';
import { stringify, parseAllDocuments } from 'yaml';
import { compileFleet, SourceSet } from '../../src/compile';
import { loadManifests } from '../../src/load';
import { renderText } from '../../src/report';
import { GOOD_DUMP, GOOD_HARDWARE } from '../support/dump';
import { memoryFiles } from '../support/fleet-of';

const RUNS = { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 200) };
const PATHS = Object.keys(GOOD_DUMP).filter((path) => /^dump\/(?!values)[^.]*\.(?:yaml|json)$/.test(path));

/** Reads and judges a dump as the command does; what a rule throws is a finding of its own. */
function check(files: Readonly<Record<string, string>>): readonly string[] {
  const access = memoryFiles({ ...files, ...GOOD_HARDWARE });
  const loaded = loadManifests(access, 'dump', { inventory: 'inventory' });
  const sources = new SourceSet(loaded.sources, access);
  const { report } = compileFleet({
    fleet: loaded.fleet,
    problems: loaded.problems,
    locate: (place) => sources.locate(place),
  });
  renderText(report, (file) => sources.get(file));
  return report.diagnostics.map(({ code }) => code);
}

const documentsOf = (text: string): unknown[] => parseAllDocuments(text).map((one) => one.toJS() as unknown);

/** The document with one of its values, chosen by a number, replaced. */
function grafted(value: unknown, at: { left: number }, replacement: unknown): unknown {
  if (at.left-- === 0) return replacement;
  if (Array.isArray(value)) return value.map((item): unknown => grafted(item, at, replacement));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, grafted(item, at, replacement)]));
}

describe('judging a dump', () => {
  it('never fails, whatever stands where', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PATHS), fc.nat(120), fc.jsonValue({ maxDepth: 3 }), (path, spot, value) => {
        const at = { left: spot };
        const text = documentsOf(GOOD_DUMP[path] ?? '')
          .map((document) => stringify(grafted(document, at, value)))
          .join('---\n');

        expect(check({ ...GOOD_DUMP, [path]: text })).not.toContain('BUG901');
      }),
      RUNS,
    );
  });

  it('never fails on a file that is cut off or overwritten', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...PATHS),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.string(),
        (path, part, text) => {
          const whole = GOOD_DUMP[path] ?? '';
          const start = Math.floor(whole.length * part);

          expect(check({ ...GOOD_DUMP, [path]: whole.slice(0, start) + text })).not.toContain('BUG901');
        },
      ),
      RUNS,
    );
  });

  it('gives the same findings in whatever order the documents of a file stand', () => {
    const path = 'dump/machine-configs.yaml';
    const broken = (GOOD_DUMP[path] ?? '').replace('[intel_iommu=on]\n', '[intel_iommu=on, iommu=off]\n');
    const documents = broken.split(/^---\n/m).filter((text) => text !== '');
    const expected = check({ ...GOOD_DUMP, [path]: broken });
    fc.assert(
      fc.property(fc.shuffledSubarray(documents, { minLength: documents.length }), (shuffled) => {
        expect([...check({ ...GOOD_DUMP, [path]: shuffled.join('---\n') })].sort()).toEqual([...expected].sort());
      }),
      { numRuns: 20 },
    );
  });
});
