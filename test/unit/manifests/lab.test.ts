import { compiled, leafPointers } from './compiled';
import { LAB_FLEET, LAB_INVENTORIES } from './lab-fleet';

const lab = compiled(LAB_FLEET, LAB_INVENTORIES);

const PATHS = [...lab.set.manifests, ...lab.set.files].map(({ path }) => path).sort();

it('has one file for every object, and a kustomization for every folder', () => {
  expect(`${PATHS.join('\n')}\n`).toMatchGolden('manifests/lab/paths.txt');
});

it.each(PATHS)('writes %s', (path) => {
  const text = lab.text(path);
  // the bind program has tests of its own: its text would hide the rest
  const shown = text.replace(/(base64,)[A-Za-z0-9+/=]{2000,}/, '$1…');
  expect(shown).toMatchGolden(`manifests/lab/${path.replace('node-prep/', 'node-prep-').replaceAll('/', '-')}`);
});

it('lists what every kustomization stands beside', () => {
  for (const { path, text } of lab.set.files) {
    const folder = path.slice(0, -'kustomization.yaml'.length);
    const beside = PATHS.filter((other) => other.startsWith(folder) && other !== path).map(
      (other) => other.slice(folder.length).split('/')[0] ?? '',
    );
    const listed = [...text.matchAll(/^ {2}- (\S+)$/gm)].map(([, resource]) => resource);
    expect(listed).toEqual([...new Set(beside)].sort());
  }
});

it('knows the input behind every leaf of every object', () => {
  for (const manifest of lab.set.manifests) {
    for (const pointer of leafPointers(manifest.content)) {
      expect(manifest.trace(pointer)).toMatchObject({ kind: 'document', file: 'fleet.yaml' });
    }
  }
});

it('names a part of the model for every object', () => {
  expect(lab.set.manifests.map(({ key, modelPath }) => `${key}: ${modelPath}`).join('\n')).toMatchGolden(
    'manifests/lab/model-paths.txt',
  );
});

it('is the same for the same fleet', () => {
  const again = compiled(LAB_FLEET, LAB_INVENTORIES);
  for (const path of PATHS) expect(again.text(path)).toBe(lab.text(path));
});
