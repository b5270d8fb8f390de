import { disruptionCauses } from '../disruption/in-words';
import { counted, shortList } from '../words';
import { exampleFleet, QAT_DEVICE, qatPool } from './example';
import { defineHazard, radiusOf } from './hazard';
import { MCO } from './sources';

const fleet = (more: string, otherMore = more): string =>
  exampleFleet(`
devices:
  ${QAT_DEVICE}
nodePools:
  ${qatPool(more)}
  ${qatPool(otherMore, 'node03, node04').replace('qat:', 'edge:')}
`);

export const rebootsPoolsAtOnce = defineHazard({
  code: 'PLN515',
  slug: 'plan/reboots-pools-at-once',
  severity: 'info',
  summary: 'several pools reboot nodes at the same time',
  why: `
Machine config pools roll out independently. Each keeps to its own \`maxUnavailable\`; together they take as many nodes as the sum of them.`,
  sources: [{ claim: 'each pool is synchronised on its own', url: `${MCO}/pkg/controller/node/node_controller.go` }],
  examples: {
    bad: [
      {
        name: 'one argument on two pools',
        before: fleet(''),
        after: fleet('kernelArguments: [iommu.strict=1]'),
        expected: '2 machine config pools reboot at the same time, 2 nodes at a time',
      },
    ],
    good: [
      { name: 'one argument on one pool', before: fleet(''), after: fleet('kernelArguments: [iommu.strict=1]', '') },
    ],
  },
  *find({ disruptions, changes }) {
    const rolling = disruptions.filter(({ act, when }) => (act === 'reboot' || act === 'drain') && when === 'merge');
    const units = [...new Set(rolling.map(({ unit }) => unit))];
    if (units.length < 2) return;
    const paces = units.map((unit) => rolling.find((one) => one.unit === unit)?.pace.atATime);
    const known = paces.filter((pace) => pace !== undefined);
    const sum = known.reduce((total, pace) => total + pace, 0);
    const isKnown = known.length === paces.length;
    yield {
      message: `${counted(units.length, 'machine config pool')} reboot at the same time${isKnown ? `, ${counted(sum, 'node')} at a time` : ''}`,
      radius: radiusOf(
        rolling.flatMap(({ nodes }) => nodes),
        [],
      ),
      notes: [shortList(units)],
      help: ['merge them one after the other where that is too many'],
      changes: [...new Set(rolling.flatMap((one) => disruptionCauses(one, changes)))],
    };
  },
});
