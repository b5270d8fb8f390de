import { KUBEVIRT_RESOURCES } from './defaults';

/** The folder in which kubelet looks for device plugins. */
export const DEVICE_PLUGIN_FOLDER = '/var/lib/kubelet/device-plugins/';

/** Bytes that the path of a unix socket can hold; a longer one cannot be bound. */
export const LONGEST_SOCKET_PATH = 107;

/**
 * The socket of KubeVirt's plugin for a PCI resource, every `/` made `-`: `kubevirt-intel.com-qat.sock`.
 *
 * @see https://github.com/kubevirt/kubevirt/blob/d923fdb815/pkg/virt-handler/device-manager/pci_device.go
 */
export function pciSocketName(resourceName: string): string {
  return socketNamed(resourceName.replaceAll('/', '-'));
}

/**
 * The socket of KubeVirt's plugin for a mediated device, named by what follows the first `/`:
 * `kubevirt-GRID_T4-1Q.sock`. The same for two vendors' resources of one product name.
 *
 * @returns undefined for a name without `/`, on which virt-handler panics.
 * @see https://github.com/kubevirt/kubevirt/blob/d923fdb815/pkg/virt-handler/device-manager/mediated_device.go
 */
export function mediatedSocketName(resourceName: string): string | undefined {
  const product = resourceName.split('/')[1];
  return product === undefined ? undefined : socketNamed(product);
}

/**
 * The socket of KubeVirt's plugin for a USB resource: `kubevirt-usb-storage.sock`.
 *
 * @see https://github.com/kubevirt/kubevirt/blob/d923fdb815/pkg/virt-handler/device-manager/usb_device.go
 */
export function usbSocketName(resourceName: string): string {
  return socketNamed(`usb-${resourceName.split('/')[1] ?? resourceName}`);
}

/**
 * The socket of NVIDIA's plugin for a resource below `nvidia.com/`: `kubevirt-TU104GL_TESLA_T4.sock`, which is also the name
 * that KubeVirt would give a mediated device of that name.
 *
 * @see https://github.com/NVIDIA/kubevirt-gpu-device-plugin/blob/00fb70858375611c7a6be8514c7c1b56692535dc/pkg/device_plugin/generic_device_plugin.go
 */
export function nvidiaPluginSocketName(resourceName: string): string {
  return socketNamed(resourceName.replace(/^nvidia\.com\//, ''));
}

/**
 * The sockets of KubeVirt's own device plugins, one for each of {@link KUBEVIRT_RESOURCES}: `kubevirt-kvm.sock`.
 *
 * @see https://github.com/kubevirt/kubevirt/blob/d923fdb815/pkg/virt-handler/device-manager/generic_device.go
 */
export const BUILTIN_SOCKETS: readonly string[] = KUBEVIRT_RESOURCES.map(socketNamed);

/** Length in bytes of a socket's whole path; compare with {@link LONGEST_SOCKET_PATH}. */
export function socketPathLength(socketName: string): number {
  return new TextEncoder().encode(DEVICE_PLUGIN_FOLDER + socketName).length;
}

function socketNamed(name: string): string {
  return `kubevirt-${name}.sock`;
}
