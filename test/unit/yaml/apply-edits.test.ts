import { SourceFile } from '../../../src/source';
import { applyEdits } from '../../../src/yaml';

const source = new SourceFile('fleet.yaml', 'a: 0010\nb: 1e10\n');
const edit = (start: number, end: number, text: string, file = 'fleet.yaml') => ({ at: { file, start, end }, text });

it('replaces ranges, in whatever order they are given', () => {
  expect(applyEdits(source, [edit(11, 15, '"1e10"'), edit(3, 7, '"0010"')])).toEqual({
    ok: true,
    value: 'a: "0010"\nb: "1e10"\n',
  });
});

it('inserts, deletes, and leaves other files alone', () => {
  expect(applyEdits(source, [edit(0, 0, '# new\n'), edit(8, 16, ''), edit(0, 3, 'x', 'other.yaml')])).toEqual({
    ok: true,
    value: '# new\na: 0010\n',
  });
  expect(applyEdits(source, [])).toEqual({ ok: true, value: source.text });
});

it.each([
  [[edit(0, 4, 'x'), edit(3, 5, 'y')], 'edits overlap'],
  [[edit(10, 99, 'x')], 'an edit reaches beyond the text'],
  [[edit(5, 3, 'x')], 'an edit reaches beyond the text'],
])('refuses %j', (edits, reason) => {
  expect(applyEdits(source, edits)).toEqual({ ok: false, reason });
});
