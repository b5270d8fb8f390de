import { keyPlace, type Place } from '../../source';
import type { PreparationUnit } from '../../analysis';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { MACHINE_CONFIG_OPERATOR } from '../sources';
import { enumerated, fitting } from '../words';

export const repeatedArgument = defineRule({
  code: 'NOD419',
  slug: 'node/repeated-argument',
  severity: 'warning',
  needs: [],
  summary: 'a custom pool repeats a kernel argument that it inherits from worker',
  why: `
A custom machine config pool gets the MachineConfigs of \`worker\` and its own, and their kernel arguments are put one after the other, without
removing repetitions. The argument is on the command line twice. Taking it out of one of the two later takes it away once,
with a reboot that changes nothing.`,
  sources: [
    {
      claim: 'arguments of all MachineConfigs are concatenated, those of worker first',
      url: `${MACHINE_CONFIG_OPERATOR}/19ba3dda6e7a34fe5f15917152271191f9adb655/pkg/controller/common/helpers.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'worker and a custom pool ask for the same',
        yaml: exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }, current: cluster/ }
nodePools:
  general: { nodes: [node01], machineConfigPool: worker, kernelArguments: [hugepages=16] }
  gpu: { nodes: [node02], kernelArguments: [«hugepages=16»] }
`),
        files: {
          'cluster/pools.yaml': `
apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfigPool
metadata: { name: worker }
status: { machineCount: 1 }
`,
        },
      },
    ],
    good: [
      {
        name: 'two custom pools',
        yaml: exampleFleet(`
nodePools:
  general: { nodes: [node01], kernelArguments: [hugepages=16] }
  gpu: { nodes: [node02], kernelArguments: [hugepages=16] }
`),
      },
    ],
  },
  *check({ analysis }) {
    const worker = analysis.units.find(({ name, platform }) => platform === 'openshift' && name === 'worker');
    const inherited = new Set(worker?.effects.kernelArguments.map(({ argument }) => argument));
    if (worker === undefined || inherited.size === 0) return;
    for (const unit of analysis.units.filter(({ isCustom }) => isCustom)) {
      // what hostdev adds by itself is not the reader's to remove
      const typed = unit.pools.flatMap(({ kernelArguments }) => kernelArguments).map(({ text }) => text);
      const repeated = [...new Set(typed)].filter((one) => inherited.has(one));
      const [first] = repeated;
      if (first === undefined) continue;
      yield {
        message: fitting(
          `machine config pool ${unit.name} repeats ${enumerated(repeated.map((one) => `\`${one}\``))} of worker`,
          `machine config pool ${unit.name} repeats kernel arguments of worker`,
          'a machine config pool repeats kernel arguments of worker',
        ),
        primary: { at: originOf(unit, first), text: 'inherited from worker already' },
        secondary: [{ at: originOf(worker, first), text: 'given to worker here' }],
        notes: ['the machine-config-operator puts the arguments of worker and of the pool one after the other'],
        help: ['leave it to one of them'],
      };
    }
  },
});

function originOf({ pools }: PreparationUnit, argument: string): Place {
  const typed = pools.flatMap(({ kernelArguments }) => kernelArguments).find(({ text }) => text === argument);
  const pool = pools.find(({ passthrough }) => passthrough.length > 0) ?? pools[0];
  if (typed !== undefined) return typed.place;
  if (pool === undefined) throw new RangeError('a unit has at least one pool');
  return keyPlace(pool.place);
}
