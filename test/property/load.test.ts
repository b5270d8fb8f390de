import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { loadFleet, type LoadedFleet } from '../../src/load';
import { isJsonObject, type JsonObject, type JsonValue } from '../../src/model';
import { appendToPointer, pointerSegments, type FileAccess, type Place } from '../../src/source';
import { locateInYaml } from '../../src/yaml';
import { EVERYTHING, EVERYTHING_NAMES } from '../unit/load/everything';
import { includedText, memoryFiles } from '../unit/load/support';

const RUNS = { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 200) };
const LAB = join(__dirname, '..', '..', 'examples', 'lab');
const labFolder = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(join(LAB, folder)).map((name) => [`${folder}/${name}`, readFileSync(join(LAB, folder, name), 'utf8')]),
  );
const LAB_FILES = { ...labFolder('inventory'), ...labFolder('cluster') };
const LAB_TEXT = readFileSync(join(LAB, 'fleet.yaml'), 'utf8');

/** What everything that reads a loaded fleet does with it; none of it may throw. */
function use({ problems, sources }: LoadedFleet): void {
  for (const { primary, secondary, fixes } of problems) {
    const places: Place[] = [
      primary.at,
      ...secondary.map(({ at }) => at),
      ...fixes.flatMap(({ edits }) => edits.map(({ at }) => at)),
    ];
    for (const place of places) {
      if (place.kind !== 'document') continue;
      const source = sources.get(place.file);
      if (source === undefined) throw new Error(`${place.file} was not read`);
      const { start, end } = locateInYaml(source, place);
      if (start > end || end > source.text.length) throw new Error(`${place.pointer} lies outside of ${place.file}`);
    }
  }
}

function hasErrors({ problems }: LoadedFleet): boolean {
  return problems.some(({ severity }) => severity === 'error');
}

const PLACES = new Set(['place', 'specPlace', 'at']);
const withoutPlaces = (value: unknown): string =>
  JSON.stringify(value, (key, entry: unknown) => (PLACES.has(key) ? undefined : entry));

/** The model without places; the order of keys inside a VM's own spec means nothing to anybody. */
function modelOf({ fleet }: LoadedFleet): unknown {
  return fleet === undefined ? undefined : (JSON.parse(withoutPlaces(fleet)) as unknown);
}

/** What was found, without places and in no order. */
function said({ problems }: LoadedFleet): string[] {
  return problems.map((problem) => withoutPlaces(problem)).sort();
}

const mutation = fc.record({
  at: fc.nat(),
  length: fc.nat({ max: 12 }),
  text: fc.oneof(
    fc.constantFrom(
      '',
      ' ',
      '\n',
      '\t',
      ':',
      '- ',
      '[',
      '{',
      '}',
      '"',
      "'",
      '#',
      '&a ',
      '*a',
      '? ',
      '!!str ',
      '---\n',
      '__proto__',
      'null',
      '0010',
      '1e10',
      '\u0000',
      '\ud800',
    ),
    fc.string({ maxLength: 6, unit: 'binary' }),
  ),
});

const pointers = ((): string[] => {
  const found: string[] = [];
  const walk = (value: JsonValue | undefined, pointer: string): void => {
    found.push(pointer);
    if (Array.isArray(value)) (value as JsonValue[]).forEach((item, i) => walk(item, appendToPointer(pointer, i)));
    else if (isJsonObject(value))
      for (const [key, entry] of Object.entries(value)) walk(entry, appendToPointer(pointer, key));
  };
  walk(EVERYTHING, '');
  return found;
})();

function grafted(root: JsonValue, pointer: string, value: unknown): unknown {
  const [first, ...rest] = pointerSegments(pointer);
  if (first === undefined) return value;
  const deeper = appendToPointer('', ...rest);
  if (Array.isArray(root))
    return (root as JsonValue[]).map((item, i) => (String(i) === first ? grafted(item, deeper, value) : item));
  return { ...(root as JsonObject), [first]: grafted((root as JsonObject)[first] ?? null, deeper, value) };
}

/** The same JSON with the keys of its maps in another order; JSON is YAML. */
function shuffledJson(value: unknown, order: readonly number[]): string {
  let next = 0;
  const shuffle = (at: unknown): string => {
    if (Array.isArray(at)) return `[${at.map(shuffle).join(',')}]`;
    if (!isJsonObject(at)) return JSON.stringify(at);
    const entries = Object.entries(at).map(([key, entry]) => ({ rank: order[next++ % order.length] ?? 0, key, entry }));
    entries.sort((a, b) => a.rank - b.rank);
    return `{${entries.map(({ key, entry }) => `${JSON.stringify(key)}: ${shuffle(entry)}`).join(', ')}}`;
  };
  return `${shuffle(value)}\n`;
}

