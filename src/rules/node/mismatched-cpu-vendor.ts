import { factPlace } from '../../model';
import { placeAt } from '../../source';
import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { defineRule } from '../rule';
import { LINUX } from '../sources';
import { fitting, fittingLabel, nodesInWords } from '../words';

export const mismatchedCpuVendor = defineRule({
  code: 'NOD412',
  slug: 'node/mismatched-cpu-vendor',
  severity: 'error',
  needs: [],
  summary: 'a pool says another CPU vendor than the inventory of its nodes',
  why: `
One of the two is wrong. The kernel arguments of both vendors are written then, the node's own among them; but either the pool is not the one
that was meant, or the inventory belongs to another machine.`,
  sources: [{ claim: 'what the arguments do', url: `${LINUX}/Documentation/admin-guide/kernel-parameters.txt` }],
  examples: {
    bad: [
      {
        name: 'an Intel node in an AMD pool',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], cpuVendor: «amd», iommu: { amdArgument: omit }, passthrough: [{ device: t4 }] }
`),
        files: {
          'inventory/node01.yaml': exampleInventory('node01', [
            exampleFunction('0000:65:00.0', '0302', '10de:1eb8', { group: 27 }),
          ]),
        },
      },
    ],
    good: [
      {
        name: 'what the inventory says',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], cpuVendor: intel, passthrough: [{ device: t4 }] }
`),
        files: {
          'inventory/node01.yaml': exampleInventory('node01', [
            exampleFunction('0000:65:00.0', '0302', '10de:1eb8', { group: 27 }),
          ]),
        },
      },
    ],
  },
  *check({ fleet, analysis }) {
    for (const pool of fleet.nodePools) {
      if (pool.cpuVendor === undefined) continue;
      const others = pool.nodes.flatMap(({ name }) => {
        const { inventory, pools = [] } = analysis.nodeByName.get(name) ?? {};
        // a node in two pools is a finding of its own, and is not as both of them say
        if (pools.some((other) => other !== pool && other.cpuVendor === inventory?.cpuVendor)) return [];
        return inventory?.cpuVendor === undefined || inventory.cpuVendor === pool.cpuVendor ? [] : [inventory];
      });
      const [first] = others;
      if (first?.cpuVendor === undefined) continue;
      const names = others.map(({ node }) => node);
      yield {
        message: fitting(
          `pool ${pool.name} says ${pool.cpuVendor}, the inventory of ${nodesInWords(names)} says ${first.cpuVendor}`,
          `a pool says ${pool.cpuVendor}, the inventory of its nodes says ${first.cpuVendor}`,
        ),
        primary: { at: placeAt(pool.place, 'cpuVendor'), text: 'not what the inventory says' },
        secondary: [
          {
            at: factPlace(first, 'cpuVendor'),
            text: fittingLabel(`${first.node} has ${first.cpuVendor} CPUs`, `${first.cpuVendor} CPUs`),
          },
        ],
        help: ['correct the pool or the inventory'],
      };
    }
  },
});
