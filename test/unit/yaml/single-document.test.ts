import { SourceFile } from '../../../src/source';
import { readYaml, singleDocument } from '../../../src/yaml';
import { inShort } from './reading';

function single(text: string) {
  const source = new SourceFile('fleet.yaml', text);
  return singleDocument(source, readYaml(source));
}

it('gives the one document, whatever empty ones stand around it', () => {
  expect(single('---\n---\na: 1\n---\n# end\n').document).toEqual({ file: 'fleet.yaml', index: 1, value: { a: 1 } });
});

it('marks where a second document begins', () => {
  const text = 'a: 1\n---\n# more\nb:\n  c: 2\n';
  const { document, problem } = single(text);
  expect(document).toBeUndefined();
  expect(problem === undefined ? [] : inShort(text, problem)).toEqual([
    'yaml/several-documents',
    'the file holds several documents where one is expected',
    '"b:" another document begins here',
  ]);
});

it.each(['', '# nothing\n', '---\n', 'null\n'])('says that %j is empty', (text) => {
  expect(single(text).problem).toMatchObject({
    slug: 'yaml/empty-document',
    primary: { at: { kind: 'file', file: 'fleet.yaml' } },
  });
});

it('adds nothing to a text that has problems already', () => {
  expect(single('a: @\n')).toEqual({});
});
