import type { AnalysedMachine, Analysis } from '../../analysis';
import { behaves, parseKubeVirtVersion } from '../../kubevirt';
import { exampleFleet } from '../example';
import { inSpec, instanceAnnotations, machineFindings, machinesLike } from '../machine-statements';
import { requestPlace } from '../machines';
import { defineRule } from '../rule';
import { isGraceId } from '../selectors';
import { KUBEVIRT } from '../sources';
import { fittingLabel } from '../words';

const GATES = ['GraceIOVirtualization', 'PCINUMAAwareTopology', 'IOMMUFD'];

const fleetWith = (gates: string, device: string): string =>
  exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.9", featureGates: [CPUManager${gates}] } }
devices:
  gh200: { pci: ["10de:2342"], resourceName: example.com/gh200, externalResourceProvider: true }
virtualMachines:
  train-7:
    gpus: [{ name: gpu1, device: ${device} }]
    spec:
      architecture: arm64
      domain:
        machine: { type: virt }
        cpu: { cores: 4, dedicatedCpuPlacement: true }
        memory: { guest: 4Gi }
        devices: {}
`);

export const missingGraceSetting = defineRule({
  code: 'VMI348',
  slug: 'vm/missing-grace-setting',
  severity: 'error',
  needs: [],
  manifests: ['version', 'kubevirt'],
  concerns: ({ analysis }) => machinesLike(analysis, asksForGrace).machines.length > 0,
  summary: 'a VM with the GPU of a Grace superchip lacks what KubeVirt asks of it',
  why: `
From KubeVirt 1.9 on virt-api refuses a VM whose device is the GPU of a Grace superchip, unless the gates \`GraceIOVirtualization\`,
\`PCINUMAAwareTopology\` and \`IOMMUFD\` are on, the VM is for arm64 with machine type \`virt\` and dedicated CPUs, and neither of the annotations about the
root complex and the 64-bit hole is there.`,
  sources: [
    {
      claim: 'what a Grace GPU needs',
      url: `${KUBEVIRT}/pkg/virt-api/webhooks/validating-webhook/admitters/grace_io_virtualization.go`,
    },
  ],
  examples: {
    bad: [{ name: 'a gate is missing', yaml: fleetWith(', GraceIOVirtualization, IOMMUFD', '«gh200»') }],
    good: [
      {
        name: 'everything that it needs',
        yaml: fleetWith(', GraceIOVirtualization, IOMMUFD, PCINUMAAwareTopology', 'gh200'),
      },
    ],
  },
  *check({ fleet, analysis }) {
    const version = parseKubeVirtVersion(fleet.cluster.kubevirt.version);
    if (!version.ok || !behaves(version.value, 'grace-checked')) return;
    yield* machineFindings(machinesLike(analysis, asksForGrace), function* (machine) {
      const asked = machine.requests.find(isForGrace);
      if (asked === undefined) return;
      const missing = missingFor(analysis, machine);
      const [first] = missing;
      if (first === undefined) return;
      yield {
        message: (vm) =>
          `${vm} asks for a Grace GPU and lacks ${missing.length === 1 ? first : `${missing.length} settings`}`,
        at: requestPlace(asked),
        label: fittingLabel(`needs ${missing.join(', ')}`, `needs ${first} and more`),
        notes: [
          'virt-api refuses such a VM',
          ...(missing.length > 1 ? [`it needs ${missing.slice(0, 3).join('; ')}`] : []),
        ],
      };
    });
  },
});

function isForGrace({ resource }: AnalysedMachine['requests'][number]): boolean {
  return resource?.device.kind === 'pci' && resource.device.selectors.some(({ id }) => isGraceId(id));
}

function asksForGrace({ requests }: AnalysedMachine): boolean {
  return requests.some(isForGrace);
}

function missingFor(analysis: Analysis, machine: AnalysedMachine): string[] {
  const type = inSpec(machine, 'domain', 'machine', 'type');
  const { all } = instanceAnnotations(machine);
  return [
    ...GATES.filter((gate) => !analysis.featureGates.includes(gate)).map((gate) => `gate \`${gate}\``),
    ...(inSpec(machine, 'architecture') === 'arm64' ? [] : ['`architecture: arm64`']),
    ...(typeof type === 'string' && !type.startsWith('virt') ? ['machine type `virt`'] : []),
    ...(inSpec(machine, 'domain', 'cpu', 'dedicatedCpuPlacement') === true ? [] : ['`dedicatedCpuPlacement`']),
    ...['kubevirt.io/placePCIDevicesOnRootComplex', 'kubevirt.io/disablePCIHole64']
      .filter((name) => all[name] === 'true')
      .map((name) => `no annotation \`${name}\``),
  ];
}
