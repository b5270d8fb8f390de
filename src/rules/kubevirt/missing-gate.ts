import { liveKubeVirt } from '../../analysis';
import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { disabledGates } from '../live-kubevirt';
import { moreMachines, requestPlace } from '../machines';
import { defineRule, type FleetFinding, type RuleInput } from '../rule';
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
  manifests: ['kubevirt'],
  summary: 'a feature gate that VMs need is off',
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
      {
        name: 'not listed, in objects that no fleet wrote',
        reads: 'manifests',
        yaml: `
apiVersion: kubevirt.io/v1
kind: KubeVirt
metadata: { name: kubevirt, namespace: kubevirt }
spec:
  configuration:
    developerConfiguration: { featureGates: [Snapshot] }
    permittedHostDevices:
      pciHostDevices: [{ pciVendorSelector: "8086:6f54", resourceName: intel.com/qat }]
---
apiVersion: kubevirt.io/v1
kind: VirtualMachine
metadata: { name: gateway }
spec:
  runStrategy: Always
  template:
    spec:
      domain:
        memory: { guest: 4Gi }
        devices: { hostDevices: [{ name: qat1, deviceName: «intel.com/qat» }] }
`,
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
  *check(input) {
    const { fleet, analysis } = input;
    if (fleet.origin === 'manifests') {
      yield* notListed(input);
      return;
    }
    // HyperConverged lists as disabled what it did not turn on: kubevirt/unreachable-gate
    if (fleet.cluster.kubevirt.managedBy === 'hyperconverged') return;
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

/** The gate in a KubeVirt object that no fleet adds anything to: off in every release unless it is listed. */
function* notListed({ fleet, analysis }: RuleInput): Iterable<FleetFinding> {
  const kubevirt = liveKubeVirt(fleet);
  if (kubevirt === undefined || fleet.cluster.kubevirt.featureGates.some(({ name }) => name === 'HostDevices')) return;
  const users = analysis.machines.flatMap((machine) => {
    const asked = machine.requests.find(({ list }) => list === 'hostDevices');
    return asked === undefined ? [] : [{ machine, asked }];
  });
  const [first] = users;
  if (first === undefined) return;
  yield {
    message: fitting(
      `feature gate HostDevices is off, and VM ${first.machine.machine.id} has \`hostDevices\``,
      'feature gate HostDevices is off, and a VM has `hostDevices`',
    ),
    primary: { at: requestPlace(first.asked), text: 'needs the gate `HostDevices`' },
    secondary: [
      {
        at: placeAt(kubevirt.place, 'spec', 'configuration', 'developerConfiguration', 'featureGates'),
        text: 'the gate is not listed here',
      },
    ],
    notes: ['virt-api refuses such a VM', ...moreMachines(users.map(({ machine }) => machine))],
    help: ['add `HostDevices` to `featureGates` of the KubeVirt object'],
  };
}
