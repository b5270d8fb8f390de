import type { KubeVirtRelease } from './version';

/**
 * The minor release of KubeVirt in each release of OpenShift Virtualization, whose own version is the cluster's.
 *
 * @see https://github.com/openshift/openshift-docs/blob/enterprise-4.18/_attributes/common-attributes.adoc (KubeVirtVersion)
 */
const RELEASES: ReadonlyMap<string, KubeVirtRelease> = new Map([
  ['4.18', '1.4'],
  ['4.19', '1.5'],
  ['4.20', '1.6'],
  ['4.21', '1.7'],
  ['4.22', '1.8'],
]);

/** The releases of OpenShift Virtualization whose KubeVirt is known, oldest first. */
export const OPENSHIFT_VIRTUALIZATION_RELEASES: readonly string[] = [...RELEASES.keys()];

/**
 * The release of KubeVirt in a release of OpenShift Virtualization; undefined where the text is none, or one that is not in the table.
 *
 * @example `releaseInOpenShiftVirtualization('4.20.3')` gives `1.6`
 */
export function releaseInOpenShiftVirtualization(text: string): KubeVirtRelease | undefined {
  const minor = /^(4\.\d{1,4})(?:\.\d{1,4})?$/.exec(text)?.[1];
  return minor === undefined ? undefined : RELEASES.get(minor);
}
