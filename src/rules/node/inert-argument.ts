import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { LINUX } from '../sources';
import { fitting } from '../words';

const X86_ONLY = /^(?:intel_iommu|amd_iommu)=|^iommu=(?:.*,)?pt(?:,|$)/;

const fleetWith = (args: string): string =>
  exampleFleet(`
nodePools:
  gpu: { nodes: [node01], cpuVendor: arm, kernelArguments: [${args}] }
`);

export const inertArgument = defineRule({
  code: 'NOD463',
  slug: 'node/inert-argument',
  severity: 'warning',
  needs: [],
  manifests: [],
  summary: 'a kernel argument of x86 is given to arm64 nodes',
  why: `
\`intel_iommu=\`, \`amd_iommu=\` and \`iommu=pt\` are arguments of x86 kernels. On arm64 they do nothing: the SMMU is turned on by the firmware, and what \`iommu=pt\` is
for is \`iommu.passthrough=1\` there.`,
  sources: [
    {
      claim: 'which kernels know the arguments',
      url: `${LINUX}/Documentation/admin-guide/kernel-parameters.txt`,
    },
  ],
  examples: {
    bad: [{ name: 'copied from another pool', yaml: fleetWith('«iommu=pt»') }],
    good: [{ name: 'the argument of arm64', yaml: fleetWith('iommu.passthrough=1') }],
  },
  *check({ analysis }) {
    for (const { pools, nodes, cpuVendors } of analysis.units) {
      const architectures = new Set(nodes.map(({ inventory, live }) => live?.architecture ?? inventory?.architecture));
      const isArm = cpuVendors.length > 0 ? cpuVendors.every((one) => one === 'arm') : false;
      if (!isArm && !(architectures.size === 1 && architectures.has('arm64'))) continue;
      for (const { text, place } of pools.flatMap(({ kernelArguments }) => kernelArguments)) {
        if (!X86_ONLY.test(text)) continue;
        yield {
          message: fitting(`\`${text}\` does nothing on arm64`, 'a kernel argument does nothing on arm64'),
          primary: { at: place, text: 'an argument of x86 kernels' },
          help: [text.startsWith('iommu=') ? 'write `iommu.passthrough=1`, or remove it' : 'remove it'],
        };
      }
    }
  },
});
