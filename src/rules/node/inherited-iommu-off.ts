import type { Analysis, PreparationUnit } from '../../analysis';
import type { Place } from '../../source';
import { exampleFleet } from '../example';
import { turnsIommuOff } from '../iommu-switches';
import { missingMachineConfigs, unitPlace } from '../live-cluster';
import { defineRule } from '../rule';
import { LINUX, MACHINE_CONFIG_OPERATOR } from '../sources';
import { fitting, fittingLabel } from '../words';

const FLEET = exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }, current: cluster/ }
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], cpuVendor: intel, passthrough: [{ device: t4 }] }
`);

const liveConfig = (argument: string): string => `
apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfig
metadata:
  name: 50-worker-latency
  labels: { machineconfiguration.openshift.io/role: worker }
spec:
  kernelArguments: [${argument}]
`;

export const inheritedIommuOff = defineRule({
  code: 'NOD433',
  slug: 'node/inherited-iommu-off',
  severity: 'error',
  needs: ['current'],
  concerns: ({ analysis }) =>
    analysis.units.some(({ platform, strategies }) => platform === 'openshift' && strategies.length > 0),
  lacksPartly: ({ analysis }) => missingMachineConfigs(analysis),
  summary: 'a MachineConfig of somebody else turns the IOMMU off on nodes that hand devices over',
  why: `
\`iommu=off\`, \`intel_iommu=off\` and \`amd_iommu=off\` turn the IOMMU off wholesale, wherever they stand among the arguments. A custom
machine config pool gets the arguments of \`worker\` too, and nothing in its own MachineConfigs can take one away. Without an
IOMMU functions have no group: vfio-pci refuses them, and KubeVirt's plugin passes them over.`,
  sources: [
    { claim: 'what the arguments do', url: `${LINUX}/Documentation/admin-guide/kernel-parameters.txt` },
    {
      claim: 'a custom pool gets the arguments of worker',
      url: `${MACHINE_CONFIG_OPERATOR}/19ba3dda6e7a34fe5f15917152271191f9adb655/pkg/controller/common/helpers.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'inherited from worker',
        yaml: FLEET,
        files: { 'cluster/configs.yaml': liveConfig('«intel_iommu=off»') },
      },
    ],
    good: [
      {
        name: 'the argument of another vendor',
        yaml: FLEET,
        files: { 'cluster/configs.yaml': liveConfig('amd_iommu=off') },
      },
    ],
  },
  *check({ analysis }) {
    for (const unit of analysis.units) {
      if (unit.strategies.length === 0) continue;
      const [first] = inherited(analysis, unit).filter(({ text }) => turnsIommuOff(text, unit.cpuVendors));
      if (first === undefined) continue;
      yield {
        message: fitting(
          `\`${first.text}\` of ${first.owner} turns the IOMMU off in machine config pool ${unit.name}`,
          `\`${first.text}\` turns the IOMMU off in machine config pool ${unit.name}`,
          'a kernel argument turns the IOMMU off in a machine config pool',
        ),
        primary: { at: first.place, text: 'no function has an IOMMU group with this' },
        secondary: [{ at: unitPlace(unit), text: fittingLabel(`reaches pool ${unit.name}`, 'reaches this pool') }],
        notes: ['vfio-pci refuses functions without an IOMMU group'],
        help: [`remove the argument from ${first.owner}`],
      };
    }
  },
});

function inherited(
  { current }: Analysis,
  unit: PreparationUnit,
): { readonly text: string; readonly place: Place; readonly owner: string }[] {
  const profiles = (current?.performanceProfiles ?? []).filter(({ nodeSelector }) =>
    Object.hasOwn(nodeSelector, `node-role.kubernetes.io/${unit.name}`),
  );
  return [
    ...unit.foreignConfigs.flatMap(({ name, kernelArguments }) =>
      kernelArguments.map((argument) => ({ ...argument, owner: name })),
    ),
    ...profiles.flatMap(({ name, additionalKernelArgs }) =>
      additionalKernelArgs.map((argument) => ({ ...argument, owner: name })),
    ),
  ];
}
