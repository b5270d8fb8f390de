import type { AnalysedRequest } from '../../analysis';
import { environmentVariableOf, type DeviceVariable } from '../../kubevirt';
import { groupBy, type Device } from '../../model';
import { exampleFleet } from '../example';
import { moreMachines, requestPlace } from '../machines';
import { shapeCases } from '../machine-statements';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting, fittingLabel } from '../words';

const PREFIX: Readonly<Record<Device['kind'], DeviceVariable>> = {
  pci: 'PCI_RESOURCE',
  mdev: 'MDEV_PCI_RESOURCE',
  vgpu: 'PCI_RESOURCE',
  usb: 'USB_RESOURCE',
};

export const collidingVariables = defineRule({
  code: 'VMI312',
  slug: 'vm/colliding-variables',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: 'two resources of a VM share one environment variable',
  why: `
A device plugin passes addresses to virt-launcher in a variable made from the resource name: upper case, with \`/\` and \`.\` made \`_\`. Names that
differ only in case or in these characters share the variable. In a VM that uses both one list replaces the other, and the
count of devices does not match.`,
  sources: [{ claim: 'how the variable is named', url: `${KUBEVIRT}/pkg/util/util.go` }],
  examples: {
    bad: [
      {
        name: 'a dot and an underscore',
        yaml: exampleFleet(`
devices:
  qat: { pci: ["8086:6f54"], resourceName: example.com/acc.a, externalResourceProvider: true }
  t4: { pci: ["10de:1eb8"], resourceName: example.com/acc_a, externalResourceProvider: true }
virtualMachines:
  train-7:
    hostDevices: [{ name: one, device: qat }, { name: two, device: «t4» }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`),
      },
    ],
    good: [
      {
        name: 'names that differ in letters',
        yaml: exampleFleet(`
devices:
  qat: { pci: ["8086:6f54"], resourceName: example.com/qat, externalResourceProvider: true }
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4, externalResourceProvider: true }
virtualMachines:
  train-7:
    hostDevices: [{ name: one, device: qat }, { name: two, device: t4 }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`),
      },
    ],
  },
  *check({ analysis }) {
    const colliding = shapeCases(analysis, (machine) => {
      if (machine.requests.length < 2) return [];
      const byVariable = groupBy(machine.requests, variableOf);
      return [...byVariable].flatMap(([variable, requests]) => {
        const [first] = requests;
        const other = requests.find(({ deviceName }) => deviceName !== first?.deviceName);
        if (variable === undefined || first === undefined || other === undefined) return [];
        return [{ machine, variable, first, other }];
      });
    });
    for (const [variable, uses] of groupBy(colliding, (use) => use.variable)) {
      const [use] = uses;
      if (use === undefined) continue;
      const { machine, first, other } = use;
      yield {
        message: fitting(
          `\`${first.deviceName ?? ''}\` and \`${other.deviceName ?? ''}\` of VM ${machine.machine.id} share a variable`,
          `2 resources of VM ${machine.machine.id} share a variable`,
          '2 resources of a VM share a variable',
        ),
        primary: { at: requestPlace(other), text: fittingLabel(`variable ${variable}`, 'the same variable') },
        secondary: [{ at: requestPlace(first), text: fittingLabel(`variable ${variable}`, 'the same variable') }],
        notes: [
          'device plugins make the name upper case and `.` and `/` underscores',
          ...moreMachines(uses.map((one) => one.machine)),
        ],
        help: ['rename one of the resources'],
      };
    }
  },
});

function variableOf({ resource, deviceName }: AnalysedRequest): string | undefined {
  if (resource === undefined || deviceName === undefined) return undefined;
  return environmentVariableOf(PREFIX[resource.device.kind], deviceName);
}
