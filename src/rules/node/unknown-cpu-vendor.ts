import { keyPlace } from '../../source';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { LINUX } from '../sources';
import { fitting } from '../words';

export const unknownCpuVendor = defineRule({
  code: 'NOD411',
  slug: 'node/unknown-cpu-vendor',
  severity: 'error',
  needs: [],
  absentFrom: ['nodePools', 'inventory'],
  summary: 'who made the CPUs of a pool is not known',
  why: `
Intel's IOMMU is turned on by \`intel_iommu=on\`, AMD's by the firmware alone. Without knowing which it is no kernel argument is written, and
on Intel nothing would be handed over: functions have no IOMMU group. Most kernels that OpenShift ships keep Intel's IOMMU off
without the argument.`,
  sources: [{ claim: 'what the arguments do', url: `${LINUX}/Documentation/admin-guide/kernel-parameters.txt` }],
  examples: {
    bad: [
      {
        name: 'neither the pool nor an inventory says it',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  «gpu»: { nodes: [node01], passthrough: [{ device: t4 }] }
`),
      },
    ],
    good: [
      {
        name: 'the pool says it',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], cpuVendor: intel, passthrough: [{ device: t4 }] }
`),
      },
      {
        name: 'somebody else turns the IOMMU on',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], iommu: { intelArgument: omit, amdArgument: omit }, passthrough: [{ device: t4 }] }
`),
      },
    ],
  },
  *check({ analysis }) {
    for (const { pools, cpuVendors } of analysis.units) {
      const needing = pools.find((pool) => pool.passthrough.length > 0 || pool.mediatedDevices.length > 0);
      if (needing === undefined || cpuVendors.length > 0 || needing.nodes.length === 0) continue;
      // an argument that is left out for every vendor needs none
      if (pools.every(({ iommu }) => !iommu.pt && iommu.intelArgument === 'omit' && iommu.amdArgument === 'omit'))
        continue;
      yield {
        message: fitting(
          `the CPU vendor of pool ${needing.name} is not known`,
          'the CPU vendor of a pool is not known',
        ),
        primary: { at: keyPlace(needing.place), text: 'needs `cpuVendor`' },
        notes: ['the kernel takes another argument for each vendor to turn its IOMMU on'],
        help: ['add `cpuVendor: intel`, `amd` or `arm`, or `cpuVendor` to the inventory of a node'],
      };
    }
  },
});
