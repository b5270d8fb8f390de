import { counted, shortList } from '../words';
import { isAboutResource } from './strands-virtual-machines';
import { exampleFleet, QAT_DEVICE, qatPool } from './example';
import { defineHazard, radiusOf } from './hazard';
import { KUBEVIRT } from './sources';

const fleet = (pool: string): string =>
  exampleFleet(`
devices:
  ${QAT_DEVICE}
nodePools:
  ${pool}
`);

export const reducesCapacity = defineHazard({
  code: 'PLN504',
  slug: 'plan/reduces-capacity',
  severity: 'warning',
  summary: 'nodes advertise fewer devices than before',
  why: `
What a device plugin no longer finds, or no longer serves, leaves the node's allocatable. VMs that run keep their devices; VMs that are started
afterwards have fewer nodes to go to. The numbers are the prediction of either side: KubeVirt's own plugin counts one for each IOMMU group.`,
  sources: [
    { claim: 'a device for each IOMMU group', url: `${KUBEVIRT}/pkg/virt-handler/device-manager/pci_device.go` },
  ],
  examples: {
    bad: [
      {
        name: 'a node less',
        before: fleet(qatPool()),
        after: fleet(qatPool('', 'node01')),
        expected: '1 node advertises fewer of intel.com/qat',
      },
    ],
    good: [{ name: 'a node more', before: fleet(qatPool('', 'node01')), after: fleet(qatPool()) }],
  },
  *find({ capacity, changes }) {
    for (const { resource, before, after, losingNodes } of capacity) {
      if (losingNodes.length === 0) continue;
      yield {
        message: `${counted(losingNodes.length, 'node')} ${losingNodes.length === 1 ? 'advertises' : 'advertise'} fewer of ${resource}`,
        radius: radiusOf(losingNodes, []),
        notes: [
          `${before ?? 'an unknown number'} before, ${after ?? 'an unknown number'} afterwards`,
          `fewer on ${shortList(losingNodes)}`,
        ],
        changes: changes.filter((change) => isAboutResource(change, resource)).map(({ key }) => key),
      };
    }
  },
});
