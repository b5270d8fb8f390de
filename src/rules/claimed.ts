import type { Analysis } from '../analysis';
import type { DraAllocation, PciHostDevice } from '../model';
import { exampleFleet } from './example';

/** The devices that a driver of dynamic resource allocation hands out, in the order of the devices. */
export function claimedDevices({
  fleet,
}: Pick<Analysis, 'fleet'>): { readonly device: PciHostDevice; readonly dra: DraAllocation }[] {
  return fleet.devices.flatMap((device) =>
    device.kind === 'pci' && device.dra !== undefined ? [{ device, dra: device.dra }] : [],
  );
}

/** What an example of a claimed device shows besides the device itself. */
export interface ClaimedExample {
  readonly kubevirt?: string;
  readonly kubernetes?: string;
  readonly dra?: string;
  readonly passthrough?: string;
  /** Lists of the VM. */
  readonly requests?: string;
  readonly devices?: string;
}

/** A fleet with a device that NVIDIA's driver hands out, and VM `train-7`, which claims it. */
export function claimedExample(facts: ClaimedExample): string {
  const {
    kubevirt = '"1.9"',
    kubernetes = '"1.34"',
    dra = '{ driver: gpu.nvidia.com, deviceClassName: vfio.gpu.nvidia.com, driverFeatureGates: [PassthroughSupport, DeviceMetadata] }',
    passthrough = '{ device: h100 }',
    requests = 'gpus: [{ name: gpu1, device: h100 }]',
    devices = '',
  } = facts;
  return exampleFleet(`
cluster: { nodePlatform: openshift, kubernetesVersion: ${kubernetes}, kubevirt: { version: ${kubevirt} } }
devices:
  h100:
    pci: ["10de:2330"]
    allocation: dra
    dra: ${dra}
${devices}nodePools:
  gpu: { nodes: [node01], cpuVendor: intel, passthrough: [${passthrough}] }
virtualMachines:
  train-7:
    ${requests}
    spec: { evictionStrategy: None, domain: { devices: {}, memory: { guest: 4Gi } } }
`);
}
