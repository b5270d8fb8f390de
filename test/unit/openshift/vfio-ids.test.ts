import { idsOfModprobeFile, parseVfioIds } from '../../../src/openshift';

test.each([
  ['options vfio-pci ids=10de:1eb8', ['10de:1eb8']],
  ['# options vfio-pci ids=10de:1eb8', []],
  ['options vfio_pci \\\n  ids=10de:1eb8,\n', ['10de:1eb8,']],
  ['options vfio-pci ids=1111:1111\noptions vfio-pci ids=2222:2222', ['1111:1111', '2222:2222']],
  ['options vfio_pci disable_vga=1 ids=3333:ABCD', ['3333:ABCD']],
  ['options other ids=10de:1eb8', []],
  ['', []],
])('%j sets %j', (text, ids) => {
  expect(idsOfModprobeFile(text)).toEqual(ids);
});

test('ids are compared in lower case, and what is narrowed or malformed is none of them', () => {
  expect(parseVfioIds('3333:ABCD,10de:1eb8:1:2,zz:1,')).toEqual({ ids: ['3333:abcd'], malformed: ['zz:1'] });
});
