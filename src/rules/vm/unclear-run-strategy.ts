import { MACHINE_LAYOUTS } from '../../model';
import { machineFieldPlace, machineFindings } from '../machine-statements';

import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';

const STRATEGIES = ['Always', 'Halted', 'Manual', 'Once', 'RerunOnFailure', 'WaitAsReceiver'];

const machine = (fields: string): string => `
apiVersion: kubevirt.io/v1
kind: VirtualMachine
metadata: { name: train-7, namespace: training }
spec:
${fields.replace(/^(?=.)/gm, '  ')}
  template:
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`;

export const unclearRunStrategy = defineRule({
  code: 'VMI338',
  slug: 'vm/unclear-run-strategy',
  severity: 'error',
  needs: [],
  absentFrom: ['virtualMachines'],
  manifests: [],
  summary: 'a VirtualMachine says twice, or not at all, when it runs',
  why: `
A VirtualMachine has exactly one of \`runStrategy\` and \`running\`, which is deprecated. virt-api refuses both together, "Running and RunStrategy are mutually
exclusive", and neither, "RunStrategy must be specified". The strategies are Always, Halted, Manual, Once, RerunOnFailure, and
WaitAsReceiver.`,
  sources: [
    {
      claim: 'exactly one of the two (validateRunStrategy)',
      url: `${KUBEVIRT}/pkg/virt-api/webhooks/validating-webhook/admitters/vms-admitter.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'both',
        reads: 'manifests',
        yaml: machine('running: «true»\nrunStrategy: Always'),
      },
      {
        name: 'a strategy that there is not',
        reads: 'manifests',
        yaml: machine('runStrategy: «OnFailure»'),
      },
    ],
    good: [
      {
        name: 'one of them',
        reads: 'manifests',
        yaml: machine('runStrategy: RerunOnFailure'),
      },
    ],
  },
  *check({ analysis }) {
    yield* machineFindings(analysis, function* (one) {
      const { kind, machine: fields } = one.machine;
      if (MACHINE_LAYOUTS[kind].machine === undefined) return;
      const { running, runStrategy } = fields;
      // a fleet file has a form of its own, which says the same
      const isForeign = one.machine.foreign !== undefined;
      const notes = ['virt-api refuses such a VM'];
      if (running !== undefined && running !== null && runStrategy !== undefined && runStrategy !== null) {
        yield {
          message: (vm) => `${vm} has both \`running\` and \`runStrategy\``,
          at: machineFieldPlace(one, 'running'),
          label: 'says the same in the deprecated way',
          secondary: [{ at: machineFieldPlace(one, 'runStrategy'), text: 'says when it runs' }],
          notes,
          help: ['remove `running`'],
        };
      } else if (isForeign && typeof runStrategy === 'string' && !STRATEGIES.includes(runStrategy)) {
        yield {
          message: (vm) => `the run strategy of ${vm} is not one that there is`,
          at: machineFieldPlace(one, 'runStrategy'),
          label: 'not a run strategy',
          notes: [
            ...notes,
            `the strategies are ${STRATEGIES.slice(0, 2).join(', ')}, and ${STRATEGIES.length - 2} more`,
          ],
          help: ['use `Always`, `Halted`, `Manual`, `Once` or `RerunOnFailure`'],
        };
      } else if ((running ?? runStrategy ?? null) === null) {
        yield {
          message: (vm) => `${vm} does not say when it runs`,
          at: machineFieldPlace(one, 'runStrategy'),
          label: 'needs `runStrategy`',
          notes,
          help: ['add `runStrategy: Always`, or another strategy'],
        };
      }
    });
  },
});
