import { unitInWords } from '../../analysis';
import type { Place } from '../../source';
import { exampleFleet } from '../example';
import { turnsIommuOff } from '../iommu-switches';
import { defineRule } from '../rule';
import { LINUX } from '../sources';
import { fitting } from '../words';

export const iommuOff = defineRule({
  code: 'NOD406',
  slug: 'node/iommu-off',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: 'a kernel argument turns the IOMMU off on nodes that hand devices over',
  why: `
Without an IOMMU functions have no IOMMU group; vfio-pci refuses such a function and KubeVirt's plugin passes it over. \`iommu=off\`,
\`intel_iommu=off\` and \`amd_iommu=off\` turn it off wholesale, wherever they stand among the arguments. The argument of the other
vendor does nothing.`,
  sources: [{ claim: 'what the arguments do', url: `${LINUX}/Documentation/admin-guide/kernel-parameters.txt` }],
  examples: {
    bad: [
      {
        name: 'left over from a benchmark',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu:
    nodes: [node01]
    cpuVendor: intel
    kernelArguments: [«intel_iommu=off»]
    passthrough: [{ device: t4 }]
`),
      },
    ],
    good: [
      {
        name: 'the argument of another vendor',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu:
    nodes: [node01]
    cpuVendor: intel
    kernelArguments: [amd_iommu=off]
    passthrough: [{ device: t4 }]
`),
      },
    ],
  },
  *check({ analysis }) {
    const said = new Set<Place>();
    for (const unit of analysis.units) {
      if (unit.strategies.length === 0) continue;
      const listed = unit.pools.flatMap((pool) => [
        ...pool.kernelArguments,
        ...(unit.platform === 'talos' ? (pool.talosSchematic?.kernelArguments ?? []) : []),
      ]);
      for (const { text, place } of listed) {
        // several machine config pools may have it from one MachineConfig
        if (!turnsIommuOff(text, unit.cpuVendors) || said.has(place)) continue;
        said.add(place);
        yield {
          message: fitting(
            `\`${text}\` turns the IOMMU off in ${unitInWords(unit)}`,
            'a kernel argument turns the IOMMU off',
          ),
          primary: { at: place, text: 'no function has an IOMMU group with this' },
          notes: ['vfio-pci refuses functions without an IOMMU group'],
          help: ['remove the argument'],
        };
      }
    }
  },
});
