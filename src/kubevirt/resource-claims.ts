/*
 * What differs in dynamic resource allocation by Kubernetes release and by driver. Every driver gives its own attributes to its devices;
 * the address and the PCIe root have names that all share.
 */

import type { Cluster } from '../model';

/** The versions of `resource.k8s.io` that claims can be written in. */
export type ResourceApiVersion = 'v1' | 'v1beta2' | 'v1beta1';

/**
 * The version to write claims in for a release of Kubernetes, `1.33` or `1.33.4`; undefined for one that has none of them.
 *
 * `v1` from 1.34 on, `v1beta2` in 1.33, `v1beta1` in 1.32.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/controlplane/instance.go
 */
export function resourceApiVersion(kubernetesVersion: string): ResourceApiVersion | undefined {
  const [, major = '', minor = ''] = /^(\d{1,3})\.(\d{1,4})(?:\.|$)/.exec(kubernetesVersion) ?? [];
  if (major !== '1') return undefined;
  if (Number(minor) >= 34) return 'v1';
  if (Number(minor) === 33) return 'v1beta2';
  return Number(minor) === 32 ? 'v1beta1' : undefined;
}

/** A text as a string of the Common Expression Language: `"NVIDIA \"H100\""`. Half a surrogate pair, which it cannot hold, becomes U+FFFD. */
export function celString(text: string): string {
  const whole = text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
  return JSON.stringify(whole);
}

/**
 * What the claims of a VM are called, after the names of its entries: DNS labels, each once, `gpu1` of `GPU1`, and `gpu1-2` of another.
 *
 * @param taken - names that the VM has given to claims already
 */
export function claimNames(entries: readonly string[], taken: readonly string[] = []): string[] {
  const used = new Set(taken);
  return entries.map((entry) => {
    const label = labelOf(entry);
    let name = label;
    for (let number = 2; used.has(name); number++) name = `${label}-${String(number)}`;
    used.add(name);
    return name;
  });
}

function labelOf(entry: string): string {
  const label = entry
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '-')
    .slice(0, 56)
    .replace(/^-+/, '')
    .replace(/-+$/, '');
  return label === '' ? 'device' : label;
}

/** The attributes that every driver gives its PCI devices under one name. */
const STANDARD = 'device.attributes["resource.kubernetes.io"]';

/** An expression that is true of the devices at any of these addresses. */
export function celOfAddresses(addresses: readonly string[]): string {
  const [only] = addresses;
  if (addresses.length === 1 && only !== undefined) return `${STANDARD}.pciBusID == ${celString(only)}`;
  return `${STANDARD}.pciBusID in [${addresses.map(celString).join(', ')}]`;
}

/** An expression that is true of the devices below a PCIe root, `pci0000:64`. */
export function celOfPcieRoot(root: string): string {
  return `${STANDARD}.pcieRoot == ${celString(root)}`;
}

/** What one driver calls the attributes of its devices that have no name in common. */
export interface DriverAttributes {
  /** True of devices with one of these ids, `10de:2330`. */
  readonly ofIds: (ids: readonly string[]) => string;
  readonly ofNumaNode: (node: number) => string;
  readonly ofProduct: (name: string) => string;
}

/** The name of NVIDIA's driver. */
export const NVIDIA_DRA_DRIVER = 'gpu.nvidia.com';

const NVIDIA = `device.attributes["${NVIDIA_DRA_DRIVER}"]`;

/**
 * What a driver calls its attributes; undefined for a driver that hostdev does not know.
 *
 * @see https://github.com/NVIDIA/k8s-dra-driver-gpu/blob/03af824603ff1b1c3c3193cb25cc584690f4785c/cmd/gpu-kubelet-plugin/deviceinfo.go
 */
export function driverAttributes(driver: string): DriverAttributes | undefined {
  if (driver !== NVIDIA_DRA_DRIVER) return undefined;
  const idOf = (id: string): string => {
    const [vendor = '', product = ''] = id.split(':');
    return `${NVIDIA}.vendorID == "0x${vendor}" && ${NVIDIA}.deviceID == "0x${product}"`;
  };
  return {
    ofIds: (ids) => (ids.length === 1 ? idOf(ids[0] ?? '') : ids.map((id) => `(${idOf(id)})`).join(' || ')),
    // later releases of the driver move it to the domain that drivers share
    ofNumaNode: (node) => `("numa" in ${NVIDIA} ? ${NVIDIA}.numa : ${STANDARD}.numaNode) == ${String(node)}`,
    ofProduct: (name) => `${NVIDIA}.productName == ${celString(name)}`,
  };
}

/** OpenShift 4.N is Kubernetes 1.(N + 13). */
const OPENSHIFT_AHEAD = 13;

/** The version of Kubernetes, stated or that of the stated OpenShift; undefined where neither is. */
export function kubernetesVersionOf(
  cluster: Pick<Cluster, 'kubernetesVersion' | 'nodePlatform' | 'nodePlatformVersion'>,
): string | undefined {
  if (cluster.kubernetesVersion !== undefined) return cluster.kubernetesVersion;
  const [, minor] = /^4\.(\d{1,3})(?:\.|$)/.exec(cluster.nodePlatformVersion ?? '') ?? [];
  return cluster.nodePlatform !== 'openshift' || minor === undefined
    ? undefined
    : `1.${Number(minor) + OPENSHIFT_AHEAD}`;
}
