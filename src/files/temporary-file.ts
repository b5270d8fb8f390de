import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Calls `use` with the path of a file in a private folder of its own, and removes both afterwards. */
export function withTemporaryFile<T>(name: string, use: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'hostdev-'));
  try {
    return use(join(folder, name));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
