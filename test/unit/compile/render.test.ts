import { join } from 'node:path';
import { compileFleet, renderOutputs, SourceSet } from '../../../src/compile';
import { diskAccess } from '../../../src/files';
import { loadFleet } from '../../../src/load';
import type { ManifestSet } from '../../../src/manifests';
import { ROOT } from '../../support/lab';

const loaded = loadFleet(diskAccess(), join(ROOT, 'examples', 'lab', 'fleet.yaml'));
const sources = new SourceSet(loaded.sources, diskAccess());
const compile = (renders: boolean): ReturnType<typeof compileFleet> =>
  compileFleet({ ...loaded, locate: (place) => sources.locate(place), renders });

it('objects that are rendered while they are checked are the same bytes', () => {
  const [early, late] = [compile(true), compile(false)];
  if (early.manifests === undefined || late.manifests === undefined) throw new Error('the lab has errors');

  expect(early.rendered?.size).toBe(early.manifests.manifests.length);
  expect(late.rendered?.size).toBe(0);
  const filesOf = ({ rendered }: typeof early, manifests: ManifestSet): unknown =>
    [...renderOutputs('lab', manifests, { rendered }).files].map(([path, { text, modelPath, sha256 }]) => ({
      path,
      text,
      modelPath,
      sha256,
    }));
  expect(filesOf(early, early.manifests)).toEqual(filesOf(late, late.manifests));
});

it('an object that is asked for again is made again, and equal', () => {
  const { manifests } = compile(false);
  for (const manifest of manifests?.manifests ?? []) expect(manifest.content).toEqual(manifest.content);
  expect(manifests?.manifests.some(({ path }) => path.startsWith('virtual-machines/'))).toBe(true);
});
