import type { AnalysedNode } from '../../analysis';
import { jsonAt, type CpuVendor, type JsonObject } from '../../model';
import { vfioIdSources, type MachineConfigPool } from '../../openshift';
import { exampleMachineConfig } from '../example';
import { configPools } from '../machine-configs';
import { defineRule, type RuleInput } from '../rule';
import { LINUX } from '../sources';
import { fitting } from '../words';

const objects = (args: string): string => `
apiVersion: v1
kind: Node
metadata:
  name: node01
  labels: { node-role.kubernetes.io/worker: "", feature.node.kubernetes.io/cpu-model.vendor_id: Intel }
${exampleMachineConfig('100-worker-vfio', `kernelArguments: [${args}]`)}`;

export const missingIommuArgument = defineRule({
  code: 'NOD462',
  slug: 'node/missing-iommu-argument',
  severity: 'warning',
  needs: [],
  manifests: ['machine-configs'],
  manifestsOnly: true,
  summary: 'devices are bound on Intel nodes, and nothing turns the IOMMU on',
  why: `
On Intel nodes the IOMMU is off unless \`intel_iommu=on\` turns it on, or the kernel was built to have it on. Without it functions have no IOMMU group: vfio-pci refuses
them, and KubeVirt's plugin passes them over. hostdev adds the argument to what it writes. A PerformanceProfile or another operator may
bring it where no MachineConfig here shows it, so this is a warning.`,
  sources: [
    {
      claim: 'what turns it on',
      url: `${LINUX}/Documentation/admin-guide/kernel-parameters.txt`,
    },
  ],
  examples: {
    bad: [{ name: 'ids alone', reads: 'manifests', yaml: objects('«vfio-pci.ids=10de:1eb8»') }],
    good: [{ name: 'both', reads: 'manifests', yaml: objects('intel_iommu=on, vfio-pci.ids=10de:1eb8') }],
  },
  *check(input) {
    const profiles = (input.fleet.cluster.current ?? []).some(({ kind }) => kind === 'PerformanceProfile');
    for (const pool of configPools(input.fleet)) {
      const list = vfioIdSources(pool).at(-1);
      if (list === undefined || profiles || turnsOn(pool) || !hasIntelNode(input, pool)) continue;
      yield {
        message: fitting(
          `nothing turns the IOMMU on in machine config pool ${pool.name}`,
          'nothing turns the IOMMU on in a machine config pool',
        ),
        primary: { at: list.place, text: 'binds devices on Intel nodes' },
        notes: ['vfio-pci refuses functions without an IOMMU group'],
        help: ['add the kernel argument `intel_iommu=on`'],
      };
      return;
    }
  },
});

function turnsOn({ configs }: MachineConfigPool): boolean {
  return configs.some(({ kernelArguments }) =>
    kernelArguments.some(({ text }) => /^intel_iommu=(?:.*,)?(?:on|sm_on)(?:,|$)/.test(text)),
  );
}

function hasIntelNode({ analysis }: RuleInput, { nodes }: MachineConfigPool): boolean {
  return nodes.some(({ name, content }) => vendorOf(analysis.nodeByName.get(name), content) === 'intel');
}

/** From the inventory, or from what node-feature-discovery found. */
function vendorOf(node: AnalysedNode | undefined, content: JsonObject): CpuVendor | undefined {
  const found = jsonAt(content, 'metadata', 'labels', 'feature.node.kubernetes.io/cpu-model.vendor_id');
  return node?.inventory?.cpuVendor ?? (found === 'Intel' ? 'intel' : undefined);
}
