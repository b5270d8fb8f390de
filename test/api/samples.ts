import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { parseKubeVirtVersion, type KubeVirtRelease } from '../../src/kubevirt';
import { RULES } from '../../src/rules';
import { unmarked } from '../rules/harness';
import { hostdev, readTree } from '../support/hostdev';
import { ROOT, temporaryFolder } from '../support/lab';
import { outcomeOf } from '../support/outcome';
import { extremeFleets } from './extremes';
import { foreignObject, freshObject } from './live-objects';
import { combinations, filesOf, nameOf, type Combination } from './matrix';
import { emittedBy, type Emitted } from './objects';

/** What one fleet came out as, and the live object that its patch meets. */
export interface Sample extends Emitted {
  readonly id: string;
  readonly release: KubeVirtRelease;
  /** Whose object the patch is for; where there is no patch, KubeVirt's own is as its installer leaves it. */
  readonly live: string;
  /** The instancetypes and preferences that the fleet was shown. */
  readonly instancetypes: readonly unknown[];
  /** Whether the fleet was shown the live object, so that nothing of others' may get lost. */
  readonly knowsLive: boolean;
}

/** Whether KubeVirt's own object is what holds the configuration, so that its admission can be asked. */
export function isKubeVirtOwned({ live }: Sample): boolean {
  return (parse(live) as { readonly kind: string }).kind === 'KubeVirt';
}

const KUBEVIRT = {
  apiVersion: 'kubevirt.io/v1',
  kind: 'KubeVirt',
  metadata: { name: 'kubevirt', namespace: 'kubevirt' },
};

function sampleOf(
  id: string,
  release: KubeVirtRelease,
  files: ReadonlyMap<string, string>,
  shown: string | undefined,
  instancetypes: readonly unknown[] = [],
): Sample {
  const emitted = emittedBy(files);
  const live = shown ?? freshObject(emitted.patch?.object ?? KUBEVIRT);
  return { id, release, live, instancetypes, knowsLive: shown !== undefined, ...emitted };
}

/** The accepted combinations of a release over an object that its installer just made. */
export function matrixSamples(release: KubeVirtRelease): Sample[] {
  return combinations()
    .filter((one) => one.release === release)
    .flatMap((combination) => combined(nameOf(combination), combination, undefined));
}

/** Each owner and device over an object that holds other people's entries, which the fleet has been shown. */
export function foreignSamples(release: KubeVirtRelease): Sample[] {
  return combinations()
    .filter((one) => one.release === release && one.machine === 'VirtualMachine')
    .flatMap((one) =>
      combined(`${nameOf(one)} over foreign entries`, one, foreignObject(one.owner, one.platform, release)),
    );
}

function combined(id: string, combination: Combination, current: string | undefined): Sample[] {
  const { refusedBy, files } = outcomeOf(filesOf(combination, current));
  return refusedBy.length > 0 ? [] : [sampleOf(id, combination.release, files, current)];
}

/** Fleets at the edge of what names and numbers may be. */
export function extremeSamples(release: KubeVirtRelease): Sample[] {
  return Object.entries(extremeFleets(release)).flatMap(([name, files]) => {
    const { refusedBy, files: written } = outcomeOf(files);
    if (refusedBy.length > 0) throw new Error(`${name}: ${refusedBy.join(' ')}`);
    return [sampleOf(`${release} ${name}`, release, written, undefined)];
  });
}

/**
 * The examples on the rules' pages that compile: the good ones, and bad ones whose finding is no error. What a component refuses
 * must not be among them.
 */
export function ruleSamples(release: KubeVirtRelease): Sample[] {
  return RULES.flatMap(({ slug, examples }) =>
    [...examples.good, ...examples.bad].flatMap((example) => {
      if (example.reads === 'manifests') return [];
      const { files } = unmarked(example);
      if (releaseOf(files['fleet.yaml'] ?? '') !== release) return [];
      const outcome = outcomeOf(files);
      if (outcome.refusedBy.length > 0 || outcome.files.size === 0) return [];
      const shown = Object.values(files).find(isOwner);
      return [sampleOf(`${slug}: ${example.name}`, release, outcome.files, shown, instancetypesIn(files))];
    }),
  );
}

/** The instancetypes and preferences among files. */
export function instancetypesIn(files: Readonly<Record<string, string>>): unknown[] {
  return Object.entries(files)
    .filter(
      ([path, text]) =>
        path !== 'fleet.yaml' && /^kind: VirtualMachine(Cluster)?(Instancetype|Preference)$/m.test(text),
    )
    .flatMap(([, text]) => parseAllDocuments(text).map((document) => document.toJS() as unknown));
}

function releaseOf(fleet: string): KubeVirtRelease | undefined {
  const document = parse(fleet) as { spec?: { cluster?: { kubevirt?: { version?: string } } } } | null;
  const version = parseKubeVirtVersion(document?.spec?.cluster?.kubevirt?.version ?? '');
  return version.ok ? version.value.release : undefined;
}

/** What the examples say about the KubeVirt that they are for. */
const EXAMPLES: readonly (readonly [fleet: string, release: KubeVirtRelease])[] = [
  ['lab/fleet.yaml', '1.6'],
  ['lab/main.ts', '1.6'],
  ['openshift-hco/fleet.yaml', '1.6'],
  ['vendor-plugin/main.ts', '1.8'],
];

/** The repository's examples that are not there to be refused, as the command writes them. */
export function exampleSamples(release: KubeVirtRelease): Sample[] {
  return EXAMPLES.filter(([, one]) => one === release).map(([fleet]) => {
    const folder = temporaryFolder();
    const { status, stdout, stderr } = hostdev(['synth', join('examples', fleet), '-o', folder]);
    if (status !== 0) throw new Error(`${fleet}: ${stdout}${stderr}`);
    const shown = shownObject(join(ROOT, 'examples', fleet, '..', 'cluster'));
    return sampleOf(`examples/${fleet}`, release, new Map(Object.entries(readTree(folder))), shown);
  });
}

function shownObject(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .find(isOwner);
}

function isOwner(text: string): boolean {
  return /^kind: (KubeVirt|HyperConverged)$/m.test(text) && !/^---$/m.test(text.trimStart().slice(3));
}
