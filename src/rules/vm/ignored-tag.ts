import type { AnalysedRequest } from '../../analysis';
import { keyPlace, placeAt } from '../../source';
import { exampleMachine } from '../example';
import { shapeFindings } from '../machine-statements';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';

export const ignoredTag = defineRule({
  code: 'VMI337',
  slug: 'vm/ignored-tag',
  severity: 'warning',
  needs: [],
  manifests: [],
  summary: 'a tag is on a device whose tag never reaches the guest',
  why: `
A \`tag\` is to tell the guest which device is which, by the metadata of its config drive. virt-launcher looks up tags of PCI and mediated devices
under \`hostDevices\` only: a tag under \`gpus\`, on a USB device or on a device of a resource claim is read by nobody.`,
  sources: [
    {
      claim: 'which tags are looked up (buildDevicesMetadata)',
      url: `${KUBEVIRT}/pkg/virt-launcher/virtwrap/manager.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'on a GPU',
        yaml: exampleMachine(
          `
domain: { devices: {}, memory: { guest: 4Gi } }
`,
          { request: 'gpus: [{ name: gpu1, device: t4, «tag»: trainer }]' },
        ),
      },
    ],
    good: [
      {
        name: 'on a host device',
        yaml: exampleMachine(
          `
domain: { devices: {}, memory: { guest: 4Gi } }
`,
          { request: 'hostDevices: [{ name: gpu1, device: t4, tag: trainer }]' },
        ),
      },
    ],
  },
  *check({ analysis }) {
    yield* shapeFindings(analysis, function* ({ requests }) {
      for (const asked of requests) {
        const what = whyIgnored(asked);
        if (what === undefined || typeof asked.request.options['tag'] !== 'string') continue;
        yield {
          message: (vm) => `the guest of ${vm} does not see the tag of ${what}`,
          at: keyPlace(placeAt(asked.request.place, 'tag')),
          label: 'read by nobody',
          notes: ['virt-launcher passes tags of PCI and mediated devices under `hostDevices` only'],
          help: ['remove the tag, or move the entry to `hostDevices` where it is a PCI or mediated device'],
        };
      }
    });
  },
});

function whyIgnored({ list, request, resource }: AnalysedRequest): string | undefined {
  if (list === 'gpus') return 'a GPU';
  if (request.options['claimName'] !== undefined) return 'a device of a resource claim';
  return resource?.device.kind === 'usb' ? 'a USB device' : undefined;
}
