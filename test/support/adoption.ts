import { adopt, adoptionChanges, type Adoption } from '../../src/adopt';
import { compileFleet, SourceSet } from '../../src/compile';
import { loadFleet, loadManifests } from '../../src/load';
import type { Manifest } from '../../src/manifests';
import type { CurrentObject } from '../../src/model';
import { memoryFiles } from './fleet-of';

/** A fleet that was adopted from objects, with what it compiles to. */
export interface Adopted extends Adoption {
  /** Errors of the written fleet, and warnings: `PCI112 error …`. */
  readonly findings: readonly string[];
  readonly manifests: readonly Manifest[];
  /** What it was adopted from. */
  readonly objects: readonly CurrentObject[];
  /** What applying it would change: `MachineConfig 100-x: kernel arguments`. */
  readonly changes: readonly string[];
}

/** Adopts objects, text by path below `dump`, and compiles the fleet. */
export function adoptDump(
  dump: Readonly<Record<string, string>>,
  { kubevirtVersion }: { readonly kubevirtVersion?: string } = { kubevirtVersion: '1.6' },
): Adopted {
  const read = loadManifests(memoryFiles(dump), 'dump');
  const broken = read.problems.filter(({ severity }) => severity === 'error');
  if (read.fleet === undefined || broken.length > 0) throw new Error(broken.map(({ message }) => message).join('\n'));
  const adoption = adopt(read.fleet, { name: 'adopted', kubevirtVersion });
  if ('missing' in adoption) throw new Error(`nobody says ${adoption.missing}`);
  const objects = read.fleet.cluster.current ?? [];
  return { ...adoption, ...compileFiles(Object.fromEntries(adoption.files), objects), objects };
}

/** Compiles a fleet with the files beside it, and compares it with objects. */
export function compileFiles(
  files: Readonly<Record<string, string>>,
  objects: readonly CurrentObject[],
): Omit<Adopted, keyof Adoption | 'objects'> {
  const access = memoryFiles(files);
  const loaded = loadFleet(access, 'fleet.yaml');
  const sources = new SourceSet(loaded.sources, access);
  const { report, manifests } = compileFleet({
    fleet: loaded.fleet,
    problems: loaded.problems,
    locate: (place) => sources.locate(place),
  });
  const emitted = manifests?.manifests ?? [];
  return {
    findings: report.diagnostics
      .filter(({ severity }) => severity !== 'info')
      .map(({ code, severity, message }) => `${code} ${severity} ${message}`),
    manifests: emitted,
    changes: adoptionChanges(emitted, objects).map(({ kind, name, what }) => `${kind} ${name}: ${what}`),
  };
}

/** The lines of what was left, as the command prints them. */
export function leftLines({ left }: Adoption): string[] {
  return left.map(({ kind, names, reason }) => `${kind} ${names.join(', ')}: ${reason}`);
}

/** A MachineConfig as YAML. */
export function machineConfig(name: string, role: string, spec: string): string {
  return `apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfig
metadata:
  name: ${JSON.stringify(name)}
  labels: { machineconfiguration.openshift.io/role: ${JSON.stringify(role)} }
spec:
${spec.replace(/^/gm, '  ')}
---
`;
}

/** The `config` of files by path, each with the `source` and whatever else is given. */
export function filesConfig(files: Readonly<Record<string, string>>): string {
  const entries = Object.entries(files).map(
    ([path, contents]) => `      - { path: ${path}, mode: 420, overwrite: true, contents: ${contents} }`,
  );
  return `config:\n  ignition: { version: 3.2.0 }\n  storage:\n    files:\n${entries.join('\n')}\n`;
}

/** A Node of a role. */
export function node(name: string, role = 'worker', allocatable = '{}', uuid = ''): string {
  return `apiVersion: v1
kind: Node
metadata:
  name: ${name}
  labels: { ${role === 'worker' ? '' : `node-role.kubernetes.io/${role}: "", `}node-role.kubernetes.io/worker: "", kubernetes.io/hostname: ${name} }
status:
  allocatable: ${allocatable}
  nodeInfo: { architecture: amd64, kubeletVersion: v1.33.2${uuid === '' ? '' : `, systemUUID: ${uuid}`} }
---
`;
}

/** A HyperConverged with entries of `pciHostDevices`. */
export function hyperConverged(...entries: readonly string[]): string {
  return `apiVersion: hco.kubevirt.io/v1beta1
kind: HyperConverged
metadata: { name: kubevirt-hyperconverged, namespace: openshift-cnv }
spec:
  permittedHostDevices:
    pciHostDevices:
${entries.map((entry) => `      - ${entry}`).join('\n')}
---
`;
}
