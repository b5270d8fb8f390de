/*
 * Where the configuration of KubeVirt stands in the object that its owner writes, and what its fields are called there. KubeVirt's
 * own object and HyperConverged, whose two versions differ, say the same in other places and other words.
 */

/** How an object lists feature gates: KubeVirt's names, names with a state, or a map of switches. */
export type GateForm = 'names' | 'states' | 'switches';

/** Where one version of one kind keeps what host devices need, and in which words. */
export interface ConfigurationLayout {
  readonly kind: 'KubeVirt' | 'HyperConverged';
  readonly apiVersion: string;
  /** To the map of lists of permitted host devices. */
  readonly permitted: readonly string[];
  /** To the map that says which mediated devices are made. */
  readonly mediated: readonly string[];
  /** To the feature gates. */
  readonly gates: readonly string[];
  readonly gateForm: GateForm;
  /** To the tolerations and selectors of KubeVirt's node components. */
  readonly workloads: readonly string[];
  /** What selects a PCI device by its ids. */
  readonly pciSelector: 'pciVendorSelector' | 'pciDeviceSelector';
  readonly usbList: 'usb' | 'usbHostDevices';
  /**
   * Whether server-side apply merges the lists of permitted devices entry by entry; otherwise whoever writes one writes all of it.
   * The list of `nodeMediatedDeviceTypes` is atomic everywhere.
   */
  readonly mergesPermitted: boolean;
}

/** The versions of HyperConverged's API, newest first. */
export const HYPERCONVERGED_API_VERSIONS = ['hco.kubevirt.io/v1', 'hco.kubevirt.io/v1beta1'] as const;

/** A version of HyperConverged's API: `hco.kubevirt.io/v1`. */
export type HyperConvergedApiVersion = (typeof HYPERCONVERGED_API_VERSIONS)[number];

const KUBEVIRT: ConfigurationLayout = {
  kind: 'KubeVirt',
  apiVersion: 'kubevirt.io/v1',
  permitted: ['spec', 'configuration', 'permittedHostDevices'],
  mediated: ['spec', 'configuration', 'mediatedDevicesConfiguration'],
  gates: ['spec', 'configuration', 'developerConfiguration', 'featureGates'],
  gateForm: 'names',
  workloads: ['spec', 'workloads', 'nodePlacement'],
  pciSelector: 'pciVendorSelector',
  usbList: 'usb',
  mergesPermitted: false,
};

const HYPERCONVERGED: Readonly<Record<HyperConvergedApiVersion, ConfigurationLayout>> = {
  'hco.kubevirt.io/v1': {
    kind: 'HyperConverged',
    apiVersion: 'hco.kubevirt.io/v1',
    permitted: ['spec', 'virtualization', 'permittedHostDevices'],
    mediated: ['spec', 'virtualization', 'mediatedDevicesConfiguration'],
    gates: ['spec', 'featureGates'],
    gateForm: 'states',
    workloads: ['spec', 'deployment', 'nodePlacements', 'workload'],
    pciSelector: 'pciDeviceSelector',
    usbList: 'usbHostDevices',
    mergesPermitted: true,
  },
  'hco.kubevirt.io/v1beta1': {
    kind: 'HyperConverged',
    apiVersion: 'hco.kubevirt.io/v1beta1',
    permitted: ['spec', 'permittedHostDevices'],
    mediated: ['spec', 'mediatedDevicesConfiguration'],
    gates: ['spec', 'featureGates'],
    gateForm: 'switches',
    workloads: ['spec', 'workloads', 'nodePlacement'],
    pciSelector: 'pciDeviceSelector',
    usbList: 'usbHostDevices',
    mergesPermitted: true,
  },
};

/**
 * The layout of an object; undefined for a kind that does not configure KubeVirt, and for a version of it that nobody has described.
 * Every version of `kubevirt.io` is alike.
 *
 * @see https://github.com/kubevirt/kubevirt/blob/v1.9.0/staging/src/kubevirt.io/api/core/v1/types.go (PermittedHostDevices)
 * @see https://github.com/kubevirt/hyperconverged-cluster-operator/tree/v1.20.0/api (v1, v1beta1)
 */
export function configurationLayout(object: {
  readonly apiVersion: string;
  readonly kind: string;
}): ConfigurationLayout | undefined {
  const { apiVersion, kind } = object;
  if (kind === 'KubeVirt' && apiVersion.startsWith('kubevirt.io/')) return KUBEVIRT;
  if (kind !== 'HyperConverged') return undefined;
  const known = HYPERCONVERGED_API_VERSIONS.find((version) => version === apiVersion);
  return known === undefined ? undefined : HYPERCONVERGED[known];
}

/** The layout of KubeVirt's own object. */
export function kubeVirtLayout(): ConfigurationLayout {
  return KUBEVIRT;
}

/** The layout of a version of HyperConverged. */
export function hyperConvergedLayout(apiVersion: HyperConvergedApiVersion): ConfigurationLayout {
  return HYPERCONVERGED[apiVersion];
}
