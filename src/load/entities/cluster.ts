import {
  defaultOwnerIdentity,
  NEWEST_RELEASE,
  parseKubeVirtVersion,
  releaseInOpenShiftVirtualization,
} from '../../kubevirt';
import {
  NODE_PLATFORMS,
  type Cluster,
  type CurrentObject,
  type JsonObject,
  type KubeVirtTarget,
  type OperatorName,
} from '../../model';
import { toGitOps } from './gitops';
import { below, choiceOf, mapOf, placedTexts, textOf, type PlaceBelow } from './values';

const OPERATORS: readonly OperatorName[] = ['gpu-operator', 'node-tuning-operator', 'sriov-network-operator'];

/**
 * The `cluster` of a fleet with its live objects.
 *
 * Left out: KubeVirt's own object is the owner of its configuration, and it is `kubevirt/kubevirt`. Where no supported release is said, which is an error, the newest
 * is assumed, so that the rest of the fleet can still be judged.
 */
export function toCluster(value: unknown, current: readonly CurrentObject[] | undefined, at: PlaceBelow): Cluster {
  const cluster = mapOf(value);
  const nodePlatform = choiceOf(cluster['nodePlatform'], NODE_PLATFORMS) ?? 'openshift';
  return {
    nodePlatform,
    nodePlatformVersion: textOf(cluster['nodePlatformVersion']),
    kubernetesVersion: textOf(cluster['kubernetesVersion']),
    kubevirt: toKubeVirtTarget(mapOf(cluster['kubevirt']), below(at, 'kubevirt'), cluster['nodePlatform']),
    current,
    operators: placedTexts(cluster['operators'], below(at, 'operators')).flatMap(({ text, place }) => {
      const name = choiceOf(text, OPERATORS);
      return name === undefined ? [] : [{ name, place }];
    }),
    gitops: toGitOps(cluster['gitops'], nodePlatform, below(at, 'gitops')),
    place: at(),
  };
}

function toKubeVirtTarget(value: JsonObject, at: PlaceBelow, nodePlatform: unknown): KubeVirtTarget {
  const text = textOf(value['version']) ?? '';
  const version = parseKubeVirtVersion(text);
  const managedBy = value['managedBy'] === 'hyperconverged' ? 'hyperconverged' : 'kubevirt';
  const usual = defaultOwnerIdentity(managedBy, nodePlatform);
  return {
    version: version.ok ? version.value.text : (releaseInOpenShiftVirtualization(text) ?? NEWEST_RELEASE),
    managedBy,
    apiVersion: textOf(value['apiVersion']),
    namespace: textOf(value['namespace']) ?? usual.namespace,
    name: textOf(value['name']) ?? usual.name,
    featureGates: placedTexts(value['featureGates'], below(at, 'featureGates')).map(({ text: name, place }) => ({
      name,
      place,
    })),
    place: at(),
  };
}
