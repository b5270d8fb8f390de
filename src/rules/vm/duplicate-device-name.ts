import { groupBy } from '../../model';
import type { AnalysedMachine, AnalysedRequest } from '../../analysis';
import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { shapeCases } from '../machine-statements';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting } from '../words';

export const duplicateDeviceName = defineRule({
  code: 'VMI306',
  slug: 'vm/duplicate-device-name',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: 'two entries of one list of a VM have the same name',
  why: `
The name of an entry becomes a libvirt alias, \`ua-gpu-NAME\` or \`ua-hostdevice-NAME\`, and aliases are unique in a domain. No webhook looks at
this: the VM is accepted, scheduled, and fails at start with "non unique alias detected".`,
  sources: [
    { claim: 'names become aliases', url: `${KUBEVIRT}/pkg/virt-launcher/virtwrap/device/hostdevice/hostdev.go` },
    {
      claim: 'admission does not compare names',
      url: `${KUBEVIRT}/pkg/virt-api/webhooks/validating-webhook/admitters/vmi-create-admitter.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'two GPUs called gpu1',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4, externalResourceProvider: true }
virtualMachines:
  train-7:
    gpus: [{ name: gpu1, device: t4 }, { name: «gpu1», device: t4 }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`),
      },
    ],
    good: [
      {
        name: 'one name in each list',
        yaml: exampleFleet(`
devices:
  qat: { pci: ["8086:6f54"], resourceName: intel.com/qat, externalResourceProvider: true }
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4, externalResourceProvider: true }
virtualMachines:
  train-7:
    gpus: [{ name: dev1, device: t4 }]
    hostDevices: [{ name: dev1, device: qat }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`),
      },
    ],
  },
  *check({ analysis }) {
    for (const { machine, first, second } of shapeCases(analysis, repetitions)) {
      yield {
        message: fitting(
          `VM ${machine.id} has 2 \`${second.list}\` entries named ${second.request.name}`,
          `a VM has 2 \`${second.list}\` entries with one name`,
        ),
        primary: { at: placeAt(second.request.place, 'name'), text: 'the same name again' },
        secondary: [{ at: placeAt(first.request.place, 'name'), text: 'first used here' }],
        notes: ['libvirt refuses a domain in which an alias is used twice'],
        help: ['give each entry a name of its own'],
      };
    }
  },
});

/** The first two entries of each name that a list has more than once. */
function repetitions({ machine, requests }: AnalysedMachine): {
  readonly machine: AnalysedMachine['machine'];
  readonly first: AnalysedRequest;
  readonly second: AnalysedRequest;
}[] {
  if (requests.length < 2) return [];
  return [...groupBy(requests, ({ list, request }) => `${list} ${request.name}`).values()].flatMap(([first, second]) =>
    first === undefined || second === undefined || second.request.name === '' ? [] : [{ machine, first, second }],
  );
}
