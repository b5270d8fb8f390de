import { selectorIds, type AnalysedFunction } from '../../analysis';
import { classCode, pciClassFamily } from '../../model';
import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { boundBy, entryPlace, functionInWords, inventoryLabels, listedPlace } from '../functions';
import { defineRule } from '../rule';
import { LINUX } from '../sources';
import { counted, enumerated, fitting } from '../words';

const UNKNOWN_USE = {
  'inventory/node03.yaml': exampleInventory('node03', [
    exampleFunction('0000:5e:00.0', '0108', '8086:5845', { group: 31, driver: 'nvme' }),
  ]),
};

export const unknownHostUse = defineRule({
  code: 'PCI111',
  slug: 'pci/unknown-host-use',
  severity: 'error',
  suppressible: false,
  needs: ['inventory'],
  acknowledgeable: true,
  concerns: ({ fleet }) => fleet.nodePools.some(({ passthrough }) => passthrough.length > 0),
  summary: 'nobody has said whether the host uses a disk or NIC that is handed over',
  why: `
Text from lspci shows a disk, not what is on it. A drive that holds the root file system, a Ceph OSD or swap looks like a free one,
and the kernel lets go of it without a word. Unknown is therefore not taken for unused: state the use under \`hostUse\` and the
function stays on the host, or acknowledge this rule with the reason why it is free. The program on the node looks once more before it
takes a disk or NIC.`,
  sources: [
    {
      claim: 'a driver that is told to lets go of any device',
      url: `${LINUX}/Documentation/ABI/testing/sysfs-bus-pci`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'a drive known from lspci only',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  nvme: { pci: ["8086:5845"], resourceName: devices.kubevirt.io/nvme }
nodePools:
  storage: { nodes: [node03], passthrough: [{ device: nvme, addresses: [«"0000:5e:00.0"»] }] }
`),
        files: UNKNOWN_USE,
      },
    ],
    good: [
      {
        name: 'someone has looked',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  nvme: { pci: ["8086:5845"], resourceName: devices.kubevirt.io/nvme }
nodePools:
  storage:
    nodes: [node03]
    passthrough:
      - device: nvme
        addresses: ["0000:5e:00.0"]
        acknowledge: { pci/unknown-host-use: "lsblk shows no partition on it, 2026-08-01" }
`),
        files: UNKNOWN_USE,
      },
    ],
  },
  *check({ analysis }) {
    for (const { strategies } of analysis.units) {
      for (const { passthrough, strategy } of strategies) {
        if (strategy !== 'address') continue;
        const ids = selectorIds(analysis.deviceByName.get(passthrough.device));
        const unknown = boundBy(analysis, passthrough, 'either')
          .filter(mayBeUsed)
          // a listed function with another id is pci/mismatched-address
          .filter(({ fact, bindings }) => {
            const isDevice = bindings.some((one) => one.passthrough === passthrough && one.role === 'device');
            return !isDevice || fact.id === undefined || ids.includes(fact.id);
          });
        const [first] = unknown;
        if (first === undefined) continue;
        const listed = unknown.length === 1 ? listedPlace(passthrough, first.node, first.fact.address) : undefined;
        yield {
          message:
            unknown.length === 1
              ? fitting(
                  `what the host uses ${functionInWords(first)} for is not known`,
                  `what the host uses ${first.fact.address} for is not known`,
                )
              : fitting(
                  `what the host uses ${counted(unknown.length, 'function')} of ${passthrough.device} for is not known`,
                  `what the host uses ${counted(unknown.length, 'function')} for is not known`,
                ),
          primary: { at: listed ?? entryPlace(passthrough), text: 'handed to VMs here' },
          secondary: inventoryLabels(unknown, kindInWords, 1),
          notes: unknown.length > 1 ? [`the functions are ${enumerated(unknown.map(functionInWords))}`] : [],
          help: [
            'state `hostUse` in the pool or the inventory where the host needs it',
            'acknowledge `pci/unknown-host-use` with the reason where it is free',
          ],
          acknowledgeableIn: [passthrough],
        };
      }
    }
  },
});

function mayBeUsed({ fact, hostUse }: AnalysedFunction): boolean {
  if (hostUse !== undefined) return false;
  if (fact.class === undefined) return true;
  const family = pciClassFamily(fact.class);
  return family === 'storage' || family === 'network';
}

function kindInWords({ fact }: AnalysedFunction): string {
  if (fact.class === undefined) return 'its class is not known';
  const kind = pciClassFamily(fact.class) === 'storage' ? 'storage' : 'network';
  return `class ${classCode(fact.class)}, ${kind}; no \`hostUse\` is stated`;
}
