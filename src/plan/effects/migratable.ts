import { migratesDevices } from '../../kubevirt';
import type { ClusterState, MachineState } from '../baseline/baseline';

/** Whether KubeVirt migrates a VM as far as its devices decide; a GPU is mediated where the cluster permits it as such. */
export function isMigratable({ gpus, hostDevices }: MachineState, cluster: ClusterState): boolean {
  return migratesDevices({
    version: cluster.kubevirtVersion,
    featureGates: cluster.featureGates,
    gpus: gpus.length,
    hostDevices: hostDevices.length,
    isMediated: () =>
      cluster.permitted.some(({ list, resource }) => list === 'mediatedDevices' && resource === gpus[0]),
  });
}
