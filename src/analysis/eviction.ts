/*
 * What becomes of a VM whose node is drained. A VM with devices that is to be migrated, and cannot be, blocks the drain: where nobody said
 * so of this VM, and the cluster's default would have it so, the fleet says otherwise for it.
 */
import { migratesDevices } from '../kubevirt';
import { jsonAt, type Fleet, type VirtualMachine } from '../model';
import type { AnalysedRequest } from './analysis';
import { currentCluster, liveKubeVirt } from './current/current-cluster';

/** Migrated where that is possible, else stopped: what a default of `LiveMigrate` means for VMs that can be migrated stays true. */
export const LETS_DRAIN = 'LiveMigrateIfPossible';

/**
 * The evictionStrategy of VMs that state none. HyperConverged writes `LiveMigrate` into KubeVirt's configuration on clusters with several
 * workers, so that is taken where neither object is known to say otherwise; plain KubeVirt's default is `None`.
 *
 * @see https://github.com/kubevirt/hyperconverged-cluster-operator/blob/v1.15.0/api/v1beta1/hyperconverged_types.go (what an absent strategy means where there are several workers)
 * @see https://github.com/kubevirt/kubevirt/blob/d923fdb815/pkg/virt-config/configuration.go
 */
export function defaultEvictionStrategy(fleet: Fleet): string {
  const live = jsonAt(liveKubeVirt(fleet)?.content, 'spec', 'configuration', 'evictionStrategy');
  if (typeof live === 'string') return live;
  if (fleet.cluster.kubevirt.managedBy !== 'hyperconverged' || liveKubeVirt(fleet) !== undefined) return 'None';
  const owner = currentCluster(fleet)?.owner?.content;
  const stated =
    jsonAt(owner, 'spec', 'evictionStrategy') ?? jsonAt(owner, 'spec', 'virtualization', 'evictionStrategy');
  return typeof stated === 'string' ? stated : 'LiveMigrate';
}

/** Whether KubeVirt migrates a VM as far as what it asks for decides. */
export function mayMigrate(
  fleet: Fleet,
  featureGates: readonly string[],
  requests: readonly AnalysedRequest[],
): boolean {
  const gpus = requests.filter(({ list }) => list === 'gpus');
  return migratesDevices({
    version: fleet.cluster.kubevirt.version,
    featureGates,
    gpus: gpus.length,
    hostDevices: requests.length - gpus.length,
    isMediated: () => gpus[0]?.resource?.device.kind === 'mdev',
  });
}

/** The evictionStrategy in effect, and whether the fleet has to write it. */
export interface Eviction {
  readonly evictionStrategy: string;
  readonly writesEviction: boolean;
}

/** What holds for one VM; `byDefault` is {@link defaultEvictionStrategy}. */
export function evictionOf(
  fleet: Fleet,
  machine: VirtualMachine,
  requests: readonly AnalysedRequest[],
  byDefault: string,
): Eviction {
  const stated = machine.spec['evictionStrategy'];
  if (typeof stated === 'string') return { evictionStrategy: stated, writesEviction: false };
  const isOurs = machine.foreign === undefined && machine.fromManifest === undefined;
  const writesEviction =
    isOurs &&
    byDefault === 'LiveMigrate' &&
    !mayMigrate(
      fleet,
      fleet.cluster.kubevirt.featureGates.map(({ name }) => name),
      requests,
    );
  return { evictionStrategy: writesEviction ? LETS_DRAIN : byDefault, writesEviction };
}
