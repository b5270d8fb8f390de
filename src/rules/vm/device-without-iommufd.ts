import { isJsonObject } from '../../model';
import { keyPlace } from '../../source';
import { exampleMachine } from '../example';
import { inSpec, machineFindings, machinesStating, specPlace } from '../machine-statements';
import { requestPlace } from '../machines';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';

export const deviceWithoutIommufd = defineRule({
  code: 'VMI343',
  slug: 'vm/device-without-iommufd',
  severity: 'warning',
  needs: [],
  manifests: ['kubevirt'],
  concerns: ({ analysis }) =>
    machinesStating(analysis, 'domain', 'launchSecurity').machines.some((machine) =>
      isJsonObject(inSpec(machine, 'domain', 'launchSecurity')),
    ),
  summary: 'a confidential VM has a host device without IOMMUFD',
  why: `
The memory of an SNP or TDX guest is closed to devices. As KubeVirt's own enhancement has it, the older VFIO interface does not meet what such a guest
needs of a device; with the gate \`IOMMUFD\`, from KubeVirt 1.9 on, the newer one is used. virt-api does not look at this.`,
  sources: [{ claim: 'the gate', url: `${KUBEVIRT}/pkg/virt-config/featuregate/active.go` }],
  examples: {
    bad: [
      {
        name: 'an SNP guest with a GPU',
        yaml: exampleMachine(`
domain:
  launchSecurity: { «snp»: {} }
  firmware: { bootloader: { efi: { secureBoot: false } } }
  memory: { guest: 4Gi }
  devices: {}
`),
      },
    ],
    good: [
      {
        name: 'without devices',
        yaml: exampleMachine(
          `
domain:
  launchSecurity: { snp: {} }
  firmware: { bootloader: { efi: { secureBoot: false } } }
  memory: { guest: 4Gi }
  devices: {}
`,
          { request: 'metadata: {}' },
        ),
      },
    ],
  },
  *check({ analysis }) {
    if (analysis.featureGates.includes('IOMMUFD')) return;
    yield* machineFindings(machinesStating(analysis, 'domain', 'launchSecurity'), function* (machine) {
      const kind = ['snp', 'tdx'].find((one) => isJsonObject(inSpec(machine, 'domain', 'launchSecurity', one)));
      const [asked] = machine.requests;
      if (kind === undefined || asked === undefined) return;
      yield {
        message: (vm) => `${vm} is a confidential guest with a host device, and IOMMUFD is off`,
        at: keyPlace(specPlace(machine, 'domain', 'launchSecurity', kind)),
        label: 'closes the memory of the guest to devices',
        secondary: [{ at: requestPlace(asked), text: 'a host device' }],
        help: ['leave the device out, or turn the feature gate `IOMMUFD` on with KubeVirt 1.9'],
      };
    });
  },
});
