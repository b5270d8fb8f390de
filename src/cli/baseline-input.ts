/*
 * The earlier side of a plan: the baselines below a folder or in a commit, or none at all. None of the code that made them is run.
 */
import { isAbsolute, join } from 'node:path';
import { analyse } from '../analysis';
import { displayPath } from '../files';
import { loadManifests } from '../load';
import type { Fleet, NodeInventory } from '../model';
import {
  BASELINE_FOLDER,
  CLUSTER_FILE,
  EMPTY_SIDE,
  emptyBaseline,
  liveBaseline,
  readBaseline,
  type Baseline,
} from '../plan';
import { shownFiles } from './fleet-input';
import { readCommitFolder, resolveCommit } from './git-tree';
import { UsageError } from './usage-error';
import type { World } from './world';

/** The baselines of the earlier side. */
export interface EarlierSide {
  /** What it is called: `main`, `../live`. */
  readonly name: string;
  /** One for each fleet; empty for `none`, and for live objects. */
  readonly baselines: readonly Baseline[];
  /** Objects that no fleet wrote, as a fleet; undefined: the side is none of these. */
  readonly live: Fleet | undefined;
}

/**
 * Reads what `--against` names: a folder where there is one of that name, else a commit; `none` is an empty side.
 *
 * @param output - the folder of the output in a commit, `dist`
 * @throws UsageError when there is no such thing, no baseline in it, or one that cannot be read.
 */
export function readEarlierSide(world: World, against: string, output: string): EarlierSide {
  if (against === EMPTY_SIDE) return { name: EMPTY_SIDE, baselines: [], live: undefined };
  if (against.startsWith('-')) throw new UsageError(`--against ${JSON.stringify(against)} begins with a dash`);
  const folder = isAbsolute(against) ? against : join(world.cwd, against);
  if (world.files.listFolder(folder) !== undefined) return fromFolder(world, folder, displayPath(against, world.cwd));
  const commit = resolveCommit(world, against);
  const files = readCommitFolder(world, commit, output, (path) => BASELINE_PATH.test(path));
  const baselines = fleetsOf(files).map((own) => required(own, `${against}:${output}`));
  if (baselines.length === 0)
    throw new UsageError(
      `${against} has no ${output}/${BASELINE_FOLDER}/${CLUSTER_FILE}: run \`hostdev synth\` there and commit ${output}/, or plan from nothing with --against ${EMPTY_SIDE}`,
    );
  return { name: against, baselines, live: undefined };
}

const BASELINE_PATH = new RegExp(`^(?:[^/]+/)?${BASELINE_FOLDER}/`);

function fromFolder(world: World, folder: string, shown: string): EarlierSide {
  const roots = [join(folder, BASELINE_FOLDER), folder, ...fleetFolders(world, folder)];
  const root = roots.filter((one) => world.files.readText(join(one, CLUSTER_FILE)) !== undefined);
  const [first] = root;
  if (first === undefined) return fromObjects(world, shown);
  const isSingle = first === roots[0] || first === roots[1];
  return {
    name: shown,
    live: undefined,
    baselines: (isSingle ? [first] : root).map((one) => required(filesBelow(world, one), displayPath(one, world.cwd))),
  };
}

/** Kubernetes objects of a live cluster, or written by hand. */
function fromObjects(world: World, shown: string): EarlierSide {
  const { fleet, problems } = loadManifests(shownFiles(world), shown);
  const broken = problems.find(({ severity }) => severity === 'error');
  if (broken !== undefined) throw new UsageError(`${shown} cannot be read: ${broken.message}`);
  if (fleet === undefined || (fleet.cluster.current ?? []).length === 0)
    throw new UsageError(
      `${shown} holds neither ${BASELINE_FOLDER}/${CLUSTER_FILE} nor objects that say anything about host devices: name a folder that \`hostdev synth\` wrote, or plan from nothing with --against ${EMPTY_SIDE}`,
    );
  return { name: shown, baselines: [], live: fleet };
}

function fleetFolders(world: World, folder: string): string[] {
  return (world.files.listFolder(folder) ?? []).map((name) => join(folder, name, BASELINE_FOLDER));
}

/** A baseline is two folders deep. */
function filesBelow(world: World, root: string): Map<string, string> {
  const files = new Map<string, string>();
  const add = (path: string): void => {
    const text = path.endsWith('.json') ? world.files.readText(join(root, path)) : undefined;
    if (text !== undefined) files.set(path, text);
  };
  for (const name of world.files.listFolder(root) ?? []) {
    const below = world.files.listFolder(join(root, name));
    if (below === undefined) add(name);
    else for (const file of below) add(`${name}/${file}`);
  }
  return files;
}

/** The files of each baseline, by their path below its own folder. */
export function fleetsOf(files: ReadonlyMap<string, string>): Map<string, string>[] {
  const fleets = new Map<string, Map<string, string>>();
  for (const [path, text] of files) {
    const [, prefix = '', rest = ''] = new RegExp(`^((?:[^/]+/)?)${BASELINE_FOLDER}/(.*)$`, 's').exec(path) ?? [];
    if (rest === '') continue;
    const own = fleets.get(prefix) ?? new Map<string, string>();
    fleets.set(prefix, own.set(rest, text));
  }
  return [...fleets.values()].filter((own) => own.has(CLUSTER_FILE));
}

function required(files: ReadonlyMap<string, string>, shown: string): Baseline {
  const read = readBaseline(files);
  if (!read.ok) throw new UsageError(`the baseline in ${shown} cannot be read: ${read.reason}`);
  return read.value;
}

/**
 * The earlier side of one fleet: that of its own name, or the only one there is. Live objects are read with the hardware that the fleet
 * knows, so that both sides are judged by the same.
 */
export function earlierOf(
  { baselines, live }: EarlierSide,
  after: Baseline,
  { inventories, isOnly }: { readonly inventories: readonly NodeInventory[]; readonly isOnly: boolean },
): Baseline {
  if (live !== undefined) return liveBaseline(analyse({ ...live, inventories }));
  const named = baselines.find((baseline) => baseline.fleet === after.fleet);
  const [first] = baselines;
  return named ?? (isOnly && baselines.length === 1 ? first : undefined) ?? emptyBaseline(after);
}
