/*
 * NVIDIA's kubevirt-gpu-device-plugin for PCI devices. It asks nobody what is permitted: every function of its vendor on a vfio
 * driver is advertised, companions too, one resource for each device id, named after the id in pci.ids. The id that kubelet
 * gets is the address, so functions of one group count one by one.
 *
 * @see https://github.com/NVIDIA/kubevirt-gpu-device-plugin/blob/1041cba5e822588b09f1fec7b42f2435d887875e/pkg/device_plugin/device_plugin.go
 */
import { nvidiaDeviceName, nvidiaPluginResourceName } from '../../kubevirt';
import { compareText, type PciId } from '../../model';
import type { AnalysedFunction, Resource } from '../analysis';
import { selectorIds } from '../bindings';
import { VFIO_PCI } from '../drivers';
import type { PciConditions, Prediction } from './kubevirt-pci';

const NVIDIA = '10de:';

/** The drivers from which the plugin takes functions. */
const DRIVERS: ReadonlySet<string> = new Set([VFIO_PCI, 'nvgrace_gpu_vfio_pci']);

/** The PCI resources that NVIDIA's plugin advertises on a node where it runs, by name. */
export function nvidiaPciResources(
  functions: readonly AnalysedFunction[],
  resources: readonly Resource[],
  { groupsAreToCome }: PciConditions,
): Map<string, Prediction> {
  const byId = new Map<PciId, AnalysedFunction[]>();
  for (const one of [...functions].sort((a, b) => compareText(a.fact.address, b.fact.address))) {
    const { id, iommuGroup } = one.fact;
    if (id?.startsWith(NVIDIA) !== true || typeof one.driver !== 'string' || !DRIVERS.has(one.driver)) continue;
    if (iommuGroup === null && !groupsAreToCome) continue;
    byId.set(id, [...(byId.get(id) ?? []), one]);
  }
  const byName = new Map<string, Prediction>();
  for (const [id, of] of byId) {
    const name = resourceNameOf(id, of, resources);
    if (name !== undefined) byName.set(name, byName.has(name) ? shared(byName.get(name), of) : predict(of));
  }
  return byName;
}

/** The name of an id: made from its name in words, else what the fleet says that the id is called. */
function resourceNameOf(
  id: PciId,
  functions: readonly AnalysedFunction[],
  resources: readonly Resource[],
): string | undefined {
  for (const { fact } of functions) {
    const inWords = fact.name === undefined ? undefined : nvidiaDeviceName(fact.name);
    if (inWords !== undefined) return nvidiaPluginResourceName(inWords);
  }
  return resources.find(({ server, device }) => server === 'nvidia' && selectorIds(device).includes(id))?.name;
}

function predict(functions: readonly AnalysedFunction[]): Prediction {
  const devices = functions.map((one) => ({
    id: one.fact.address,
    functions: [one],
    // the plugin takes the kernel's -1 for node 0
    numaNode: one.fact.numaNode === undefined ? undefined : Math.max(one.fact.numaNode, 0),
  }));
  return { functions, devices, count: devices.length, unknownBecause: undefined };
}

function shared(first: Prediction | undefined, more: readonly AnalysedFunction[]): Prediction {
  return {
    functions: [...(first?.functions ?? []), ...more],
    devices: [],
    count: undefined,
    unknownBecause: 'models of one name take each other’s place in NVIDIA’s plugin',
  };
}
