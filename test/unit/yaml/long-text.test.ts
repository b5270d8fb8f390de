import type * as JsYaml from 'js-yaml';
import { SourceFile } from '../../../src/source';
import type * as Yaml from '../../../src/yaml';

const actual = jest.requireActual<typeof JsYaml>('js-yaml');
const parseEvents = jest.fn(actual.parseEvents);
jest.doMock('js-yaml', () => ({ ...actual, parseEvents }));
const { locateInYaml, readYaml } = jest.requireActual<typeof Yaml>('../../../src/yaml');

const entries = Array.from({ length: 20_000 }, (_, i) => `  vm-${i}: { cpu: "${i}" } # one of many\n`);
const TEXT = `machines:\n${entries.join('')}`;

function spanOf(source: SourceFile, pointer: string): string {
  const { start, end } = locateInYaml(source, {
    kind: 'document',
    file: source.path,
    document: 0,
    pointer,
    part: 'value',
  });
  return `${start}-${end} ${source.text.slice(start, end)}`;
}

it('is parsed once, however many of its places are asked for', () => {
  const source = new SourceFile('fleet.yaml', TEXT);
  readYaml(source);
  const spans = ['/machines/vm-7/cpu', '/machines/vm-19999'].map((pointer) => spanOf(source, pointer));

  expect(parseEvents).toHaveBeenCalledTimes(1);
  expect(spans[0]).toMatch(/ "7"$/);
  // the same as of a text that nobody read before
  const unread = new SourceFile('fleet.yaml', TEXT);
  expect(['/machines/vm-7/cpu', '/machines/vm-19999'].map((pointer) => spanOf(unread, pointer))).toEqual(spans);
});
