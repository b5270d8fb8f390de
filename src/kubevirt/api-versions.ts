import { compareReleases, KUBEVIRT_RELEASES, type KubeVirtRelease } from './version';

/** One served version of a kind. */
interface ServedVersion {
  /** `v1beta1` */
  readonly version: string;
  /** First and last minor release that serve it, inclusive. @default - all that are supported */
  readonly from?: KubeVirtRelease;
  readonly until?: KubeVirtRelease;
  /** Served, and answered with a deprecation warning. */
  readonly deprecated?: true;
  /** Name of its definition in the schema table. @default - the table has none */
  readonly definition?: string;
}

interface ServedKind {
  readonly group: string;
  /** Preferred first. */
  readonly versions: readonly ServedVersion[];
}

const coreKind = (kind: string, hasDefinition: boolean): ServedKind => ({
  group: 'kubevirt.io',
  versions: ['v1', 'v1alpha3'].map((version) => ({
    version,
    ...(version === 'v1alpha3' ? { deprecated: true as const } : {}),
    ...(hasDefinition ? { definition: `v1.${kind}` } : {}),
  })),
});

const instancetypeKind = (kind: string): ServedKind => ({
  group: 'instancetype.kubevirt.io',
  versions: [{ version: 'v1beta1', definition: `v1beta1.${kind}` }],
});

/** KubeVirt's kinds and the versions in which they are served. */
const SERVED_KINDS: ReadonlyMap<string, ServedKind> = new Map([
  ['KubeVirt', coreKind('KubeVirt', true)],
  ['VirtualMachine', coreKind('VirtualMachine', true)],
  ['VirtualMachineInstance', coreKind('VirtualMachineInstance', true)],
  ['VirtualMachineInstanceReplicaSet', coreKind('VirtualMachineInstanceReplicaSet', true)],
  ['VirtualMachineInstanceMigration', coreKind('VirtualMachineInstanceMigration', false)],
  [
    'VirtualMachinePool',
    {
      group: 'pool.kubevirt.io',
      versions: [
        { version: 'v1beta1', from: '1.7', definition: 'v1beta1.VirtualMachinePool' },
        { version: 'v1alpha1', until: '1.6', definition: 'v1alpha1.VirtualMachinePool' },
      ],
    },
  ],
  ['VirtualMachineInstancetype', instancetypeKind('VirtualMachineInstancetype')],
  ['VirtualMachineClusterInstancetype', instancetypeKind('VirtualMachineClusterInstancetype')],
  ['VirtualMachinePreference', instancetypeKind('VirtualMachinePreference')],
  ['VirtualMachineClusterPreference', instancetypeKind('VirtualMachineClusterPreference')],
]);

/**
 * The `apiVersion` in which a release wants a kind of KubeVirt's to be written; undefined for a kind that is not its own.
 *
 * `VirtualMachinePool` is `pool.kubevirt.io/v1alpha1` through 1.6 and `v1beta1` from 1.7 on.
 *
 * @see https://github.com/kubevirt/kubevirt/blob/d923fdb815/staging/src/kubevirt.io/api/core/v1/register.go
 */
export function apiVersionOf(target: { readonly release: KubeVirtRelease }, kind: string): string | undefined {
  const served = SERVED_KINDS.get(kind);
  const version = served?.versions.find((one) => serves(one, target.release));
  return served && version && `${served.group}/${version.version}`;
}

/** Whether KubeVirt serves this `apiVersion` but warns of it, as it does of `kubevirt.io/v1alpha3`. */
export function isDeprecatedApiVersion(apiVersion: string, kind: string): boolean {
  return findServed(apiVersion, kind)?.deprecated === true;
}

/** The kinds of KubeVirt's that have a definition in the schema table, under every `apiVersion` that the release serves. */
export function kubeVirtKinds(release: KubeVirtRelease): { readonly apiVersion: string; readonly kind: string }[] {
  const kinds: { apiVersion: string; kind: string }[] = [];
  for (const [kind, { group, versions }] of SERVED_KINDS) {
    for (const one of versions) {
      if (serves(one, release) && one.definition) kinds.push({ apiVersion: `${group}/${one.version}`, kind });
    }
  }
  return kinds;
}

/** The definition behind `apiVersion` and `kind` in this release, `v1.VirtualMachine`; undefined when it has none. */
export function definitionOf(release: KubeVirtRelease, apiVersion: string, kind: string): string | undefined {
  const served = findServed(apiVersion, kind);
  return served && serves(served, release) ? served.definition : undefined;
}

/** The releases that have a definition behind `apiVersion` and `kind`, oldest first. */
export function releasesServing(apiVersion: string, kind: string): KubeVirtRelease[] {
  return KUBEVIRT_RELEASES.filter((release) => definitionOf(release, apiVersion, kind) !== undefined);
}

function findServed(apiVersion: string, kind: string): ServedVersion | undefined {
  const served = SERVED_KINDS.get(kind);
  return served?.versions.find((one) => `${served.group}/${one.version}` === apiVersion);
}

function serves(served: ServedVersion, release: KubeVirtRelease): boolean {
  return (
    (served.from === undefined || compareReleases(served.from, release) <= 0) &&
    (served.until === undefined || compareReleases(release, served.until) <= 0)
  );
}
