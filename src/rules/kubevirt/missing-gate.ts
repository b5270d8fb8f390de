import { liveKubeVirt } from '../../analysis';
import { exampleFleet } from '../example';
import { disabledGates } from '../live-kubevirt';
import { requestPlace } from '../machines';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { counted, fitting, listed } from '../words';

const FLEET = exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.8" }, current: cluster/ }
devices:
  qat: { pci: ["8086:6f54"], resourceName: intel.com/qat, externalResourceProvider: true }
virtualMachines:
  gateway:
    hostDevices: [{ name: qat1, device: qat }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`);

export const missingGate = defineRule({
  code: 'KUB501',
  slug: 'kubevirt/missing-gate',
  severity: 'error',
  needs: [],
  summary: 'the live KubeVirt object turns off a feature gate that the fleet needs',
  why: `
VMs with \`hostDevices\` are refused without the gate \`HostDevices\`: "Host Devices feature gate is not enabled in kubevirt-config".
hostdev lists the gates that the fleet needs. From KubeVirt 1.8 on a gate can also be turned off under \`disabledFeatureGates\`,
and an object that lists one gate on both sides is refused: the update of the KubeVirt object fails as a whole.`,
  sources: [
    {
      claim: 'hostDevices need the gate',
      url: `${KUBEVIRT}/pkg/virt-api/webhooks/validating-webhook/admitters/vmi-create-admitter.go#L557`,
    },
    {
      claim: 'a gate on both sides is refused',
      url: `${KUBEVIRT}/pkg/virt-operator/webhooks/kubevirt-update-admitter.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'turned off in the live object',
        yaml: FLEET,
        files: {
          'cluster/kubevirt.yaml': `
apiVersion: kubevirt.io/v1
kind: KubeVirt
metadata: { name: kubevirt, namespace: kubevirt }
spec:
  configuration:
    developerConfiguration:
      disabledFeatureGates: [«HostDevices»]
`,
        },
      },
    ],
    good: [
      {
        name: 'not mentioned: hostdev adds it',
        yaml: FLEET,
        files: {
          'cluster/kubevirt.yaml': `
apiVersion: kubevirt.io/v1
kind: KubeVirt
metadata: { name: kubevirt, namespace: kubevirt }
spec:
  configuration:
    developerConfiguration:
      featureGates: [Snapshot]
`,
        },
      },
    ],
  },
  *check({ fleet, analysis }) {
    for (const { text: gate, place } of disabledGates(liveKubeVirt(fleet))) {
      if (!analysis.featureGates.includes(gate)) continue;
      const wanted = fleet.cluster.kubevirt.featureGates.find(({ name }) => name === gate);
      const users =
        gate === 'HostDevices'
          ? analysis.machines.filter(({ requests }) => requests.some(({ list }) => list === 'hostDevices'))
          : [];
      const asked = users[0]?.requests.find(({ list }) => list === 'hostDevices');
      yield {
        message: fitting(
          `feature gate ${gate} is needed, and turned off in the live KubeVirt object`,
          'a feature gate is needed, and turned off in the live KubeVirt object',
        ),
        primary: { at: place, text: 'turned off here' },
        secondary: [
          ...(wanted === undefined ? [] : [{ at: wanted.place, text: 'the fleet wants it on' }]),
          ...(asked === undefined ? [] : [{ at: requestPlace(asked), text: 'needs the gate' }]),
        ],
        notes:
          users.length === 0
            ? ['virt-operator refuses an object that lists a gate on both sides']
            : [
                `${counted(users.length, 'VM')} with \`hostDevices\` ${users.length === 1 ? 'needs' : 'need'} it: ${listed(users.map(({ machine }) => machine.id))}`,
                'virt-operator refuses an object that lists a gate on both sides',
              ],
        help: [`remove ${gate} from \`disabledFeatureGates\` of the KubeVirt object`],
      };
    }
  },
});
