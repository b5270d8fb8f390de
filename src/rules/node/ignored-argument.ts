import { unitInWords, type PreparationUnit } from '../../analysis';
import { placeAt, type Place } from '../../source';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { LINUX } from '../sources';
import { fitting } from '../words';

export const ignoredArgument = defineRule({
  code: 'NOD408',
  slug: 'node/ignored-argument',
  severity: 'info',
  needs: [],
  manifests: [],
  summary: '`amd_iommu=on` does nothing',
  why: `
KubeVirt's user guide tells people to set \`amd_iommu=on\`, so hostdev emits it. The kernel has no such value: it prints "AMD-Vi: Unknown
option - 'on'" and goes on. The AMD IOMMU is on whenever the firmware offers it, and no argument turns it on when the firmware does
not. \`iommu: { amdArgument: omit }\` leaves the argument out; leaving it out later changes the arguments and reboots the pool.`,
  sources: [{ claim: 'the values that the parser accepts', url: `${LINUX}/drivers/iommu/amd/init.c` }],
  examples: {
    bad: [
      {
        name: 'an AMD pool as the guides say',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], cpuVendor: «amd», passthrough: [{ device: t4 }] }
`),
      },
    ],
    good: [
      {
        name: 'left out',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], cpuVendor: amd, iommu: { amdArgument: omit }, passthrough: [{ device: t4 }] }
`),
      },
    ],
  },
  *check({ analysis }) {
    const said = new Set<Place>();
    for (const unit of analysis.units) {
      if (!unit.effects.kernelArguments.some(({ argument }) => argument === 'amd_iommu=on')) continue;
      if (isContradicted(unit)) continue;
      const { at, typed } = originOf(unit);
      // several machine config pools may have it from one MachineConfig
      if (at === undefined || said.has(at)) continue;
      said.add(at);
      yield {
        message: fitting(
          `\`amd_iommu=on\` in ${unitInWords(unit)} is ignored by the kernel`,
          '`amd_iommu=on` is ignored by the kernel',
        ),
        primary: { at, text: typed ? 'not a value that the kernel has' : 'adds `amd_iommu=on`, as the guides say' },
        notes: ['the kernel turns the AMD IOMMU on whenever the firmware offers it'],
        help: [typed ? 'remove the argument' : 'set `iommu: { amdArgument: omit }` to leave it out'],
      };
    }
  },
});

/** A pool and an inventory that differ on the vendor are a finding of their own; which of them is right is not known. */
function isContradicted({ nodes }: PreparationUnit): boolean {
  return nodes.some(({ pools, inventory }) =>
    pools.some(
      ({ cpuVendor }) =>
        cpuVendor !== undefined && inventory?.cpuVendor !== undefined && cpuVendor !== inventory.cpuVendor,
    ),
  );
}

function originOf({ pools }: PreparationUnit): { readonly at: Place | undefined; readonly typed: boolean } {
  const typed = pools.flatMap(({ kernelArguments }) => kernelArguments).find(({ text }) => text === 'amd_iommu=on');
  if (typed !== undefined) return { at: typed.place, typed: true };
  const pool = pools.find(({ cpuVendor }) => cpuVendor === 'amd') ?? pools[0];
  if (pool === undefined) return { at: undefined, typed: false };
  return { at: pool.cpuVendor === 'amd' ? placeAt(pool.place, 'cpuVendor') : pool.place, typed: false };
}
