import { selectorIds, type Analysis } from '../../analysis';
import type { Device, Fleet, Passthrough } from '../../model';
import { placeAt } from '../../source';
import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { boundBy, entryPlace, listedAddresses } from '../functions';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { counted, enumerated, fitting, fittingLabel } from '../words';

const INVENTORY = {
  'inventory/node01.yaml': exampleInventory('node01', [
    exampleFunction('0000:65:00.0', '0302', '10de:1eb8', { group: 27 }),
  ]),
};

export const absentDevice = defineRule({
  code: 'PCI114',
  slug: 'pci/absent-device',
  severity: 'error',
  needs: ['inventory'],
  absentFrom: ['devices', 'nodePools', 'inventory'],
  concerns: ({ fleet }) => fleet.nodePools.some(({ passthrough }) => passthrough.length > 0),
  summary: 'no node of a pool holds a device that the pool hands over',
  why: `
The pool says that the device is handed over on its nodes, and the inventory of every one of them shows no function with such an id.
Nothing is bound and nothing is advertised; VMs that ask for the device stay Pending. The id is mistyped, the pool is not the one that was meant, or
the inventory is older than the card.`,
  sources: [{ claim: 'devices are found by id', url: `${KUBEVIRT}/pkg/virt-handler/device-manager/pci_device.go` }],
  examples: {
    bad: [
      {
        name: 'another model than the one in the nodes',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  a2: { pci: ["10de:25b6"], resourceName: example.com/a2 }
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: «a2» }] }
`),
        files: INVENTORY,
      },
      {
        name: 'an empty list',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: t4, addresses: «[]» }] }
`),
        files: INVENTORY,
      },
    ],
    good: [
      {
        name: 'the model in the nodes',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: t4 }] }
`),
        files: INVENTORY,
      },
    ],
  },
  *check({ fleet, analysis }) {
    const nowhere = new Set(fleet.devices.filter((device) => isNowhere(analysis, device)));
    for (const device of nowhere) {
      const [selector] = device.kind === 'pci' ? device.selectors : [];
      const [first, second] = entriesOf(fleet, device);
      if (selector === undefined || first === undefined || second === undefined) continue;
      yield {
        message: fitting(
          `no node of ${counted(entriesOf(fleet, device).length, 'pool')} holds device ${device.name}`,
          'no node of the pools that hand over a device holds it',
        ),
        primary: {
          at: selector.place,
          text: fittingLabel(
            `no inventory shows a function ${enumerated(selectorIds(device))}`,
            'no inventory shows one',
          ),
        },
        secondary: [first, second].map((entry) => ({ at: entryPlace(entry), text: 'handed over here' })),
        help: ['correct the id, or import the inventories anew'],
      };
    }
    for (const pool of fleet.nodePools) {
      const isKnown = pool.nodes.every(({ name }) => analysis.nodeByName.get(name)?.inventory !== undefined);
      if (!isKnown || pool.nodes.length === 0) continue;
      for (const passthrough of pool.passthrough) {
        const device = analysis.deviceByName.get(passthrough.device);
        const ids = selectorIds(device);
        const listed = listedAddresses(passthrough, []).length;
        // a listed address that is not there is pci/unknown-address
        if (listed > 0 || ids.length === 0 || boundBy(analysis, passthrough, 'device').length > 0) continue;
        if (passthrough.addresses.kind !== 'all-matching') {
          yield {
            message: fitting(`passthrough of ${passthrough.device} lists no address`, 'a passthrough lists no address'),
            primary: { at: placeAt(passthrough.place, 'addresses'), text: 'nothing is handed over' },
            help: ['list the addresses, or leave `addresses` out for every function that the device selects'],
          };
          continue;
        }
        if (device === undefined || nowhere.has(device) || isTwin(analysis, device)) continue;
        yield {
          message: fitting(
            `no node of pool ${pool.name} holds device ${passthrough.device}`,
            `no node of the pool holds device ${passthrough.device}`,
            'no node of a pool holds a device that it hands over',
          ),
          primary: {
            at: entryPlace(passthrough),
            text: fittingLabel(
              `no inventory shows a function ${enumerated(ids)}`,
              'no inventory shows such a function',
            ),
          },
          help: ['correct the id or the pool, or import the inventory anew'],
        };
      }
    }
  },
});

function entriesOf({ nodePools }: Fleet, { name }: Device): Passthrough[] {
  return nodePools.flatMap(({ passthrough }) => passthrough.filter(({ device }) => device === name));
}

/** Whether several pools hand over whatever a device selects, all their nodes are inventoried, and none holds it: its id is the cause. */
function isNowhere(analysis: Analysis, device: Device): boolean {
  const { fleet, nodeByName } = analysis;
  const entries = entriesOf(fleet, device);
  const pools = fleet.nodePools.filter(({ passthrough }) => passthrough.some((entry) => entries.includes(entry)));
  return (
    selectorIds(device).length > 0 &&
    pools.length > 1 &&
    !isTwin(analysis, device) &&
    pools.every(
      ({ nodes }) => nodes.length > 0 && nodes.every(({ name }) => nodeByName.get(name)?.inventory !== undefined),
    ) &&
    entries.every((entry) => entry.addresses.kind === 'all-matching' && boundBy(analysis, entry, 'device').length === 0)
  );
}

/** Whether another device has all of its ids: pci/duplicate-selector, and one of the two ids is not the one that was meant. */
function isTwin({ devicesBySelector, resourceByDevice }: Analysis, device: Device): boolean {
  const isOwn = ({ name }: Device): boolean => resourceByDevice.get(name)?.isExternal === false;
  return (
    isOwn(device) &&
    selectorIds(device).every(
      (id) => devicesBySelector.get(id)?.some((other) => other !== device && isOwn(other)) === true,
    )
  );
}
