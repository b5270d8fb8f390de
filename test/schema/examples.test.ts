/* Every object of every example, each against the API that takes it: core kinds have no validator at run time. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { compileFleet, SourceSet } from '../../src/compile';
import { diskAccess } from '../../src/files';
import { hasSchema, validateObject } from '../../src/kubevirt';
import { loadFleet } from '../../src/load';
import type { JsonObject } from '../../src/model';
import { ROOT } from '../support/lab';
import { coreKindComplaints } from './core-kinds';

const EXAMPLES = readdirSync(join(ROOT, 'examples')).filter((name) =>
  existsSync(join(ROOT, 'examples', name, 'fleet.yaml')),
);

function objectsOf(example: string): readonly JsonObject[] {
  const access = diskAccess();
  const loaded = loadFleet(access, join(ROOT, 'examples', example, 'fleet.yaml'));
  const set = new SourceSet(loaded.sources, access);
  const { manifests } = compileFleet({
    fleet: loaded.fleet,
    problems: loaded.problems,
    locate: (place) => set.locate(place),
  });
  return (manifests?.manifests ?? []).map(({ content }) => content);
}

test.each(EXAMPLES)('%s is written in words that the APIs know', (example) => {
  for (const object of objectsOf(example)) {
    const { apiVersion, kind } = object as { readonly apiVersion: string; readonly kind: string } & JsonObject;
    // the newest table: an example for an older HyperConverged uses what both have
    const release = kind === 'HyperConverged' ? '1.9' : '1.6';
    const complaints = hasSchema({ release }, apiVersion, kind)
      ? validateObject({ release }, object)
      : coreKindComplaints(object);
    expect([apiVersion, kind, complaints]).toEqual([apiVersion, kind, []]);
  }
});

test('at least one example compiles to objects of both sorts', () => {
  const kinds = new Set(EXAMPLES.flatMap(objectsOf).map(({ kind }) => kind));
  expect([...kinds]).toEqual(expect.arrayContaining(['KubeVirt', 'HyperConverged', 'DaemonSet', 'MachineConfig']));
});
