/*
 * The releases and commits that rules cite, each in one place, so that re-reading the sources of a newer release is one edit
 * and a search for what the claims say.
 */

/** KubeVirt's main branch of 2026-08-22, heading to 1.10; the device manager is the same as in 1.9.0. */
export const KUBEVIRT = 'https://github.com/kubevirt/kubevirt/blob/d923fdb815';

/** KubeVirt 1.8.0, where it differs. */
export const KUBEVIRT_1_8 = 'https://github.com/kubevirt/kubevirt/blob/v1.8.0';

/** Kubernetes itself: kubelet and the helpers it shares with the API server. */
export const KUBERNETES = 'https://github.com/kubernetes/kubernetes/blob/v1.33.0';

/** NVIDIA's kubevirt-gpu-device-plugin. */
export const NVIDIA_PLUGIN =
  'https://github.com/NVIDIA/kubevirt-gpu-device-plugin/blob/1041cba5e822588b09f1fec7b42f2435d887875e';

/** The Linux kernel. */
export const LINUX = 'https://github.com/torvalds/linux/blob/v6.12';

/** OpenShift's machine-config-operator, by the commit that last changed the file cited. */
export const MACHINE_CONFIG_OPERATOR = 'https://github.com/openshift/machine-config-operator/blob';
