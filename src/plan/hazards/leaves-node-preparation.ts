import { nodesReached } from '../disruption/disruption';
import { disruptionCauses, isOneNode, nodesInWords } from '../disruption/in-words';
import { shortList } from '../words';
import { exampleFleet, QAT_DEVICE, qatPool } from './example';
import { defineHazard, radiusOf } from './hazard';
import { MCO } from './sources';

const fleet = (pools: string): string =>
  exampleFleet(`
devices:
  ${QAT_DEVICE}
nodePools:
  ${qatPool('', 'node01')}${pools}
`);
const EDGE = `
  ${qatPool('', 'node03').replace('qat:', 'edge:')}`;

export const leavesNodePreparation = defineHazard({
  code: 'PLN516',
  slug: 'plan/leaves-node-preparation',
  severity: 'warning',
  summary: 'what prepared nodes is no longer written, and stays until somebody deletes it',
  why: `
MachineConfigs, machine config pools and KubeletConfigs carry annotations that keep Argo CD and Flux from pruning them. What a fleet no longer writes therefore goes
on in the cluster: devices stay bound, arguments stay set. Deleting it drains and reboots the pool. A pool is deleted last, when none of its nodes has its
label any more: nodes of a pool that is gone reference a config that is gone.`,
  sources: [{ claim: 'any difference of the rendered config reboots', url: `${MCO}/pkg/daemon/update.go` }],
  examples: {
    bad: [
      {
        name: 'a pool is dropped',
        before: fleet(EDGE),
        after: fleet(''),
        expected: '2 objects of machine config pool edge are left behind',
      },
    ],
    good: [{ name: 'a pool is added', before: fleet(''), after: fleet(EDGE) }],
  },
  *find({ disruptions, changes }) {
    for (const disruption of disruptions) {
      if (disruption.when !== 'deletion') continue;
      const { unit, leftBehind, nodes } = disruption;
      yield {
        message: `${leftBehind.length} ${leftBehind.length === 1 ? 'object' : 'objects'} of machine config pool ${unit} ${leftBehind.length === 1 ? 'is' : 'are'} left behind`,
        radius: radiusOf(nodes, [], nodesReached(disruption)),
        notes: [
          `${shortList(leftBehind)} ${leftBehind.length === 1 ? 'is' : 'are'} protected from pruning and ${leftBehind.length === 1 ? 'goes' : 'go'} on`,
          `deleting ${leftBehind.length === 1 ? 'it' : 'them'} reboots: ${nodesInWords(disruption)} ${isOneNode(disruption) ? 'goes' : 'go'} down`,
        ],
        help: ['delete them by hand when the nodes may reboot'],
        changes: disruptionCauses(disruption, changes),
      };
    }
  },
});
