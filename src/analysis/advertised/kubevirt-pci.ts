/*
 * KubeVirt's plugin for PCI devices. The id that kubelet gets for a device is its IOMMU group, so functions of one resource in
 * one group are one device, and the last of them is the one that is handed over.
 *
 * @see https://github.com/kubevirt/kubevirt/blob/d923fdb815/pkg/virt-handler/device-manager/pci_device.go (discoverPermittedHostPCIDevices, constructDPIdevices)
 */
import { compareText } from '../../model';
import type { AdvertisedDevice, AnalysedFunction } from '../analysis';
import { VFIO_PCI } from '../drivers';
import type { KubeVirtPlan } from './kubevirt-plan';

/** What is advertised under one name, as far as it can be told. */
export interface Prediction {
  readonly functions: readonly AnalysedFunction[];
  readonly devices: readonly AdvertisedDevice[];
  /** Undefined: not known, for the reason given. */
  readonly count: number | undefined;
  readonly unknownBecause: string | undefined;
}

/** What a node's functions depend on besides themselves. */
export interface PciConditions {
  /** Whether the target release takes NVIDIA's virtual functions with a vGPU; undefined: the release is not known. */
  readonly takesVendorVgpus: boolean | undefined;
  /** Whether functions that show no group get one when the node is prepared: its IOMMU was off when it was inventoried. */
  readonly groupsAreToCome: boolean;
}

/** The PCI resources that KubeVirt's plugin advertises for a node's functions, by name. */
export function kubeVirtPciResources(
  functions: readonly AnalysedFunction[],
  plan: KubeVirtPlan,
  conditions: PciConditions,
): Map<string, Prediction> {
  const byName = new Map<string, AnalysedFunction[]>();
  const doubtful = new Set<string>();
  // the order of sysfs's folder, which decides who is last
  for (const one of [...functions].sort((a, b) => compareText(a.fact.address, b.fact.address))) {
    const name = one.fact.id === undefined ? undefined : plan.pciNames.get(one.fact.id);
    if (name === undefined) continue;
    const accepted = isAccepted(one, conditions);
    if (accepted === false || (one.fact.iommuGroup === null && !conditions.groupsAreToCome)) continue;
    if (accepted === undefined) doubtful.add(name);
    const known = byName.get(name);
    if (known === undefined) byName.set(name, [one]);
    else known.push(one);
  }
  return new Map([...byName].map(([name, of]) => [name, predict(of, doubtful.has(name))]));
}

/** Whether the function's driver is one that the plugin takes; undefined: it depends on what the inventory does not show. */
function isAccepted({ fact, driver }: AnalysedFunction, { takesVendorVgpus }: PciConditions): boolean | undefined {
  if (driver === VFIO_PCI) return true;
  if (driver !== 'nvidia' || takesVendorVgpus === false) return false;
  // a physical function is never taken, a virtual one when it has a vGPU
  if (fact.physicalFunction === undefined || fact.currentVgpuType === null) return false;
  return fact.currentVgpuType === undefined || takesVendorVgpus === undefined ? undefined : true;
}

function predict(functions: readonly AnalysedFunction[], isDoubtful: boolean): Prediction {
  const unknown = (unknownBecause: string): Prediction => ({
    functions,
    devices: [],
    count: undefined,
    unknownBecause,
  });
  if (isDoubtful) return unknown('the inventory does not show which virtual functions have a vGPU');
  const byGroup = new Map<number, AdvertisedDevice>();
  for (const one of functions) {
    const group = one.fact.iommuGroup;
    if (typeof group !== 'number') {
      // one function is one device, whatever its group
      if (functions.length > 1) return unknown('the inventory does not show every IOMMU group');
      return { functions, devices: [], count: 1, unknownBecause: undefined };
    }
    byGroup.set(group, {
      id: String(group),
      functions: [...(byGroup.get(group)?.functions ?? []), one],
      numaNode: numaHint(one),
    });
  }
  return { functions, devices: [...byGroup.values()], count: byGroup.size, unknownBecause: undefined };
}

function numaHint({ fact: { numaNode } }: AnalysedFunction): number | undefined {
  return numaNode === undefined || numaNode < 0 ? undefined : numaNode;
}
