/*
 * What Nodes tell that a fleet has to say: whose CPUs they have, which release of Kubernetes they run, what their operating system is.
 */
import { isJsonObject, jsonAt, parseQuantity, type CpuVendor, type CurrentObject, type NodePlatform } from '../model';

const VENDOR_IDS: Readonly<Record<string, CpuVendor>> = {
  Intel: 'intel',
  AMD: 'amd',
  GenuineIntel: 'intel',
  AuthenticAMD: 'amd',
};

/**
 * Who made the CPUs of some Nodes, where all that say it say the same: what node-feature-discovery and KubeVirt's node labeller found.
 *
 * @see https://github.com/kubevirt/kubevirt/blob/v1.6.0/staging/src/kubevirt.io/api/core/v1/types.go (CPUModelVendorLabel)
 */
export function cpuVendorOf(nodes: readonly CurrentObject[]): CpuVendor | undefined {
  const vendors = new Set(nodes.flatMap((node) => vendorOf(node) ?? []));
  const [vendor] = vendors;
  return vendors.size === 1 ? vendor : undefined;
}

function vendorOf({ content }: CurrentObject): CpuVendor | undefined {
  const labels = jsonAt(content, 'metadata', 'labels');
  const found = jsonAt(labels, 'feature.node.kubernetes.io/cpu-model.vendor_id');
  if (typeof found === 'string' && Object.hasOwn(VENDOR_IDS, found)) return VENDOR_IDS[found];
  const labelled = Object.entries(VENDOR_IDS).find(
    ([name]) => jsonAt(labels, `cpu-vendor.node.kubevirt.io/${name}`) === 'true',
  );
  if (labelled !== undefined) return labelled[1];
  const architecture = jsonAt(content, 'status', 'nodeInfo', 'architecture') ?? jsonAt(labels, 'kubernetes.io/arch');
  return architecture === 'arm64' ? 'arm' : undefined;
}

/** How many devices of a resource a Node hands out. */
export function allocatableOf({ content }: CurrentObject, resourceName: string): number {
  const allocatable = jsonAt(content, 'status', 'allocatable');
  const text = isJsonObject(allocatable) && Object.hasOwn(allocatable, resourceName) ? allocatable[resourceName] : '0';
  const amount = parseQuantity(text);
  return amount.ok ? amount.value : 0;
}

/** The release of Kubernetes that all kubelets run, `1.33`; undefined where they differ or do not say. */
export function kubernetesVersionOf(nodes: readonly CurrentObject[]): string | undefined {
  const versions = new Set(
    nodes.map(({ content }) => {
      const text = jsonAt(content, 'status', 'nodeInfo', 'kubeletVersion');
      return typeof text === 'string' ? /^v(\d{1,3}\.\d{1,3})\./.exec(text)?.[1] : undefined;
    }),
  );
  const [version] = versions;
  return versions.size === 1 ? version : undefined;
}

/** What prepares the nodes: OpenShift where there are its objects, Talos where all Nodes run it, else anything with systemd. */
export function platformOf(objects: readonly CurrentObject[]): {
  readonly platform: NodePlatform;
  readonly version?: string;
} {
  if (objects.some(({ kind }) => kind === 'MachineConfig' || kind === 'MachineConfigPool'))
    return { platform: 'openshift' };
  const images = objects
    .filter(({ kind }) => kind === 'Node')
    .map(({ content }) => {
      const text = jsonAt(content, 'status', 'nodeInfo', 'osImage');
      return typeof text === 'string' ? text : '';
    });
  if (images.length === 0 || !images.every((text) => text.startsWith('Talos ('))) return { platform: 'linux' };
  const version = /^Talos \(v(\d{1,3}\.\d{1,3})/.exec(images[0] ?? '')?.[1];
  return version === undefined ? { platform: 'talos' } : { platform: 'talos', version };
}
