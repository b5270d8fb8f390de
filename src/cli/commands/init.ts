import { basename, resolve } from 'node:path';
import { displayPath, writeNewFiles } from '../../files';
import { EXIT_STATUS, type ExitStatus } from '../exit-status';
import { pinnedOverrides, pinnedVersions } from '../init/pinned-versions';
import { projectName } from '../init/project-name';
import { repositoryFiles } from '../init/repository-files';
import { UsageError } from '../usage-error';
import type { World } from '../world';
import { readSchema } from './schema';

const LONGEST_LIST = 3;

const PEERS = ['cdk8s', 'cdk8s-plus-28', 'constructs'];
const TOOLS = ['@types/jest', '@types/node', 'jest', 'ts-jest', 'tsx', 'typescript'];

/** Options of `hostdev init`. */
export interface InitOptions {
  /** The fleet as `fleet.yaml`, instead of a program. */
  readonly yaml?: true;
}

/**
 * `hostdev init`: a new fleet repository, all of it or nothing.
 *
 * @throws UsageError when one of its files is there already, or cannot be written.
 */
export function init(world: World, folder: string, options: InitOptions): ExitStatus {
  const root = resolve(world.cwd, folder);
  const shown = displayPath(folder, world.cwd);
  const door = options.yaml === true ? 'yaml' : 'typescript';
  const files = repositoryFiles(
    {
      name: projectName(basename(root), ['cdk8s-hostdev', ...PEERS, ...TOOLS]),
      door,
      fleet: door === 'yaml' ? '' : 'src/main.ts',
      dependencies: pinnedVersions(world, ['cdk8s-hostdev', ...(door === 'yaml' ? [] : PEERS)]),
      devDependencies: door === 'yaml' ? {} : pinnedVersions(world, TOOLS),
      overrides: pinnedOverrides(world),
      cdk8sCli: pinnedVersions(world, ['cdk8s-cli'])['cdk8s-cli'] ?? '',
    },
    readSchema(world),
  );
  const result = writeNewFiles(root, files);
  if (result.kind === 'exists') {
    const first = result.paths.slice(0, LONGEST_LIST).map((path) => `${shown}/${path}`);
    const more = result.paths.length > LONGEST_LIST ? `, and ${result.paths.length - LONGEST_LIST} more` : '';
    throw new UsageError(`nothing was written: there is ${first.join(', ')}${more} already`);
  }
  if (result.kind === 'failed') {
    throw new UsageError(`nothing was written: ${displayPath(result.path, world.cwd)}: ${result.reason}`);
  }
  const enter = shown === '.' ? '' : `  cd ${quoted(shown)}\n`;
  world.writeOut(
    `${shown}: ${files.size} files written\n` +
      [...files.keys()].map((path) => `  wrote ${shown}/${path}\n`).join('') +
      `next:\n${enter}  npm install && npm run synth\n  npm test\n`,
  );
  return EXIT_STATUS.done;
}

/** For a shell, where the name needs it. */
function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
