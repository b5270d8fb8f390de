import type { Analysis, PreparationUnit } from '../../analysis';
import type { Place } from '../../source';
import { exampleFleet } from '../example';
import { missingMachineConfigs, unitPlace } from '../live-cluster';
import { defineRule } from '../rule';
import { MACHINE_CONFIG_OPERATOR, NODE_TUNING_OPERATOR, SRIOV_OPERATOR } from '../sources';
import { counted, enumerated, fitting, fittingLabel } from '../words';

const FLEET = exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }, current: cluster/ }
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  «gpu»: { nodes: [node01], cpuVendor: intel, passthrough: [{ device: t4 }] }
`);

const liveConfig = (argument: string): string => `
apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfig
metadata:
  name: 99-worker-iommu
  labels: { machineconfiguration.openshift.io/role: worker }
spec:
  kernelArguments: [${argument}]
`;

/** What operators put on the command line of nodes that they look after. */
const ARGUMENTS_OF_OPERATORS: ReadonlySet<string> = new Set(['intel_iommu=on', 'iommu=pt']);

export const sharedArgument = defineRule({
  code: 'NOD432',
  slug: 'node/shared-argument',
  severity: 'warning',
  needs: [],
  concerns: ({ fleet, analysis }) =>
    (fleet.cluster.current !== undefined || fleet.cluster.operators.length > 0) &&
    analysis.units.some(({ effects }) => effects.kernelArguments.length > 0),
  lacksPartly: ({ analysis }) => missingMachineConfigs(analysis),
  summary: 'somebody else sets a kernel argument of the fleet too',
  why: `
The kernel arguments of all MachineConfigs of a pool, those of \`worker\` first, are put one after the other; nothing removes repetitions. An
argument that two of them give is on the command line twice, and the day one of them is removed it is taken away from the other,
with a reboot. The node tuning operator and the SR-IOV network operator set \`intel_iommu=on\` and \`iommu=pt\` on
nodes that they look after; that is no mistake of anybody, so it is said as an info.`,
  sources: [
    {
      claim: 'arguments of all MachineConfigs are concatenated',
      url: `${MACHINE_CONFIG_OPERATOR}/19ba3dda6e7a34fe5f15917152271191f9adb655/pkg/controller/common/helpers.go`,
    },
    {
      claim: 'an argument that one MachineConfig gives up is deleted',
      url: `${MACHINE_CONFIG_OPERATOR}/3b7ffc348eb7d127bf570c64f75c6d90f65408e0/pkg/daemon/update.go`,
    },
    {
      claim: 'what a PerformanceProfile sets on Intel',
      url: `${NODE_TUNING_OPERATOR}/cca94b09ec01dc1d6e38a289cebcfa5a2d5cd815/assets/performanceprofile/tuned/openshift-node-performance-intel-x86`,
    },
    {
      claim: 'the SR-IOV operator edits the command line',
      url: `${SRIOV_OPERATOR}/8c5535578c68258d8e9f845501b76401fda58168/bindata/scripts/kargs.sh`,
    },
  ],
  examples: {
    bad: [
      { name: 'worker has it already', yaml: FLEET, files: { 'cluster/configs.yaml': liveConfig('intel_iommu=on') } },
      {
        name: 'an operator may set it',
        yaml: exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }, operators: [sriov-network-operator] }
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  «gpu»: { nodes: [node01], cpuVendor: intel, passthrough: [{ device: t4 }] }
`),
      },
    ],
    good: [
      {
        name: 'other arguments',
        yaml: FLEET.replace(/[«»]/g, ''),
        files: { 'cluster/configs.yaml': liveConfig('nosmt') },
      },
    ],
  },
  *check({ analysis }) {
    for (const unit of analysis.units) {
      const own = unit.effects.kernelArguments.map(({ argument }) => argument);
      const config = unit.foreignConfigs.find(({ kernelArguments }) =>
        kernelArguments.some(({ text }) => own.includes(text)),
      );
      const operator = config === undefined ? operatorOf(analysis, unit, own) : undefined;
      const owner =
        config === undefined
          ? operator
          : {
              name: config.name,
              shared: config.kernelArguments.filter(({ text }) => own.includes(text)).map(({ text }) => text),
              place: config.kernelArguments.find(({ text }) => own.includes(text))?.place ?? config.object.place,
            };
      const [first] = owner?.shared ?? [];
      if (owner === undefined || first === undefined) continue;
      const shared = [...new Set(owner.shared)];
      const named = enumerated(shared.map((one) => `\`${one}\``));
      yield {
        message: fitting(
          `${owner.name} ${config === undefined ? 'may set' : 'sets'} ${named} of machine config pool ${unit.name} too`,
          `${owner.name} ${config === undefined ? 'may set' : 'sets'} ${counted(shared.length, 'kernel argument')} of the fleet too`,
          `somebody else sets ${counted(shared.length, 'kernel argument')} of the fleet too`,
        ),
        ...(config === undefined ? { severity: 'info' as const } : {}),
        primary: { at: originOf(unit, first), text: fittingLabel(`gets ${named}`, 'gets the same argument') },
        secondary: [{ at: owner.place, text: fittingLabel(`set by ${owner.name} too`, 'set here too') }],
        notes: ['the machine-config-operator takes the argument from both when one of them gives it up'],
        help: config === undefined ? [] : [`take the argument out of ${config.name} once the fleet is rolled out`],
      };
    }
  },
});

interface Owner {
  readonly name: string;
  readonly shared: readonly string[];
  readonly place: Place;
}

/** An operator that sets arguments without a MachineConfig that shows it. */
function operatorOf({ fleet, current }: Analysis, unit: PreparationUnit, own: readonly string[]): Owner | undefined {
  const typical = own.filter((argument) => ARGUMENTS_OF_OPERATORS.has(argument));
  const role = `node-role.kubernetes.io/${unit.name}`;
  const profile = current?.performanceProfiles.find(({ nodeSelector }) => Object.hasOwn(nodeSelector, role));
  if (profile !== undefined) {
    const stated = profile.additionalKernelArgs.map(({ text }) => text);
    const shared = own.filter((argument) => typical.includes(argument) || stated.includes(argument));
    return shared.length === 0 ? undefined : { name: profile.name, shared, place: profile.place };
  }
  const operator = fleet.cluster.operators.find(({ name }) => name !== 'gpu-operator');
  return operator === undefined || typical.length === 0
    ? undefined
    : { name: operator.name, shared: typical, place: operator.place };
}

function originOf(unit: PreparationUnit, argument: string): Place {
  const typed = unit.pools.flatMap(({ kernelArguments }) => kernelArguments).find(({ text }) => text === argument);
  return typed?.place ?? unitPlace(unit);
}
