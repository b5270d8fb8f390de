import { compareReleases, parseKubeVirtVersion } from '../../kubevirt';
import { placeAt } from '../../source';
import { exampleMachine } from '../example';
import { isDnsLabel, isDnsSubdomain } from '../kubernetes-names';
import { inSpec, machineFindings, machinesStating, specPlace } from '../machine-statements';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';

const EVICTION_STRATEGIES: readonly unknown[] = ['None', 'LiveMigrate', 'LiveMigrateIfPossible', 'External'];

/** A field of the VMI's spec that the schema takes as any text, and virt-api does not. */
interface Refused {
  readonly field: string;
  readonly isTaken: (value: string) => boolean;
  readonly label: string;
}

const FIELDS: readonly Refused[] = [
  {
    field: 'evictionStrategy',
    isTaken: (value) => EVICTION_STRATEGIES.includes(value),
    label: 'None, LiveMigrate, LiveMigrateIfPossible or External',
  },
  { field: 'startStrategy', isTaken: (value) => value === 'Paused', label: 'Paused is the only one' },
  {
    field: 'hostname',
    isTaken: (value) => value === '' || isDnsLabel(value),
    label: 'a DNS label, in lower case',
  },
  {
    field: 'subdomain',
    isTaken: (value) => value === '' || isDnsSubdomain(value),
    label: 'a DNS name in lower case',
  },
];

const machineWith = (field: string): string =>
  exampleMachine(`
${field}
domain:
  memory: { guest: 4Gi }
  devices: {}
`);

export const refusedValue = defineRule({
  code: 'VMI394',
  slug: 'vm/refused-value',
  severity: 'error',
  needs: [],
  summary: 'a field of a VM has a value that virt-api refuses',
  why: `
To the schema some fields are any text, and virt-api looks at them when the VM is created: \`evictionStrategy\` and \`startStrategy\` are of a few words,
\`hostname\` is a DNS label, \`subdomain\` a DNS name. The run strategy \`WaitAsReceiver\` is one from KubeVirt 1.6 on.`,
  sources: [
    {
      claim: 'the strategies and names',
      url: `${KUBEVIRT}/pkg/virt-api/webhooks/validating-webhook/admitters/vmi-create-admitter.go`,
    },
    {
      claim: 'the run strategies of 1.5',
      url: 'https://github.com/kubevirt/kubevirt/blob/v1.5.0/pkg/virt-api/webhooks/validating-webhook/admitters/vms-admitter.go',
    },
  ],
  examples: {
    bad: [
      { name: 'a strategy of another spelling', yaml: machineWith('evictionStrategy: «liveMigrate»') },
      { name: 'a host name in capitals', yaml: machineWith('hostname: «Train7»') },
    ],
    good: [{ name: 'as KubeVirt spells it', yaml: machineWith('evictionStrategy: None\nhostname: train7') }],
  },
  *check({ fleet, analysis }) {
    const version = parseKubeVirtVersion(fleet.cluster.kubevirt.version);
    const isOld = version.ok && compareReleases(version.value.release, '1.6') < 0;
    for (const { field, isTaken, label } of FIELDS) {
      yield* machineFindings(machinesStating(analysis, field), function* (machine) {
        const value = inSpec(machine, field);
        if (typeof value !== 'string' || isTaken(value)) return;
        yield {
          message: (vm) => `${vm} has a \`${field}\` that virt-api refuses`,
          at: specPlace(machine, field),
          label,
        };
      });
    }
    if (!isOld) return;
    const receivers = analysis.machines.filter(({ machine }) => machine.machine['runStrategy'] === 'WaitAsReceiver');
    yield* machineFindings({ machines: receivers }, function* ({ machine }) {
      yield {
        message: (vm) => `${vm} has a \`runStrategy\` that this KubeVirt does not know`,
        at: placeAt(machine.place, 'runStrategy'),
        label: 'there from KubeVirt 1.6 on',
      };
    });
  },
});
