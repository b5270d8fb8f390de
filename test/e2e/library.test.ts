import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, temporaryFolder } from '../support/lab';

type Library = Readonly<Record<string, unknown>>;

/** An entry point as users get it, from `lib/`. */
function library(name: string): Library {
  return jest.requireActual<Library>(join(ROOT, 'lib', name));
}

describe('the built library', () => {
  it('gives each class the name that it is exported by', () => {
    const classes = Object.entries(library('index.js'));
    expect(classes).not.toHaveLength(0);
    expect(classes.map(([, one]) => (one as { readonly name: string }).name)).toEqual(classes.map(([name]) => name));
  });

  it('throws from both entry points what users catch', () => {
    const { InvalidFleetError } = library('index.js') as { readonly InvalidFleetError: new () => Error };
    const { fleetFile, manifestsOf } = library('testing.js') as Record<string, (of: unknown) => unknown>;
    const file = join(temporaryFolder(), 'fleet.yaml');
    writeFileSync(file, 'kind: Deployment\n');
    expect(() => manifestsOf?.(fleetFile?.(file))).toThrow(InvalidFleetError);
  });
});
