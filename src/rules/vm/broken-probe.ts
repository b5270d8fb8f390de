import { isJsonObject } from '../../model';
import { exampleMachine } from '../example';
import { inSpec, specPlace, variantFindings } from '../machine-statements';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';

const PROBES = ['livenessProbe', 'readinessProbe'] as const;
const KINDS = ['httpGet', 'tcpSocket', 'exec', 'guestAgentPing'] as const;

const machineWith = (probe: string): string =>
  exampleMachine(`
${probe}
domain:
  memory: { guest: 4Gi }
  devices: {}
`);

export const brokenProbe = defineRule({
  code: 'VMI512',
  slug: 'vm/broken-probe',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: 'a probe of a VM does not say what is probed, or says it twice',
  why: `
\`livenessProbe\` and \`readinessProbe\` of a VM have exactly one of \`httpGet\`, \`tcpSocket\`, \`exec\` and \`guestAgentPing\`. To the schema all of them are optional; virt-api refuses a VM
whose probe has none or several.`,
  sources: [
    {
      claim: 'exactly one (validateProbe)',
      url: `${KUBEVIRT}/pkg/virt-api/webhooks/validating-webhook/admitters/vmi-create-admitter.go`,
    },
  ],
  examples: {
    bad: [
      { name: 'a delay and nothing to probe', yaml: machineWith('readinessProbe: «{ initialDelaySeconds: 30 }»') },
      {
        name: 'two things at once',
        yaml: machineWith('livenessProbe: «{ guestAgentPing: {}, exec: { command: [uptime] } }»'),
      },
    ],
    good: [{ name: 'the guest agent', yaml: machineWith('livenessProbe: { guestAgentPing: {} }') }],
  },
  *check({ analysis }) {
    yield* variantFindings(analysis, function* (machine) {
      for (const field of PROBES) {
        const probe = inSpec(machine, field);
        if (!isJsonObject(probe)) continue;
        let count = 0;
        for (const kind of KINDS) if (isJsonObject(probe[kind])) count++;
        if (count === 1) continue;
        yield {
          message: (vm) => `the \`${field}\` of ${vm} probes ${count === 0 ? 'nothing' : `${count} things`}`,
          at: specPlace(machine, field),
          label: count === 0 ? 'needs one thing to probe' : 'takes one of them',
          notes: ['virt-api refuses such a VM'],
          help: ['state one of `httpGet`, `tcpSocket`, or another kind'],
        };
      }
    });
  },
});
