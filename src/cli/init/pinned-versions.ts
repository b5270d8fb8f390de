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
  const own = ownManifest(world);
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

/**
 * The versions that this package forces on packages of its tools: what it is tested with, where a newer one names packages that
 * registries do not have, so that `npm ci` refuses the lock file that `npm install` wrote.
 */
export function pinnedOverrides(world: World): PinnedVersions {
  return ownManifest(world).overrides ?? {};
}

interface OwnManifest {
  readonly name?: string;
  readonly version?: string;
  readonly dependencies?: PinnedVersions;
  readonly devDependencies?: PinnedVersions;
  readonly overrides?: PinnedVersions;
}

function ownManifest(world: World): OwnManifest {
  return JSON.parse(world.files.readText(join(world.packageFolder, 'package.json')) ?? '{}') as OwnManifest;
}
