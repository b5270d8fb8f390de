import { behaves, parseKubeVirtVersion } from '../../kubevirt';
import type { ClusterState, MachineState } from '../baseline/baseline';

/** The gate without which no VM with a vGPU is migrated. */
const GATE = 'VGPULiveMigration';

/**
 * Whether KubeVirt's virt-handler takes a VM for live-migratable as far as its devices decide: through 1.8 with none only, from 1.9 on
 * with one GPU that is a permitted mediated device too, where the gate is on.
 *
 * @see https://github.com/kubevirt/kubevirt/blob/d923fdb815/pkg/virt-handler/vm.go (vmiContainsNonMigratablePCIHostDevices)
 */
export function isMigratable({ gpus, hostDevices }: MachineState, cluster: ClusterState): boolean {
  if (hostDevices.length > 0) return false;
  const [gpu, ...others] = gpus;
  if (gpu === undefined) return true;
  const version = parseKubeVirtVersion(cluster.kubevirtVersion);
  return (
    others.length === 0 &&
    version.ok &&
    behaves(version.value, 'mediated-gpu-migrates') &&
    cluster.featureGates.includes(GATE) &&
    cluster.permitted.some(({ list, resource }) => list === 'mediatedDevices' && resource === gpu)
  );
}
