/*
 * What differs between the releases of KubeVirt besides feature gates (feature-gates.ts), the versions of kinds (api-versions.ts) and
 * fields (the schema table): how the same object is treated. Each row cites the fact that says so.
 */
import { compareReleases, KUBEVIRT_RELEASES, type KubeVirtRelease, type KubeVirtVersion } from './version';

/** Something that KubeVirt does from a release on. */
interface Difference {
  /** The first minor release, and where a fact names one the first patch release of it. */
  readonly since: KubeVirtRelease;
  readonly patch?: number;
  /** The last minor release; a later one does otherwise. @default - all later ones */
  readonly until?: KubeVirtRelease;
  /** The last patch release of it. */
  readonly untilPatch?: number;
  /** In words, as one clause. */
  readonly text: string;
}

const DIFFERENCES = {
  'mediated-switch-field': {
    since: '1.8',
    text: 'the making of mediated devices is turned off by `mediatedDevicesConfiguration.enabled: false`; the gate DisableMDEVConfiguration is deprecated',
  },
  'any-architecture': {
    since: '1.8',
    text: 'a VM may state another architecture than that of the control plane; the gate MultiArchitecture is deprecated',
  },
  'disabled-gates-field': {
    since: '1.8',
    text: 'gates are turned off under `developerConfiguration.disabledFeatureGates`',
  },
  'claim-attributes-from-files': {
    since: '1.8',
    text: 'what a resource claim got is read from files in the pod, which its driver must write',
  },
  'repeated-claim-refused': {
    since: '1.8',
    text: 'a claim and request that one list names twice are refused',
  },
  'memory-lock-per-device': {
    since: '1.8',
    patch: 3,
    until: '1.9',
    untilPatch: 0,
    text: 'locked memory grows by the size of the guest with each further host device',
  },
  'live-update-by-default': {
    since: '1.6',
    text: 'sockets, guest memory and placement of a VM that runs are changed, unless `vmRolloutStrategy` is `Stage`, which was the default',
  },
  'pools-v1beta1': {
    since: '1.7',
    text: 'VirtualMachinePool is `pool.kubevirt.io/v1beta1`, and no longer `v1alpha1`',
  },
  'beta-gates-on': {
    since: '1.9',
    text: 'beta gates are on unless they are turned off',
  },
  'unknown-gates-off': {
    since: '1.9',
    text: 'a gate that KubeVirt does not know is off even where it is listed',
  },
  'vendor-vgpus-discovered': {
    since: '1.9',
    text: "virtual functions with a vGPU under NVIDIA's driver are advertised",
  },
  'display-on-pci-passed-on': {
    since: '1.9',
    text: 'display and ramfb options of PCI devices are passed on',
  },
  'strict-numa-placement': {
    since: '1.9',
    text: 'a VM with guestMappingPassthrough does not start where a device has no NUMA node of the guest',
  },
  'grace-checked': {
    since: '1.9',
    text: "NVIDIA's Grace devices are refused without the gates and settings that they need",
  },
  'mediated-gpu-migrates': {
    since: '1.9',
    text: 'a VM with one mediated GPU can be migrated under the gate VGPULiveMigration',
  },
  'claim-admission-strict': {
    since: '1.9',
    text: 'resource claims of a VM are checked when it is created: names, sources, pairs, and no mix with device plugins under `gpus`',
  },
  'claims-beside-permitted-list': {
    since: '1.9',
    text: '`hostDevices` from resource claims work beside a list of permitted devices',
  },
  'vfio-cdev-mounted': {
    since: '1.9',
    text: 'the character device of each VFIO device is mounted; a kernel without it fails',
  },
  'plugins-break-pci': {
    since: '1.9',
    until: '1.9',
    untilPatch: 0,
    text: 'the gate Plugins breaks every VM with a PCI device',
  },
} as const satisfies Readonly<Record<string, Difference>>;

/** A row of the table. */
export type VersionDifference = keyof typeof DIFFERENCES;

/**
 * Whether a version of KubeVirt does this. A minor release without its patch stands for what its first release does.
 *
 * @see https://github.com/kubevirt/kubevirt/tree/v1.9.0 (kubevirt.md part 0 has the place of each)
 */
export function behaves(
  version: Pick<KubeVirtVersion, 'release'> & { readonly patch?: number | undefined },
  difference: VersionDifference,
): boolean {
  const { since, patch = 0, until, untilPatch }: Difference = DIFFERENCES[difference];
  const own = version.patch ?? 0;
  const afterStart = compareReleases(version.release, since);
  if (afterStart < 0 || (afterStart === 0 && own < patch)) return false;
  if (until === undefined) return true;
  const afterEnd = compareReleases(version.release, until);
  return afterEnd < 0 || (afterEnd === 0 && (untilPatch === undefined || own <= untilPatch));
}

/** What a minor release does that the one before it does not, in words, in the order of the table. */
export function differencesOf(release: KubeVirtRelease): string[] {
  const before = KUBEVIRT_RELEASES[KUBEVIRT_RELEASES.indexOf(release) - 1];
  return (Object.keys(DIFFERENCES) as VersionDifference[])
    .filter((one) => behaves({ release }, one) && (before === undefined || !behaves({ release: before }, one)))
    .map((one) => DIFFERENCES[one].text);
}
