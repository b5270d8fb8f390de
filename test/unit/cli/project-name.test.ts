import fc from 'fast-check';
import { projectName } from '../../../src/cli/init/project-name';

test.each([
  ['lab', 'lab'],
  ['My Fleet (EU)', 'my-fleet-eu'],
  ['Zürich_2', 'zurich-2'],
  ['2026', 'fleet-2026'],
  ['', 'fleet'],
  ['…', 'fleet'],
  ['--x--', 'x'],
  ['jest', 'jest-fleet'],
  ['a'.repeat(300), 'a'.repeat(40)],
])('%j gives %s', (folder, name) => {
  expect(projectName(folder, ['jest'])).toBe(name);
});

test('whatever the folder is called, the name is a label that both Kubernetes and npm take', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (folder) => {
      expect(projectName(folder, ['jest'])).toMatch(/^[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$/);
    }),
  );
});
