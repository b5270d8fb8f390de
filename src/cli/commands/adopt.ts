import { basename, resolve } from 'node:path';
import { adopt, adoptionChanges, type Adoption, type AdoptionChange, type LeftObjects } from '../../adopt';
import { compileFleet, SourceSet } from '../../compile';
import { hasSeverity, type Report } from '../../diagnostics';
import { displayPath, writeNewFiles } from '../../files';
import { loadFleet, loadManifests } from '../../load';
import type { CurrentObject } from '../../model';
import { plainLine } from '../../report';
import type { FileAccess } from '../../source';
import { EXIT_STATUS, type ExitStatus } from '../exit-status';
import { shownFiles } from '../fleet-input';
import { projectName } from '../init/project-name';
import { releaseOf } from '../manifests-input';
import { showReport, type ReportOptions } from '../show-report';
import { UsageError } from '../usage-error';
import type { World } from '../world';

/** Options of `hostdev import --manifests`. */
export interface AdoptOptions extends ReportOptions {
  /** The folder of the fleet; the working folder where it is left out. */
  readonly output: string | undefined;
  /** KubeVirt's release, where no object says it. */
  readonly kubevirt: string | undefined;
}

const MISSING: Readonly<Record<'kubevirt' | 'kubevirt-version', string>> = {
  kubevirt: 'no KubeVirt and no HyperConverged object is in it: their lists say what is handed over',
  'kubevirt-version': "no object says KubeVirt's release: name it in --kubevirt",
};

/**
 * `hostdev import --manifests`: a folder of objects to a fleet that changes none of them, all of its files or none. What it does not
 * take over it says, object by object; what would change it finds by compiling the fleet before it is written.
 *
 * @throws UsageError when one of its files is there already, the folder cannot be read, or no object says what a fleet must say.
 */
export function adoptManifests(world: World, folder: string, options: AdoptOptions): ExitStatus {
  const shown = displayPath(folder, world.cwd);
  const access = shownFiles(world);
  if (access.listFolder(shown) === undefined) throw new UsageError(`cannot read folder ${shown}`);
  const root = resolve(world.cwd, options.output ?? '.');
  const target = displayPath(root, world.cwd);
  const loaded = loadManifests(access, shown);
  if (loaded.fleet === undefined) throw new UsageError(`cannot read folder ${shown}`);
  const sources = new SourceSet(loaded.sources, access);
  const read = compileFleet({ fleet: undefined, problems: loaded.problems, locate: (place) => sources.locate(place) });
  if (hasSeverity(read.report, 'error')) {
    showReport(world, { report: read.report, sourceOf: (file) => sources.get(file) }, options);
    world.writeError('hostdev: nothing was written\n');
    return EXIT_STATUS.findings;
  }
  const adoption = adopt(loaded.fleet, {
    name: projectName(basename(root), []),
    kubevirtVersion: options.kubevirt === undefined ? undefined : releaseOf(options.kubevirt),
  });
  if ('missing' in adoption) throw new UsageError(`${shown}: ${MISSING[adoption.missing]}`);
  const proof = prove(adoption, loaded.fleet.cluster.current ?? [], world.today);
  const result = writeNewFiles(root, adoption.files);
  if (result.kind === 'exists') {
    throw new UsageError(`nothing was written: there is ${target}/${result.paths[0] ?? ''} already`);
  }
  if (result.kind === 'failed') {
    throw new UsageError(`nothing was written: ${displayPath(result.path, world.cwd)}: ${result.reason}`);
  }
  world.writeOut(summary(target, adoption, proof));
  const isClean = proof.changes?.length === 0 && !hasSeverity(proof.report, 'error');
  return isClean ? EXIT_STATUS.done : EXIT_STATUS.findings;
}

/** What the fleet that is written would do, known before it is written. */
interface Proof {
  readonly report: Report;
  /** Undefined where the fleet has errors, so that nothing can be compiled. */
  readonly changes: readonly AdoptionChange[] | undefined;
}

function prove({ files }: Adoption, objects: readonly CurrentObject[], today: string): Proof {
  const access = accessTo(files);
  const loaded = loadFleet(access, 'fleet.yaml');
  const sources = new SourceSet(loaded.sources, access);
  const { report, manifests } = compileFleet({
    fleet: loaded.fleet,
    problems: loaded.problems,
    locate: (place) => sources.locate(place),
    suppressions: { sources, today },
  });
  return {
    report,
    changes: manifests === undefined ? undefined : adoptionChanges(manifests.manifests, objects),
  };
}

/** Files that are not on a disk yet. */
function accessTo(files: ReadonlyMap<string, string>): FileAccess {
  const folders = new Map<string, Set<string>>();
  for (const path of files.keys()) {
    const parts = path.split('/');
    parts.forEach((name, i) => {
      const folder = parts.slice(0, i).join('/');
      folders.set(folder, (folders.get(folder) ?? new Set<string>()).add(name));
    });
  }
  const plain = (path: string): string => path.replace(/^\.\/|\/$/g, '');
  return {
    readText: (path) => files.get(plain(path)),
    listFolder: (path) => {
      const names = folders.get(plain(path));
      return names === undefined ? undefined : [...names].sort();
    },
  };
}

function summary(target: string, { files, counts, left }: Adoption, { report, changes }: Proof): string {
  const { devices, nodePools, machineConfigs, virtualMachines } = counts;
  const errors = report.diagnostics.filter(({ severity }) => severity === 'error').length;
  const where = target === '.' ? 'fleet.yaml' : `${target}/fleet.yaml`;
  return [
    `${where}: written, with ${counted(files.size - 1, 'file')} beside it`,
    `  ${counted(devices, 'device')}, ${counted(nodePools, 'node pool')}, ${counted(machineConfigs, 'MachineConfig')}, ` +
      counted(virtualMachines, 'VM'),
    ...(left.length === 0 ? [] : ['left as they are:', ...left.map(leftLine)]),
    changes === undefined
      ? `not proven: the fleet has ${counted(errors, 'error')}, so nothing can be compiled and compared`
      : changes.length === 0
        ? 'proven: what the fleet writes is what is there; applying it changes nothing'
        : 'applying it would change:',
    ...(changes ?? []).map(({ kind, name, what }) => `  ${kind} ${plainLine(name)}: ${plainLine(what)}`),
    `next: hostdev check ${where}`,
    '',
  ].join('\n');
}

function leftLine({ kind, names, reason }: LeftObjects): string {
  return `  ${kind} ${names.map(plainLine).join(', ')}: ${plainLine(reason)}`;
}

function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
