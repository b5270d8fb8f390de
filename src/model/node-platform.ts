/**
 * What runs on the nodes and takes their preparation: OpenShift's Machine Config Operator, Talos, Ignition (Flatcar, Fedora CoreOS),
 * cloud-init, or a Linux distribution with packages (kubeadm, RKE2, K3s).
 */
export type NodePlatform = 'openshift' | 'talos' | 'ignition' | 'cloud-init' | 'linux';

/** Every platform, in the order in which they are named to users. */
export const NODE_PLATFORMS: readonly NodePlatform[] = ['openshift', 'talos', 'ignition', 'cloud-init', 'linux'];