const loadText = (text: string, files: Readonly<Record<string, string>>): LoadedFleet =>
  loadFleet(memoryFiles({ ...files, 'fleet.yaml': text }), 'fleet.yaml');

/** The same fleet, with one of each section added whose name is like that of another. */
const RICH = grafted(EVERYTHING, '/spec/devices/t10', { pci: ['8086:6f54'] }) as JsonValue;

describe('loading', () => {
  it('never throws, whatever happens to the text', () => {
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 5 }), (mutations) => {
        let text = LAB_TEXT;
        for (const { at, length, text: inserted } of mutations) {
          const start = at % (text.length + 1);
          text = text.slice(0, start) + inserted + text.slice(start + length);
        }
        const loaded = loadText(text, LAB_FILES);
        use(loaded);
        expect(loaded.fleet !== undefined || hasErrors(loaded)).toBe(true);
      }),
      RUNS,
    );
  });

  it('never throws, whatever stands where, and leaves nothing out without saying so', () => {
    fc.assert(
      fc.property(fc.constantFrom(...pointers), fc.jsonValue({ maxDepth: 4 }), (pointer, value) => {
        const document = grafted(EVERYTHING, pointer, value);
        const loaded = loadText(JSON.stringify(document), {
          ...EVERYTHING_NAMES,
          'inventory/README': '',
          'cluster/README': '',
        });
        use(loaded);
        if (hasErrors(loaded)) return;
        const spec = (document as { readonly spec: Readonly<Record<string, JsonObject | undefined>> }).spec;
        expect(loaded.fleet?.devices).toHaveLength(Object.keys(spec['devices'] ?? {}).length);
        expect(loaded.fleet?.nodePools).toHaveLength(Object.keys(spec['nodePools'] ?? {}).length);
        expect(loaded.fleet?.virtualMachines.filter(({ foreign }) => foreign === undefined)).toHaveLength(
          Object.keys(spec['virtualMachines'] ?? {}).length,
        );
      }),
      RUNS,
    );
  });

  it('gives the same model and the same findings for maps in another order', () => {
    const files = { ...EVERYTHING_NAMES, 'inventory/README': '', 'cluster/README': '' };
    fc.assert(
      fc.property(
        fc.array(fc.nat(), { minLength: 5, maxLength: 40 }),
        fc.constantFrom(...pointers.slice(1)),
        fc.constantFrom<JsonValue | undefined>(undefined, null, 'text', 7, [], {}, { unheardOf: 1, alsoUnheardOf: [] }),
        (order, pointer, wrong) => {
          const document = wrong === undefined ? RICH : grafted(RICH, pointer, wrong);
          const plain = loadText(JSON.stringify(document), files);
          const shuffled = loadText(shuffledJson(document, order), files);
          expect(modelOf(shuffled)).toEqual(modelOf(plain));
          expect(said(shuffled)).toEqual(said(plain));
        },
      ),
      RUNS,
    );
  });

  it('follows any graph of includes to its end, in any order, to the same fleet', () => {
    const file = (index: number): string => `f${index}.yaml`;
    const text = (index: number, includes: readonly number[]): string =>
      includedText(
        `include: [${includes.map(file).join(', ')}]\ndevices: { d${index}: { pci: ["1:2"] }, shared${index % 4}: { pci: ["1:2"] } }`,
      );
    fc.assert(
      fc.property(
        fc.array(fc.uniqueArray(fc.nat({ max: 6 }), { maxLength: 4 }), { minLength: 6, maxLength: 6 }),
        (graph) => {
          const filesOf = (reverse: boolean): FileAccess =>
            memoryFiles(
              Object.fromEntries(
                graph.map((includes, index) => {
                  const content = text(index, reverse ? [...includes].reverse() : includes);
                  return [
                    file(index),
                    index === 0
                      ? content.replace(
                          'spec:',
                          'metadata: { name: lab }\nspec:\n  cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" } }',
                        )
                      : content,
                  ];
                }),
              ),
            );
          const forward = loadFleet(filesOf(false), file(0));
          const backward = loadFleet(filesOf(true), file(0));
          use(forward);
          expect(modelOf(backward)).toEqual(modelOf(forward));
          expect(said(backward)).toEqual(said(forward));
          const isCyclic = forward.problems.some(({ slug }) => slug === 'fleet/include-cycle');
          expect(isCyclic).toBe(hasCycle(graph));
        },
      ),
      RUNS,
    );
  });
});

/** Whether a walk from the first file can come back to a file that it is still inside of. */
function hasCycle(graph: readonly (readonly number[])[]): boolean {
  const isOpen = new Set<number>();
  const isDone = new Set<number>();
  const visit = (index: number): boolean => {
    if (isOpen.has(index)) return true;
    if (isDone.has(index)) return false;
    isOpen.add(index);
    const found = (graph[index] ?? []).some(visit);
    isOpen.delete(index);
    isDone.add(index);
    return found;
  };
  return visit(0);
}
