import { App, Testing } from 'cdk8s';
import { Fleet, type FleetProps } from '../../../src';
import { loadFleet } from '../../../src/load';
import type { JsonObject } from '../../../src/model';
import { analyse } from '../../../src/analysis';
import { makeManifests } from '../../../src/manifests';
import { memoryFiles } from '../load/support';

/** What both doors make of one fleet: its model and its objects, each in a form that can be compared. */
export interface Doors {
  readonly yaml: { readonly model: unknown; readonly objects: readonly JsonObject[] };
  readonly program: { readonly model: unknown; readonly objects: readonly JsonObject[] };
}

/** Takes one fleet through the YAML door, as the entries of `spec`, and through constructs. */
export function throughBothDoors(spec: string, props: FleetProps, declare: (fleet: Fleet) => void): Doors {
  const indented = spec.trim().replace(/^(?=.)/gm, '  ');
  const text = `apiVersion: hostdev/v1alpha1\nkind: Fleet\nmetadata: { name: lab }\nspec:\n${indented}\n`;
  const loaded = loadFleet(memoryFiles({ 'fleet.yaml': text }), 'fleet.yaml');
  if (loaded.fleet === undefined || loaded.problems.length > 0) throw new Error(loaded.problems[0]?.message ?? '');
  const fleet = new Fleet(new App(), 'lab', props);
  declare(fleet);
  const objects = Testing.synth(fleet) as JsonObject[];
  return {
    yaml: {
      model: withoutPlaces(loaded.fleet),
      objects: sorted(makeManifests(analyse(loaded.fleet)).manifests.map(({ content }) => content)),
    },
    program: { model: withoutPlaces(fleet._compile().compilation.fleet), objects: sorted(objects) },
  };
}

/** Every place taken out: the doors differ in them, and in nothing else. */
function withoutPlaces(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, entry: unknown) => (/^place$|Place$/.test(key) ? undefined : entry)),
  ) as unknown;
}

function sorted(objects: readonly JsonObject[]): JsonObject[] {
  const copies = objects.map((object) => JSON.parse(JSON.stringify(object)) as JsonObject);
  return copies.sort((a, b) => (identity(a) < identity(b) ? -1 : 1));
}

function identity({ kind, metadata }: JsonObject): string {
  return JSON.stringify([kind, metadata]);
}
