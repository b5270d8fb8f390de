/*
 * The names that KubeVirt and NVIDIA's device plugin derive from what people write, character for character: one deviation
 * and a VM asks for a resource that no node has.
 */

/** Go's `strings.TrimSpace` cuts these; JavaScript's `trim` differs in U+0085 and U+FEFF. */
const GO_SPACE = /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/;

/**
 * A mediated device type's name as virt-handler compares it: `GRID_T4-1Q` for `GRID T4-1Q`.
 *
 * Blanks become underscores first and the ends are cut after that, so a leading or trailing blank stays, as an underscore,
 * and such a selector matches nothing.
 *
 * @see https://github.com/kubevirt/kubevirt/blob/d923fdb815/pkg/virt-handler/device-manager/device_controller.go
 */
export function normalisedMdevName(name: string): string {
  return trimmedAsGo(name.replaceAll(' ', '_'));
}

function trimmedAsGo(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && GO_SPACE.test(text.charAt(start))) start++;
  while (end > start && GO_SPACE.test(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

/** How a resource's devices are announced to virt-launcher; the names are KubeVirt's prefixes. */
export type DeviceVariable = 'PCI_RESOURCE' | 'MDEV_PCI_RESOURCE' | 'USB_RESOURCE';

/**
 * The environment variable that carries a resource's addresses into virt-launcher:
 * `PCI_RESOURCE_NVIDIA_COM_TU104GL_TESLA_T4`. Names that differ only in case or in `.`, `/` and `_` share one.
 *
 * @see https://github.com/kubevirt/kubevirt/blob/d923fdb815/pkg/util/util.go
 */
export function environmentVariableOf(prefix: DeviceVariable, resourceName: string): string {
  return `${prefix}_${resourceName.toUpperCase().replace(/[/.]/g, '_')}`;
}

/** What `\s+` matches in Go's regular expressions. */
const GO_SPACES = /[\t\n\f\r ]+/g;

/**
 * The part after `nvidia.com/` that NVIDIA's device plugin makes of a GPU's name: `TU104GL_TESLA_T4`.
 *
 * @param pciIdsDeviceName the device's name in pci.ids, without the vendor: `TU104GL [Tesla T4]`
 * @see https://github.com/NVIDIA/kubevirt-gpu-device-plugin/blob/1041cba5e822588b09f1fec7b42f2435d887875e/pkg/device_plugin/device_plugin.go
 */
export function nvidiaPluginName(pciIdsDeviceName: string): string {
  return pciIdsDeviceName
    .trim()
    .replace(/[a-z]+/g, (letters) => letters.toUpperCase())
    .replace(/[/.]/g, '_')
    .replace(GO_SPACES, '_')
    .replace(/[^A-Z0-9_.]/g, '');
}

/**
 * What NVIDIA's device plugin calls the resource of a passed through GPU: `nvidia.com/TU104GL_TESLA_T4`. The mixed case of
 * KubeVirt's user guide never matches it.
 *
 * @param pciIdsDeviceName as for {@link nvidiaPluginName}; an inventory's name goes through {@link nvidiaDeviceName} first
 */
export function nvidiaPluginResourceName(pciIdsDeviceName: string): string {
  return `nvidia.com/${nvidiaPluginName(pciIdsDeviceName)}`;
}

/**
 * What NVIDIA's device plugin calls the resource of a vGPU type: `nvidia.com/GRID_T4-1Q` for `GRID T4-1Q`. Several blanks in
 * a row become one underscore, unlike in {@link normalisedMdevName}.
 *
 * @see https://github.com/NVIDIA/kubevirt-gpu-device-plugin/blob/1041cba5e822588b09f1fec7b42f2435d887875e/pkg/device_plugin/device_plugin.go
 */
export function nvidiaVgpuResourceName(typeName: string): string {
  return `nvidia.com/${typeName.replace(GO_SPACES, '_')}`;
}

const NVIDIA_VENDOR = /^nvidia corporation(?:\s|$)/i;

/**
 * A device's name as pci.ids has it, `TU104GL [Tesla T4]`, of the name in an inventory, where lspci put the vendor in
 * front: `NVIDIA Corporation TU104GL [Tesla T4]`. A name without that vendor stays as it is.
 *
 * @returns undefined when the name is not known: nothing is left, or lspci had no name and wrote `Device 1eb8`.
 */
export function nvidiaDeviceName(inventoryName: string): string | undefined {
  const name = inventoryName.trim().replace(NVIDIA_VENDOR, '').trim();
  return name === '' || /^device [0-9a-f]{4}$/i.test(name) ? undefined : name;
}
