import type { Device, NodePool } from '../../model';
import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { fitting, fittingLabel } from '../words';

const fleetWith = (uses: string): string =>
  exampleFleet(`
devices:
  t4-1q: { mdev: { name: GRID T4-1Q, parent: "10de:1eb8" }, resourceName: nvidia.com/GRID_T4-1Q }
  t4-2q: { mdev: { name: GRID T4-2Q, parent: "10de:1eb8" }, resourceName: nvidia.com/GRID_T4-2Q }
nodePools:
  vgpu:
    nodes: [node01]
    cpuVendor: intel
    mediatedDevices: [${uses}]
`);

/** Cards are told apart by their id; a device without a parent may be made of any of them. */
function mayShareCards(one: Device, other: Device): boolean {
  const [a, b] = [one, other].map((device) =>
    device.kind === 'mdev' || device.kind === 'vgpu' ? (device.parent?.id ?? 'any') : undefined,
  );
  return a !== undefined && b !== undefined && (a === b || a === 'any' || b === 'any');
}

export const uncountedVgpus = defineRule({
  code: 'NOD520',
  slug: 'node/uncounted-vgpus',
  severity: 'error',
  needs: [],
  concerns: ({ fleet }) =>
    fleet.nodePools.some(
      ({ mediatedDevices }) => mediatedDevices.filter(({ createdBy }) => createdBy === 'host').length > 1,
    ),
  summary: 'vGPUs without a number leave no room for others of the same cards',
  why: `
Of what \`createdBy: host\` has made, a type without a \`count\` gets as many as fit: the cards are full then, and another type of theirs gets what is left, which
is nothing or left to the order of the list. The program on the node refuses a list that it cannot make whole, at every boot.`,
  sources: [
    {
      claim: '`available_instances` of every type of a card goes down with each device that is made of it',
      url: 'https://github.com/torvalds/linux/blob/v6.12/Documentation/driver-api/vfio-mediated-device.rst',
    },
  ],
  examples: {
    bad: [
      {
        name: 'one of two types of one card',
        yaml: fleetWith('{ device: «t4-1q», createdBy: host }, { device: t4-2q, createdBy: host, count: 4 }'),
      },
    ],
    good: [
      {
        name: 'each has its number',
        yaml: fleetWith('{ device: t4-1q, createdBy: host, count: 8 }, { device: t4-2q, createdBy: host, count: 4 }'),
      },
    ],
  },
  *check({ fleet, analysis }) {
    for (const pool of fleet.nodePools) {
      const uses = madeByHost(pool, analysis.deviceByName);
      for (const { use, device } of uses) {
        if (use.count !== undefined) continue;
        const other = uses.find((one) => one.use !== use && mayShareCards(device, one.device));
        if (other === undefined) continue;
        yield {
          message: fitting(
            `${device.name} is made as often as it fits, and ${other.device.name} of the same cards`,
            'a vGPU is made as often as it fits, and another of the same cards',
          ),
          primary: { at: placeAt(use.place, 'device'), text: 'has no `count`' },
          secondary: [
            {
              at: placeAt(other.use.place, 'device'),
              text: fittingLabel(`${other.device.name} needs room too`, 'needs room too'),
            },
          ],
          notes: ['the program on the node refuses a list that it cannot make whole'],
          help: ['say how many with `count`'],
        };
      }
    }
  },
});

function madeByHost(
  pool: NodePool,
  deviceByName: ReadonlyMap<string, Device>,
): { readonly use: NodePool['mediatedDevices'][number]; readonly device: Device }[] {
  return pool.mediatedDevices.flatMap((use) => {
    const device = deviceByName.get(use.device);
    return use.createdBy === 'host' && device !== undefined ? [{ use, device }] : [];
  });
}
