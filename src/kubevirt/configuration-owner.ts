import {
  HYPERCONVERGED_API_VERSIONS,
  hyperConvergedLayout,
  kubeVirtLayout,
  type ConfigurationLayout,
} from './configuration-layout';
import { DEFAULT_KUBEVIRT_NAME, DEFAULT_KUBEVIRT_NAMESPACE } from './defaults';
import {
  DEFAULT_HYPERCONVERGED_NAME,
  DEFAULT_HYPERCONVERGED_NAMESPACE,
  OPENSHIFT_VIRTUALIZATION_NAMESPACE,
  preferredHyperConvergedApi,
} from './hyperconverged';
import { releaseInOpenShiftVirtualization } from './openshift-virtualization';
import { NEWEST_RELEASE, parseKubeVirtVersion } from './version';

/** What a fleet says about the owner of KubeVirt's configuration, as typed; anything else counts as not said. */
export interface OwnerStatement {
  readonly managedBy?: unknown;
  readonly apiVersion?: unknown;
  /** KubeVirt's version or OpenShift Virtualization's: `1.6.3`, `4.20`. */
  readonly version?: unknown;
}

/** The layout of the object that KubeVirt's configuration is written into. */
export function ownerLayout({ managedBy, apiVersion, version }: OwnerStatement): ConfigurationLayout {
  if (managedBy !== 'hyperconverged') return kubeVirtLayout();
  const said = HYPERCONVERGED_API_VERSIONS.find((known) => known === apiVersion);
  return hyperConvergedLayout(said ?? preferredHyperConvergedApi({ release: releaseOf(version) }));
}

function releaseOf(version: unknown): Parameters<typeof preferredHyperConvergedApi>[0]['release'] {
  const text = typeof version === 'string' ? version : '';
  const parsed = parseKubeVirtVersion(text);
  return parsed.ok ? parsed.value.release : (releaseInOpenShiftVirtualization(text) ?? NEWEST_RELEASE);
}

/**
 * Where that object is when nobody says otherwise: `kubevirt/kubevirt`, `kubevirt-hyperconverged/kubevirt-hyperconverged`, on OpenShift
 * `openshift-cnv/kubevirt-hyperconverged`.
 */
export function defaultOwnerIdentity(
  managedBy: unknown,
  nodePlatform: unknown,
): { readonly namespace: string; readonly name: string } {
  if (managedBy !== 'hyperconverged') return { namespace: DEFAULT_KUBEVIRT_NAMESPACE, name: DEFAULT_KUBEVIRT_NAME };
  return {
    namespace: nodePlatform === 'openshift' ? OPENSHIFT_VIRTUALIZATION_NAMESPACE : DEFAULT_HYPERCONVERGED_NAMESPACE,
    name: DEFAULT_HYPERCONVERGED_NAME,
  };
}
