import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../support/lab';

/** The lab's fleet with its inventories and live objects, by path. */
export function labFiles(): Record<string, string> {
  const root = join(ROOT, 'examples', 'lab');
  const paths = ['fleet.yaml', ...below('inventory'), ...below('cluster')];
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));

  function below(folder: string): string[] {
    return readdirSync(join(root, folder)).map((name) => `${folder}/${name}`);
  }
}
