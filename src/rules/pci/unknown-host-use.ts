import { selectorIds, type AnalysedFunction, type Analysis } from '../../analysis';
import {
  classCode,
  pciClassFamily,
  type DeclaredAddress,
  type NodePool,
  type Passthrough,
  type PciFunction,
  type PciId,
} from '../../model';
import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { boundBy, entryPlace, functionInWords, inventoryLabels, listedAddresses, listedPlace } from '../functions';
import { defineRule, type FleetFinding } from '../rule';
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
takes a disk or NIC. A node without an inventory says nothing at all: there an address counts as a disk or NIC where the same device
is one on another node.`,
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
      {
        name: 'a drive of a model that is known, on a node that is not',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  nvme: { pci: ["8086:5845"], resourceName: devices.kubevirt.io/nvme }
nodePools:
  storage: { nodes: [node03, node04], passthrough: [{ device: nvme, addresses: { node04: [«"0000:5e:00.0"»] } }] }
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
      {
        name: 'someone has looked at the node without an inventory',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  nvme: { pci: ["8086:5845"], resourceName: devices.kubevirt.io/nvme }
nodePools:
  storage:
    nodes: [node03, node04]
    passthrough:
      - device: nvme
        addresses: { node04: ["0000:5e:00.0"] }
        acknowledge: { pci/unknown-host-use: "lsblk shows no partition on it, 2026-08-01" }
`),
        files: UNKNOWN_USE,
      },
      {
        name: 'a GPU, on a node without an inventory as well',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node03, node04], passthrough: [{ device: t4, addresses: ["0000:65:00.0"] }] }
`),
        files: {
          'inventory/node03.yaml': exampleInventory('node03', [
            exampleFunction('0000:65:00.0', '0302', '10de:1eb8', { group: 27 }),
          ]),
        },
      },
    ],
  },
  *check({ analysis }) {
    const kinds = guardedKinds(analysis);
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
        const unseen = unseenAddresses(analysis, kinds, passthrough);
        const [first] = unknown;
        if (first === undefined) {
          const [blind] = unseen;
          if (blind !== undefined) yield unseenFinding(passthrough, blind, unseen);
          continue;
        }
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
          notes: [
            ...(unknown.length > 1 ? [`the functions are ${enumerated(unknown.map(functionInWords))}`] : []),
            ...(unseen.length > 0 ? [`nor is it known of ${unseenInWords(unseen)}, without an inventory`] : []),
          ],
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

/** Ids that stand for a disk or a NIC on some node with an inventory. */
function guardedKinds({ nodes }: Analysis): ReadonlyMap<PciId, AnalysedFunction> {
  const kinds = new Map<PciId, AnalysedFunction>();
  // nodes of one hardware share the list of what they have
  const seen = new Set<readonly PciFunction[]>();
  for (const { functions, inventory } of nodes) {
    if (inventory === undefined || seen.has(inventory.functions)) continue;
    seen.add(inventory.functions);
    for (const one of functions) {
      const { id, class: code } = one.fact;
      const family = code === undefined ? undefined : pciClassFamily(code);
      const isGuarded = family === 'storage' || family === 'network';
      if (id !== undefined && isGuarded && !kinds.has(id)) kinds.set(id, one);
    }
  }
  return kinds;
}

/** A listed address on a node that nobody has inventoried, with a like disk or NIC of another node. */
interface UnseenAddress {
  readonly declared: DeclaredAddress;
  readonly node: string;
  readonly like: AnalysedFunction;
}

function unseenAddresses(
  { nodeByName, deviceByName, poolByName }: Analysis,
  kinds: ReadonlyMap<PciId, AnalysedFunction>,
  passthrough: Passthrough,
): UnseenAddress[] {
  const like = selectorIds(deviceByName.get(passthrough.device)).flatMap((id) => kinds.get(id) ?? [])[0];
  const pool = [...poolByName.values()].find((one) => one.passthrough.includes(passthrough));
  if (like === undefined || pool === undefined) return [];
  return listedAddresses(
    passthrough,
    pool.nodes.map(({ name }) => name),
  ).flatMap(({ declared, nodes }) =>
    nodes
      .filter((node) => nodeByName.get(node)?.inventory === undefined && !isStated(pool, node, declared))
      .map((node) => ({ declared, node, like })),
  );
}

/** Whether the pool says what the host does with it, which is a finding of its own. */
function isStated({ hostUse }: NodePool, node: string, { address }: DeclaredAddress): boolean {
  return hostUse.some(
    ({ addresses, nodes }) =>
      (nodes === undefined || nodes.includes(node)) && addresses.some((one) => one.address === address),
  );
}

function unseenFinding(
  passthrough: Passthrough,
  { declared, node, like }: UnseenAddress,
  unseen: readonly UnseenAddress[],
): FleetFinding {
  const [what, short] =
    unseen.length === 1
      ? [`${declared.text} on ${node}`, declared.text]
      : [`${counted(unseen.length, 'function')} of ${passthrough.device}`, counted(unseen.length, 'function')];
  return {
    message: fitting(`what the host uses ${what} for is not known`, `what the host uses ${short} for is not known`),
    primary: {
      at: unseen.length === 1 ? declared.place : entryPlace(passthrough),
      text: 'handed to VMs here',
    },
    secondary: inventoryLabels([like], ({ fact }) => `the same device is ${familyInWords(fact)} here`, 1),
    notes: [unseen.length === 1 ? 'the node has no inventory' : `without an inventory: ${unseenInWords(unseen)}`],
    help: [
      `run \`hostdev import\` with a capture of ${node}`,
      'acknowledge `pci/unknown-host-use` with the reason where it is free',
    ],
    acknowledgeableIn: [passthrough],
  };
}

function unseenInWords(unseen: readonly UnseenAddress[]): string {
  return enumerated(unseen.map(({ declared, node }) => `${declared.text} on ${node}`));
}

function mayBeUsed({ fact, hostUse }: AnalysedFunction): boolean {
  if (hostUse !== undefined) return false;
  if (fact.class === undefined) return true;
  const family = pciClassFamily(fact.class);
  return family === 'storage' || family === 'network';
}

function kindInWords({ fact }: AnalysedFunction): string {
  if (fact.class === undefined) return 'its class is not known';
  return `class ${classCode(fact.class)}, ${familyInWords(fact)}; no \`hostUse\` is stated`;
}

function familyInWords(fact: PciFunction): string {
  return fact.class !== undefined && pciClassFamily(fact.class) === 'storage' ? 'storage' : 'network';
}
