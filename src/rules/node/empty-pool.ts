import { keyPlace, placeAt } from '../../source';
import { exampleFleet } from '../example';
import { demandsOf } from '../machines';
import { defineRule } from '../rule';
import { KUBERNETES } from '../sources';
import { fitting, listed } from '../words';

const fleetWith = (nodes: string): string =>
  exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: ${nodes}, cpuVendor: intel, passthrough: [{ device: t4 }] }
virtualMachines:
  train-7:
    gpus: [{ name: gpu1, device: t4 }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`);

export const emptyPool = defineRule({
  code: 'NOD475',
  slug: 'node/empty-pool',
  severity: 'warning',
  needs: [],
  absentFrom: ['nodePools'],
  summary: 'a pool that hands devices over has no nodes',
  why: `
What a pool hands over is on its nodes, and it names none: nothing is prepared, nothing is advertised. A VM that can get its device nowhere else stays
Pending; then this is an error.`,
  sources: [
    {
      claim: 'the scheduler needs a node that has the resource',
      url: `${KUBERNETES}/pkg/scheduler/framework/plugins/noderesources/fit.go`,
    },
  ],
  examples: {
    bad: [{ name: 'its only node was taken out', yaml: fleetWith('«[]»') }],
    good: [{ name: 'with a node', yaml: fleetWith('[node01]') }],
  },
  *check({ fleet, analysis }) {
    for (const pool of fleet.nodePools) {
      const { name, nodes, passthrough, mediatedDevices, usb } = pool;
      const devices = [...passthrough, ...mediatedDevices, ...usb].map(({ device }) => device);
      if (nodes.length > 0 || devices.length === 0) continue;
      const waiting = analysis.machines.filter(
        (one) => one.fits.length === 0 && demandsOf(one).some(({ resource }) => resource.pools.includes(pool)),
      );
      yield {
        message: fitting(
          `pool ${name} hands over ${listed(devices)} and has no nodes`,
          `pool ${name} hands devices over and has no nodes`,
          'a pool hands devices over and has no nodes',
        ),
        ...(waiting.length > 0 ? { severity: 'error' as const } : {}),
        primary: { at: placeAt(pool.place, 'nodes'), text: 'no node is prepared' },
        secondary: waiting
          .slice(0, 2)
          .map(({ machine }) => ({ at: keyPlace(machine.place), text: 'asks for a device of this pool' })),
        help: ['name the nodes, or remove the pool'],
      };
    }
  },
});
