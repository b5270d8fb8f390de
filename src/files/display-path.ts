import { relative, resolve, sep } from 'node:path';

/**
 * A path as people see it: relative to the working folder, with `/`, whatever the system's own separator is.
 *
 * @example `displayPath('/home/me/fleets/lab/fleet.yaml', '/home/me/fleets')` is `lab/fleet.yaml`
 *
 * @param path - absolute, or relative to the working folder
 * @param workingFolder - absolute
 * @returns `.` for the working folder itself; a path outside it begins with `../`
 */
export function displayPath(path: string, workingFolder: string): string {
  const shown = relative(workingFolder, resolve(workingFolder, path));
  return shown === '' ? '.' : shown.split(sep).join('/');
}
