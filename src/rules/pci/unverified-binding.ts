import { isBoundBlindly, type BindingEffect } from '../../analysis';
import { exampleFleet, exampleInventory } from '../example';
import { entryPlace } from '../functions';
import { defineRule } from '../rule';
import { fitting, nodesInWords } from '../words';

const FLEET = (place: string): string =>
  exampleFleet(`
cluster: { nodePlatform: talos, nodePlatformVersion: "1.12", kubevirt: { version: "1.6" } }
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], cpuVendor: intel, passthrough: [{ device: ${place}, addresses: ["0000:65:00.0"] }] }
`);

export const unverifiedBinding = defineRule({
  code: 'PCI180',
  slug: 'pci/unverified-binding',
  severity: 'error',
  needs: [],
  acknowledgeable: true,
  summary: 'nobody compares the function at an address with the declared device',
  why: `
Talos binds whatever is at the address that it is given: after a card was added, or on a node that is built otherwise, that is the boot disk. There is no
program on the node that could look first, so the only comparison is the one with the inventory, when the fleet is compiled. A node without an
inventory has none at all, and which functions of the same card go along cannot be told.`,
  sources: [
    {
      claim: 'the address is written into sysfs as it is',
      url: 'https://github.com/siderolabs/talos/blob/0c3ff5ac64ac887050638c25d74cc73af734e668/internal/app/machined/pkg/controllers/hardware/pci_driver_rebind.go',
    },
  ],
  examples: {
    bad: [
      {
        name: 'a node without an inventory',
        yaml: FLEET('«t4»'),
        files: { 'inventory/node02.yaml': exampleInventory('node02', []) },
      },
    ],
    good: [
      {
        name: 'a platform with a program that looks first',
        yaml: FLEET('t4').replace('talos, nodePlatformVersion: "1.12"', 'linux'),
        files: { 'inventory/node02.yaml': exampleInventory('node02', []) },
      },
    ],
  },
  *check({ analysis }) {
    for (const unit of analysis.units) {
      if (!isBoundBlindly(unit)) continue;
      for (const { pool, passthrough, strategy } of unit.strategies) {
        if (strategy !== 'address') continue;
        const members = new Set(pool.nodes.map(({ name }) => name));
        // an address that an inventory contradicts is pci/unknown-address
        const unseen = unit.effects.bindings.filter(
          (one: BindingEffect) =>
            one.device === passthrough.device &&
            members.has(one.node) &&
            analysis.nodeByName.get(one.node)?.inventory === undefined,
        );
        if (unseen.length === 0) continue;
        const nodes = new Set(unseen.map(({ node }) => node));
        yield {
          message: fitting(
            `nothing compares what ${unit.platform} binds for ${passthrough.device} on ${nodesInWords(nodes)}`,
            `nothing compares what ${unit.platform} binds on ${nodesInWords(nodes)}`,
            `nothing compares what ${unit.platform} binds by address`,
          ),
          primary: { at: entryPlace(passthrough), text: 'bound without a look at it' },
          notes: [`${unit.platform} runs no program on the node that could compare the device first`],
          help: [
            'add an inventory of each node: `hostdev import`',
            'or acknowledge `pci/unverified-binding` with the reason',
          ],
          acknowledgeableIn: [passthrough],
        };
      }
    }
  },
});
