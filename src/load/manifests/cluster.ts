import { parseKubeVirtVersion } from '../../kubevirt';
import { jsonAt, type Cluster, type CurrentObject, type KubeVirtTarget } from '../../model';
import { listAt } from '../../openshift';
import { placeAt, type Place } from '../../source';
import { textOf } from '../entities/values';

/**
 * The cluster that some objects show. The KubeVirt object is the one that there is; HyperConverged makes one of its own, of which it
 * shows neither gates nor release.
 *
 * @param version - KubeVirt's release where it was said otherwise: `1.6`, `1.6.3`
 */
export function toClusterOfManifests(
  objects: readonly CurrentObject[],
  version: string | undefined,
  place: Place,
): Cluster {
  const kubevirt = objects.find(({ kind }) => kind === 'KubeVirt');
  return {
    nodePlatform: 'openshift',
    nodePlatformVersion: undefined,
    kubernetesVersion: undefined,
    kubevirt: toTarget(kubevirt, version, place),
    current: Object.freeze([...objects]),
    operators: [],
    gitops: undefined,
    place,
  };
}

function toTarget(kubevirt: CurrentObject | undefined, version: string | undefined, place: Place): KubeVirtTarget {
  const path = ['spec', 'configuration', 'developerConfiguration', 'featureGates'];
  return {
    version: version ?? observedVersion(kubevirt) ?? '',
    managedBy: 'kubevirt',
    apiVersion: undefined,
    namespace: kubevirt?.namespace ?? 'kubevirt',
    name: kubevirt?.name ?? 'kubevirt',
    featureGates:
      kubevirt === undefined
        ? []
        : listAt(kubevirt.content, ...path).flatMap((name, i) =>
            typeof name === 'string' ? [{ name, place: placeAt(kubevirt.place, ...path, i) }] : [],
          ),
    place: kubevirt?.place ?? place,
  };
}

/** What virt-operator says that it runs: `v1.6.3`, in builds of others with more behind it. */
function observedVersion(kubevirt: CurrentObject | undefined): string | undefined {
  const observed = textOf(jsonAt(kubevirt?.content, 'status', 'observedKubeVirtVersion'));
  const text = /^v?(\d{1,4}\.\d{1,4}(?:\.\d{1,4})?)(?![\d.])/.exec(observed ?? '')?.[1];
  return text !== undefined && parseKubeVirtVersion(text).ok ? text : undefined;
}
