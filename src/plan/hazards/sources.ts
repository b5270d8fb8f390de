/** Where claims of hazards about KubeVirt are read. */
export const KUBEVIRT = 'https://github.com/kubevirt/kubevirt/blob/d923fdb815';

/** Where claims of hazards about the machine-config-operator are read. */
export const MCO = 'https://github.com/openshift/machine-config-operator/blob/19ba3dda6e7a34fe5f15917152271191f9adb655';

/** Where claims of hazards about Argo CD are read. */
export const ARGO_CD = 'https://github.com/argoproj/argo-cd/blob/v3.6.0';

/** Where claims of hazards about Flux are read. */
export const FLUX = 'https://github.com/fluxcd/kustomize-controller/blob/v1.6.0';
