import { behaves } from './version-differences';
import { parseKubeVirtVersion } from './version';

/** The gate without which no VM with a vGPU is migrated. */
const GATE = 'VGPULiveMigration';

/** What decides of a VM's devices whether it can be migrated. */
export interface MigratingDevices {
  /** KubeVirt's release as typed, `1.9`. */
  readonly version: string;
  readonly featureGates: readonly string[];
  /** How many entries `gpus` and `hostDevices` have. */
  readonly gpus: number;
  readonly hostDevices: number;
  /** Whether the only GPU is a mediated device; asked where there is one. */
  readonly isMediated: () => boolean;
}

/**
 * Whether KubeVirt's virt-handler takes a VM for live-migratable as far as its devices decide: through 1.8 with none only, from 1.9 on
 * with one GPU that is a mediated device too, where the gate is on.
 *
 * @see https://github.com/kubevirt/kubevirt/blob/d923fdb815/pkg/virt-handler/vm.go (vmiContainsNonMigratablePCIHostDevices)
 */
export function migratesDevices({ version, featureGates, gpus, hostDevices, isMediated }: MigratingDevices): boolean {
  if (hostDevices > 0 || gpus > 1) return false;
  if (gpus === 0) return true;
  const parsed = parseKubeVirtVersion(version);
  return parsed.ok && behaves(parsed.value, 'mediated-gpu-migrates') && featureGates.includes(GATE) && isMediated();
}
