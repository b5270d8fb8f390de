import type { Analysis, Resource } from '../analysis';
import type { Device, PciId, PciVendorSelector } from '../model';

/** A PCI device's selector beside the resource that it stands for. */
export interface SelectorUse {
  readonly resource: Resource;
  readonly selector: PciVendorSelector;
}

/** The selectors under which a device stands in the list of PCI devices: none for other kinds. */
export function permittedSelectors(device: Device): readonly PciVendorSelector[] {
  if (device.kind === 'pci') return device.selectors;
  return device.kind === 'vgpu' && device.framework !== undefined ? device.virtualFunctions : [];
}

/** Every well-formed selector of a PCI device by its id, once for each device, in the order of the devices. */
export function selectorUses(analysis: Analysis): Map<PciId, SelectorUse[]> {
  const uses = new Map<PciId, SelectorUse[]>();
  for (const resource of analysis.resources) {
    for (const selector of permittedSelectors(resource.device)) {
      if (selector.id === undefined) continue;
      const known = uses.get(selector.id) ?? [];
      if (!known.some((use) => use.resource === resource)) known.push({ resource, selector });
      uses.set(selector.id, known);
    }
  }
  return uses;
}

/** The GPUs of Grace superchips, as KubeVirt lists them. */
const GRACE: ReadonlySet<string> = new Set(['10de:2342', '10de:2348', '10de:2941']);

/**
 * Whether an id is that of a Grace superchip's GPU.
 *
 * @see https://github.com/kubevirt/kubevirt/blob/d923fdb815/pkg/util/hardware/grace.go
 */
export function isGraceId(id: PciId | undefined): boolean {
  return id !== undefined && GRACE.has(id);
}
