import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { sharedUses } from '../vgpus';
import { fitting } from '../words';

const fleetWith = (maker: string): string =>
  exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.9" } }
devices:
  l40s-4q:
    vgpu: { type: NVIDIA L40S-4Q, parent: "10de:26b9", framework: vendor-vfio }
    resourceName: nvidia.com/L40S-4Q
nodePools:
  shares:
    nodes: [node01]
    cpuVendor: intel
    mediatedDevices: [{ device: l40s-4q${maker} }]
`);

export const wrongMaker = defineRule({
  code: 'MDV290',
  slug: 'mdev/wrong-maker',
  severity: 'error',
  needs: [],
  concerns: ({ fleet }) => fleet.devices.some(({ kind }) => kind === 'vgpu'),
  summary: 'a vGPU without mdev is to be made by a program that makes mediated devices only',
  why: `
virt-handler creates mediated devices and nothing else: it never sets the vGPU type of a virtual function. The type is set on the host, by node preparation or by
somebody else.`,
  sources: [
    {
      claim: 'virt-handler creates through mdev_supported_types',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/mediated_devices_types.go`,
    },
  ],
  examples: {
    bad: [{ name: 'virt-handler', yaml: fleetWith(', createdBy: «kubevirt», count: 4') }],
    good: [{ name: 'the host', yaml: fleetWith(', count: 4') }],
  },
  *check({ analysis }) {
    for (const { use, device } of sharedUses(analysis)) {
      if (device.kind !== 'vgpu' || device.framework === undefined) continue;
      if (use.createdBy !== 'kubevirt') continue;
      yield {
        message: fitting(`virt-handler cannot make ${device.typeName}`, 'virt-handler cannot make a vGPU of this kind'),
        primary: { at: placeAt(use.place, 'createdBy'), text: 'makes mediated devices only' },
        notes: ['a vGPU of a virtual function has its type set through the driver, on the host'],
        help: ['write `createdBy: host`, or `external` where somebody else sets the type'],
      };
    }
  },
});
