import { join } from 'node:path';
import { InternalError } from '../../diagnostics';
import type { World } from '../world';

/** Exact versions by package. */
export type PinnedVersions = Readonly<Record<string, string>>;

/**
 * The versions that this package itself is built and tested with, and its own: a new repository gets exactly these.
 *
 * @throws InternalError when the package's own `package.json` does not name one of them
 */
export function pinnedVersions(world: World, names: readonly string[]): PinnedVersions {
  const text = world.files.readText(join(world.packageFolder, 'package.json'));
  const own = JSON.parse(text ?? '{}') as {
    readonly name?: string;
    readonly version?: string;
    readonly dependencies?: PinnedVersions;
    readonly devDependencies?: PinnedVersions;
  };
  const known = new Map([
    ...Object.entries(own.devDependencies ?? {}),
    ...Object.entries(own.dependencies ?? {}),
    [own.name ?? '', own.version ?? ''] as const,
  ]);
  return Object.fromEntries(
    [...names].sort().map((name) => {
      const version = known.get(name);
      if (version === undefined) throw new InternalError(`package.json names no version of ${name}`);
      return [name, version];
    }),
  );
}
