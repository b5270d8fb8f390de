import { nodesReached, type Disruption } from '../disruption/disruption';
import {
  disruptionCauses,
  isOneNode,
  joinsInWords,
  nodesInWords,
  pausedInWords,
  reasonsInWords,
} from '../disruption/in-words';
import { shortList } from '../words';
import { exampleFleet, QAT_DEVICE, qatPool } from './example';
import { defineHazard, radiusOf } from './hazard';
import { MCO } from './sources';

export const rebootsNodes = defineHazard({
  code: 'PLN502',
  slug: 'plan/reboots-nodes',
  severity: 'error',
  summary: 'nodes are drained and rebooted',
  why: `
The Machine Config Operator gives every node of a pool the pool's rendered config: all MachineConfigs that the pool's selector matches, those
of \`worker\` included. Kernel arguments are compared as a list in order; any difference reboots. So does every file or unit that no entry of
the node disruption policy is about; none of the built-in entries is about \`/etc/modprobe.d\`, \`/etc/modules-load.d\` or the units that bind
devices. All nodes of the pool are meant, whether or not the fleet names them, \`maxUnavailable\` at a time.`,
  sources: [
    { claim: 'kernel arguments are compared in order', url: `${MCO}/pkg/daemon/update.go` },
    { claim: 'a custom pool gets the configs of worker', url: `${MCO}/pkg/controller/common/helpers.go` },
    { claim: 'maxUnavailable and how it is rounded', url: `${MCO}/pkg/controller/node/node_controller.go` },
  ],
  examples: {
    bad: [
      {
        name: 'a kernel argument more',
        before: exampleFleet(`
devices:
  ${QAT_DEVICE}
nodePools:
  ${qatPool()}
`),
        after: exampleFleet(`
devices:
  ${QAT_DEVICE}
nodePools:
  ${qatPool('kernelArguments: [iommu.strict=1]')}
`),
        expected: '2 nodes of machine config pool qat reboot, 1 at a time',
      },
    ],
    good: [
      {
        name: 'more nodes at a time',
        before: exampleFleet(`
devices:
  ${QAT_DEVICE}
nodePools:
  ${qatPool()}
`),
        after: exampleFleet(`
devices:
  ${QAT_DEVICE}
nodePools:
  ${qatPool('maxUnavailable: 2')}
`),
      },
    ],
  },
  *find({ disruptions, machines, changes }) {
    for (const disruption of disruptions) {
      if (disruption.act !== 'reboot' || disruption.when !== 'merge') continue;
      const { unit, pace, nodes, reasons, isPaused } = disruption;
      const effects = machines.filter((effect) => effect.unit === unit && effect.when === 'merge' && effect.isCertain);
      const joins = joinsInWords(disruption);
      const whose = joins === undefined ? 'of' : `that ${joins}`;
      yield {
        message: `${nodesInWords(disruption)} ${whose} machine config pool ${unit} ${isOneNode(disruption) ? 'reboots' : 'reboot'}${atATime(disruption)}`,
        radius: radiusOf(
          nodes,
          effects.flatMap((effect) => effect.machines),
          nodesReached(disruption),
        ),
        notes: [
          `because of ${shortList(reasons.map(reasonsInWords))}`,
          ...(pace.atATime === undefined ? [`how many at a time is not known: ${pace.because}`] : [pace.because]),
          ...(isPaused ? [pausedInWords(unit)] : []),
        ],
        changes: disruptionCauses(disruption, changes),
      };
    }
  },
});

function atATime(disruption: Disruption): string {
  const { atATime: count } = disruption.pace;
  return count === undefined || isOneNode(disruption) ? '' : `, ${count} at a time`;
}
