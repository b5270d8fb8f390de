import type { Resource } from '../../analysis';
import {
  LONGEST_SOCKET_PATH,
  mediatedSocketName,
  nvidiaPluginSocketName,
  pciSocketName,
  socketPathLength,
  usbSocketName,
} from '../../kubevirt';
import { resourceNameProblem } from '../../model';
import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting } from '../words';

export const longName = defineRule({
  code: 'RES602',
  slug: 'resource/long-name',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: 'a resource name is too long for the socket of its device plugin',
  why: `
A plugin listens on \`/var/lib/kubelet/device-plugins/kubevirt-X.sock\`, and the path of a socket holds 107 bytes. X is the whole name with
\`/\` made \`-\` for PCI devices (61 characters at most), the part after \`/\` for mediated devices (61, less than Kubernetes allows)
and \`usb-\` with that part for USB (57). A longer one cannot be bound; the plugin tries again for ever, and virt-handler marks
the node as not schedulable for all VMs.`,
  sources: [
    { claim: 'how sockets are named', url: `${KUBEVIRT}/pkg/virt-handler/device-manager/common.go` },
    { claim: 'seen in the wild', url: 'https://github.com/harvester/harvester/issues/4806' },
    {
      claim: 'the length of a socket path',
      url: 'https://github.com/torvalds/linux/blob/v6.12/include/uapi/linux/un.h',
    },
  ],
  examples: {
    bad: [
      {
        name: 'a name from pci.ids',
        yaml: exampleFleet(`
devices:
  nic: { pci: ["8086:1592"], resourceName: «intel.com/Ethernet_Controller_E810-C_for_QSFP_PCI_Passthrough_Only» }
`),
      },
    ],
    good: [
      {
        name: '61 characters',
        yaml: exampleFleet(`
devices:
  nic: { pci: ["8086:1592"], resourceName: intel.com/Ethernet_Controller_E810-C_for_QSFP_PCI_Passthrough }
`),
      },
    ],
  },
  *check({ analysis }) {
    for (const resource of analysis.resources) {
      const { device, name, derived } = resource;
      const socket = socketOf(resource);
      if (name === undefined || socket === undefined || resourceNameProblem(name) !== undefined) continue;
      const excess = socketPathLength(socket) - LONGEST_SOCKET_PATH;
      if (excess <= 0) continue;
      yield {
        message: fitting(
          `the resource name of device ${device.name} is ${excess} bytes too long for its plugin's socket`,
          "a resource name is too long for its plugin's socket",
        ),
        primary: {
          at: derived ? device.place : placeAt(device.place, 'resourceName'),
          text: `makes a socket path of ${socketPathLength(socket)} bytes`,
        },
        notes: [
          `the kernel takes ${LONGEST_SOCKET_PATH} bytes, the socket is ${socket}`,
          'virt-handler marks a node as not schedulable while one of its plugins cannot start',
        ],
        help: [`shorten the name by ${excess} or more`],
      };
    }
  },
});

function socketOf({ device, name, server }: Resource): string | undefined {
  if (name === undefined) return undefined;
  if (server === 'nvidia') return nvidiaPluginSocketName(name);
  if (server === 'other') return undefined;
  return device.kind === 'pci'
    ? pciSocketName(name)
    : device.kind === 'mdev'
      ? mediatedSocketName(name)
      : usbSocketName(name);
}
