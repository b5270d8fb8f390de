/*
 * The releases and commits that rules cite, each in one place, so that re-reading the sources of a newer release is one edit
 * and a search for what the claims say.
 */

/** KubeVirt's main branch of 2026-08-22, heading to 1.10; the device manager is the same as in 1.9.0. */
export const KUBEVIRT = 'https://github.com/kubevirt/kubevirt/blob/d923fdb815';

/** Kubernetes itself: kubelet and the helpers it shares with the API server. */
export const KUBERNETES = 'https://github.com/kubernetes/kubernetes/blob/v1.33.0';

/** NVIDIA's kubevirt-gpu-device-plugin. */
export const NVIDIA_PLUGIN =
  'https://github.com/NVIDIA/kubevirt-gpu-device-plugin/blob/1041cba5e822588b09f1fec7b42f2435d887875e';

/** The Linux kernel. */
export const LINUX = 'https://github.com/torvalds/linux/blob/v6.12';

/** OpenShift's machine-config-operator, by the commit that last changed the file cited. */
export const MACHINE_CONFIG_OPERATOR = 'https://github.com/openshift/machine-config-operator/blob';

/** NVIDIA's GPU operator, by the commit that last changed the file cited. */
export const GPU_OPERATOR = 'https://github.com/NVIDIA/gpu-operator/blob';

/** The SR-IOV network operator, by the commit that last changed the file cited. */
export const SRIOV_OPERATOR = 'https://github.com/k8snetworkplumbingwg/sriov-network-operator/blob';

/** OpenShift's node tuning operator, by the commit that last changed the file cited. */
export const NODE_TUNING_OPERATOR = 'https://github.com/openshift/cluster-node-tuning-operator/blob';

/** The hyperconverged-cluster-operator. */
export const HYPERCONVERGED = 'https://github.com/kubevirt/hyperconverged-cluster-operator/blob/v1.20.0';
