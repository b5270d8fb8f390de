import { isAtLeast, parseKubeVirtVersion } from '../../kubevirt';
import { claimedExample } from '../claimed';
import { machineFindings } from '../machine-statements';
import { requestPlace } from '../machines';
import { defineRule } from '../rule';

const withList = (kubevirt: string, list: string): string =>
  claimedExample({
    kubevirt,
    requests: list,
    devices: '  qat: { pci: ["8086:6f54"], resourceName: intel.com/qat, externalResourceProvider: true }\n',
  });

export const claimedHostDevice = defineRule({
  code: 'VMI388',
  slug: 'vm/claimed-host-device',
  severity: 'error',
  needs: [],
  concerns: ({ analysis }) => analysis.machines.some(({ claims }) => claims.length > 0),
  summary: 'KubeVirt of this version refuses claims under `hostDevices` beside permitted devices',
  why: `
Through KubeVirt 1.8 virt-controller looks every entry of \`hostDevices\` up in \`permittedHostDevices\`, once there is such a section. A claimed one has no resource name, so
the pod is never made: "HostDevice  is not permitted", with nothing between the words. \`gpus\` are not looked up where the gate GPUsWithDRA is on. Fixed in 1.9.`,
  sources: [
    {
      claim: 'names are looked up (validatePermittedHostDevices)',
      url: 'https://github.com/kubevirt/kubevirt/blob/v1.8.0/pkg/virt-controller/services/renderresources.go',
    },
  ],
  examples: {
    bad: [{ name: 'KubeVirt 1.8', yaml: withList('"1.8"', 'hostDevices: [{ name: gpu1, device: «h100» }]') }],
    good: [
      { name: 'under gpus', yaml: withList('"1.8"', 'gpus: [{ name: gpu1, device: h100 }]') },
      { name: 'KubeVirt 1.9', yaml: withList('"1.9"', 'hostDevices: [{ name: gpu1, device: h100 }]') },
    ],
  },
  *check({ fleet, analysis }) {
    const version = parseKubeVirtVersion(fleet.cluster.kubevirt.version);
    if (!version.ok || isAtLeast(version.value, '1.9') || analysis.permitted.size === 0) return;
    yield* machineFindings(analysis, function* ({ claims }) {
      for (const { request } of claims) {
        if (request.list !== 'hostDevices') continue;
        yield {
          message: (vm) => `${vm} claims a device under \`hostDevices\` of KubeVirt ${version.value.release}`,
          at: requestPlace(request),
          label: 'refused, since it has no resource name',
          notes: ['virt-controller looks every entry up in `permittedHostDevices` through 1.8'],
          help: ['move the entry to `gpus`, or upgrade KubeVirt to 1.9'],
        };
      }
    });
  },
});
