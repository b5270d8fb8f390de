import { isAtLeast, parseKubeVirtVersion } from '../../kubevirt';
import { claimedExample } from '../claimed';
import { machineFindings } from '../machine-statements';
import { requestPlace } from '../machines';
import { defineRule } from '../rule';

const withRequests = (requests: string): string =>
  claimedExample({
    requests,
    devices: '  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4, externalResourceProvider: true }\n',
  });

export const mixedAllocation = defineRule({
  code: 'VMI391',
  slug: 'vm/mixed-allocation',
  severity: 'error',
  needs: [],
  concerns: ({ analysis }) => analysis.machines.some(({ claims }) => claims.length > 0),
  summary: '`gpus` of a VM mixes claims with devices of a plugin',
  why: `
From KubeVirt 1.9 on virt-api refuses a VM whose \`gpus\` holds entries with a claim beside entries with a resource name. Under \`hostDevices\` the two go together.`,
  sources: [
    {
      claim: 'what admission refuses',
      url: 'https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-api/webhooks/validating-webhook/admitters/dra_admitter.go',
    },
  ],
  examples: {
    bad: [
      { name: 'one of each', yaml: withRequests('gpus: [{ name: gpu1, device: h100 }, { name: gpu2, device: «t4» }]') },
    ],
    good: [
      {
        name: 'in two lists',
        yaml: withRequests(
          '{ gpus: [{ name: gpu1, device: h100 }], hostDevices: [{ name: gpu2, device: t4 }] }',
        ).replace(
          '    { gpus: [{ name: gpu1, device: h100 }], hostDevices: [{ name: gpu2, device: t4 }] }',
          '    gpus: [{ name: gpu1, device: h100 }]\n      hostDevices: [{ name: gpu2, device: t4 }]',
        ),
      },
    ],
  },
  *check({ fleet, analysis }) {
    const version = parseKubeVirtVersion(fleet.cluster.kubevirt.version);
    if (!version.ok || !isAtLeast(version.value, '1.9')) return;
    yield* machineFindings(analysis, function* ({ requests, claims }) {
      const claimed = claims.find(({ request }) => request.list === 'gpus');
      const plugged = requests.find(({ list, deviceName }) => list === 'gpus' && deviceName !== undefined);
      if (claimed === undefined || plugged === undefined) return;
      yield {
        message: (vm) => `\`gpus\` of ${vm} mixes claims with devices of a plugin`,
        at: requestPlace(plugged),
        label: 'a device of a plugin',
        secondary: [{ at: requestPlace(claimed.request), text: 'a claim' }],
        notes: ['virt-api refuses such a VM from KubeVirt 1.9 on'],
        help: ['move one of them to `hostDevices`'],
      };
    });
  },
});
