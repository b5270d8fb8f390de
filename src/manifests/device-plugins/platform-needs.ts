import type { JsonObject, NodePlatform } from '../../model';
import { openshiftMinor } from '../openshift-version';

/** What a platform asks for besides, before a pod may mount host folders. */
export interface PlatformNeeds {
  readonly namespaceLabels: JsonObject;
  readonly namespaceAnnotations: JsonObject;
  readonly containerSecurity: JsonObject;
  /** The cluster role that lets the pod in, and why it is this one; undefined: none is needed. */
  readonly admission: (
    platformVersion: string | undefined,
  ) => { readonly role: string; readonly reason: string } | undefined;
}

/** Kubernetes without policies of its own: the namespace's labels let such a pod in. */
const PLAIN: PlatformNeeds = {
  namespaceLabels: {},
  namespaceAnnotations: {},
  containerSecurity: {},
  admission: () => undefined,
};

/** What each platform asks of the pods of a device plugin. */
export const PLATFORM_NEEDS: Readonly<Record<NodePlatform, PlatformNeeds>> = {
  openshift: {
    // the synchroniser would set the labels by what service accounts may do
    namespaceLabels: { 'security.openshift.io/scc.podSecurityLabelSync': 'false' },
    // a cluster-wide default node selector would keep the pods off these nodes
    namespaceAnnotations: { 'openshift.io/node-selector': '' },
    containerSecurity: { seLinuxOptions: { type: 'container_device_plugin_t' } },
    admission: (version) =>
      (openshiftMinor(version) ?? 0) >= 19
        ? {
            role: 'system:openshift:scc:hostmount-anyuid-v2',
            reason:
              'the least that OpenShift has from 4.19 on for host folders with an SELinux type that the pod names',
          }
        : {
            role: 'system:openshift:scc:privileged',
            reason:
              'before 4.19 no other that OpenShift has lets a pod name its SELinux type; the container itself is not privileged',
          },
  },
  talos: PLAIN,
  ignition: PLAIN,
  'cloud-init': PLAIN,
  linux: PLAIN,
};
