import { disruptionCauses, isOneNode, nodesInWords } from '../disruption/in-words';
import { exampleFleet, QAT_DEVICE, qatPool } from './example';
import { defineHazard, radiusOf } from './hazard';

const fleet = (pool: string): string =>
  exampleFleet(`
cluster: { nodePlatform: ignition, kubevirt: { version: "1.6" } }
devices:
  ${QAT_DEVICE}
nodePools:
  ${pool}
`);

export const needsReinstallation = defineHazard({
  code: 'PLN517',
  slug: 'plan/needs-reinstallation',
  severity: 'warning',
  summary: 'a change reaches nodes only when they are installed again',
  why: `
Ignition runs when a machine boots for the first time, cloud-init once for each instance. What is written for them later has no effect on nodes that are there: they
have to be installed again, or changed by hand.`,
  sources: [
    { claim: 'Ignition runs once', url: 'https://github.com/coreos/ignition/blob/v2.20.0/docs/getting-started.md' },
  ],
  examples: {
    bad: [
      {
        name: 'an argument more',
        before: fleet(qatPool()),
        after: fleet(qatPool('kernelArguments: [iommu.strict=1]')),
        expected: '2 nodes of pool qat have to be installed again for a change',
      },
    ],
    good: [
      {
        name: 'nothing of the nodes',
        before: fleet(qatPool()),
        after: fleet(qatPool()).replace('intel.com/qat', 'intel.com/qats'),
      },
    ],
  },
  *find({ disruptions, changes }) {
    for (const disruption of disruptions) {
      if (disruption.act !== 'reinstall') continue;
      const { unit, nodes, platform } = disruption;
      yield {
        message: `${nodesInWords(disruption)} of pool ${unit} ${isOneNode(disruption) ? 'has' : 'have'} to be installed again for a change`,
        radius: radiusOf(nodes, []),
        notes: [
          platform === 'ignition' ? 'Ignition runs at the first boot only' : 'cloud-init runs once for each instance',
        ],
        changes: disruptionCauses(disruption, changes),
      };
    }
  },
});
