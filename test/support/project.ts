import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './lab';

/** Gives a folder a `node_modules` as `npm install` would leave it: this repository's packages, this package, and their commands. */
export function linkPackages(folder: string): void {
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '.bin'), { recursive: true });
  for (const name of readdirSync(join(ROOT, 'node_modules')))
    if (!name.startsWith('.')) symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  symlinkSync(ROOT, join(modules, 'cdk8s-hostdev'));
  for (const name of ['jest', 'tsc'])
    symlinkSync(join(ROOT, 'node_modules', '.bin', name), join(modules, '.bin', name));
  symlinkSync(join(ROOT, 'lib', 'hostdev.cjs'), join(modules, '.bin', 'hostdev'));
}
