import type { AnalysedNode, Resource } from '../../analysis';
import { exampleFleet } from '../example';
import { requestPlace } from '../machines';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting } from '../words';

const fleetWith = (second: string): string =>
  exampleFleet(`
devices:
  stick: { usb: { selectors: [{ vendor: "46f4", product: "0001" }] }, resourceName: kubevirt.io/storage }
nodePools:
  general: { nodes: [node01, node02], cpuVendor: intel, usb: [stick] }
virtualMachines:
  desk-1:
    node: node01
    hostDevices: [{ name: stick, device: stick }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
  desk-2:
    node: ${second}
    hostDevices: [{ name: stick, device: «stick» }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`);

export const interchangeableUnits = defineRule({
  code: 'USB288',
  slug: 'usb/interchangeable-units',
  severity: 'error',
  needs: [],
  concerns: ({ fleet }) => fleet.devices.some(({ kind }) => kind === 'usb'),
  summary: 'two VMs on one node want two USB units of one id',
  why: `
KubeVirt tells USB devices apart by vendor and product only: it knows no serial number and no port. Two sticks of one model are one resource, and which VM gets which of
them is decided anew at every start. Two VMs that are tied to one node and each want one get each other's after a restart; with one stick, one of them does not start.`,
  sources: [
    { claim: 'vendor and product are all there is', url: `${KUBEVIRT}/pkg/virt-handler/device-manager/usb_device.go` },
    { claim: 'twins change places', url: 'https://github.com/kubevirt/kubevirt/issues/13754' },
  ],
  examples: {
    bad: [{ name: 'both on one node', yaml: fleetWith('node01') }],
    good: [{ name: 'on two nodes', yaml: fleetWith('node02').replace(/[«»]/g, '') }],
  },
  *check({ analysis }) {
    const firstByNode = new Map<
      AnalysedNode,
      Map<Resource, { readonly id: string; readonly at: ReturnType<typeof requestPlace> }>
    >();
    for (const { machine, requests, candidates } of analysis.machines) {
      const [node] = candidates;
      if (node === undefined || candidates.length !== 1) continue;
      const seen = new Set<Resource>();
      for (const asked of requests) {
        const { resource } = asked;
        if (resource?.device.kind !== 'usb' || seen.has(resource)) continue;
        seen.add(resource);
        const taken =
          firstByNode.get(node) ??
          new Map<Resource, { readonly id: string; readonly at: ReturnType<typeof requestPlace> }>();
        firstByNode.set(node, taken);
        const first = taken.get(resource);
        if (first === undefined) {
          taken.set(resource, { id: machine.id, at: requestPlace(asked) });
          continue;
        }
        // one stick for two is vm/oversubscribed-device
        const advertised = node.advertised.find((one) => one.resource === resource);
        if (advertised?.provided === 1 || advertised?.provided === 0) continue;
        yield {
          message: fitting(
            `VMs ${first.id} and ${machine.id} want USB units of ${resource.device.name} on node ${node.name}`,
            `VMs ${first.id} and ${machine.id} want USB units of one id`,
            '2 VMs on one node want USB units of one id',
          ),
          primary: { at: requestPlace(asked), text: 'any unit that is free' },
          secondary: [{ at: first.at, text: 'any unit that is free' }],
          notes: ['KubeVirt knows no serial number and no port of a USB device'],
          help: [
            'give each VM a unit of another model, or put the VMs on different nodes',
            'or hand over the USB controllers that the units are plugged into',
          ],
        };
      }
    }
  },
});
