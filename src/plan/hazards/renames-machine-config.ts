import { changesOf } from '../changes/diff-baselines';
import { exampleFleet, QAT_DEVICE, qatPool } from './example';
import { defineHazard, radiusOf } from './hazard';
import { MCO } from './sources';

const fleet = (pool: string): string =>
  exampleFleet(`
devices:
  ${QAT_DEVICE}
nodePools:
  ${pool}
`);

export const renamesMachineConfig = defineHazard({
  code: 'PLN514',
  slug: 'plan/renames-machine-config',
  severity: 'warning',
  summary: 'a MachineConfig gets another name or another pool',
  why: `
A MachineConfig under a new name is a new object. The old one is protected from pruning and stays, so for a while the nodes get both: kernel arguments twice, which is
a reboot; deleting the old one is another. Changing only the label that names the pool is not even noticed: the render controller looks at a MachineConfig
again when its spec changes.`,
  sources: [
    { claim: 'changes of labels alone are passed over', url: `${MCO}/pkg/controller/render/render_controller.go` },
    { claim: 'arguments of all configs are put one behind the other', url: `${MCO}/pkg/controller/common/helpers.go` },
  ],
  examples: {
    bad: [
      {
        name: 'an adopted name is given up',
        before: fleet(qatPool('machineConfigNames: { kernelArguments: 50-iommu }')),
        after: fleet(qatPool()),
        expected: 'MachineConfig 50-iommu is renamed to 100-qat-iommu',
      },
    ],
    good: [
      {
        name: 'the name stays',
        before: fleet(qatPool('machineConfigNames: { kernelArguments: 50-iommu }')),
        after: fleet(qatPool('machineConfigNames: { kernelArguments: 50-iommu }\n    maxUnavailable: 2')),
      },
    ],
  },
  *find({ changes, sides }) {
    for (const change of changesOf(changes, 'config')) {
      const isRelabelled = change.sign === 'changed' && change.fields.some(({ field }) => field === 'role');
      if (change.sign !== 'renamed' && !isRelabelled) continue;
      const { unit } = change.after;
      const nodes = sides.after.nodesByUnit.get(unit) ?? [];
      yield {
        message:
          change.sign === 'renamed'
            ? `MachineConfig ${change.name} is renamed to ${change.newName}`
            : `MachineConfig ${change.name} changes its pool and keeps its name`,
        radius: radiusOf(nodes, [], sides.after.units.get(unit)?.liveNodeCount),
        notes: [
          isRelabelled
            ? 'the render controller does not notice a label that changes'
            : 'the old object stays until somebody deletes it: the nodes get both meanwhile, and reboot twice',
        ],
        help: ['keep its name with `machineConfigNames`'],
        changes: [change.key],
      };
    }
  },
});
