import { disruptionCauses } from '../disruption/in-words';
import { nodesReached } from '../disruption/disruption';
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

export const reordersKernelArguments = defineHazard({
  code: 'PLN513',
  slug: 'plan/reorders-kernel-arguments',
  severity: 'warning',
  summary: 'the same kernel arguments in another order reboot the nodes',
  why: `
The machine config daemon compares kernel arguments as a list in order. Sorting them, splitting an entry in two, or moving one to another MachineConfig reboots every
node of the pool, although the kernel gets the same arguments.`,
  sources: [{ claim: 'arguments are compared in order', url: `${MCO}/pkg/daemon/update.go` }],
  examples: {
    bad: [
      {
        name: 'two arguments change places',
        before: fleet(qatPool('kernelArguments: [iommu.strict=1, nosmt]')),
        after: fleet(qatPool('kernelArguments: [nosmt, iommu.strict=1]')),
        expected: 'machine config pool qat reboots for kernel arguments in another order',
      },
    ],
    good: [
      {
        name: 'one more at the end',
        before: fleet(qatPool('kernelArguments: [iommu.strict=1]')),
        after: fleet(qatPool('kernelArguments: [iommu.strict=1, nosmt]')),
      },
    ],
  },
  *find({ disruptions, changes }) {
    for (const disruption of disruptions) {
      const { unit, platform, nodes, reasons, when } = disruption;
      const isReordered = reasons.some((reason) => reason.kind === 'kernel-arguments' && reason.isReordered);
      if (platform !== 'openshift' || when !== 'merge' || !isReordered) continue;
      yield {
        message: `machine config pool ${unit} reboots for kernel arguments in another order`,
        radius: radiusOf(nodes, [], nodesReached(disruption)),
        notes: ['the kernel gets the same arguments before and afterwards'],
        help: ['keep the order that is there, and add new arguments at the end'],
        changes: disruptionCauses(disruption, changes),
      };
    }
  },
});
