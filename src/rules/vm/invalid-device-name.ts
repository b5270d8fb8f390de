import { groupBy } from '../../model';
import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { moreMachines } from '../machines';
import { shapeCases } from '../machine-statements';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting } from '../words';

export const invalidDeviceName = defineRule({
  code: 'VMI307',
  slug: 'vm/invalid-device-name',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: 'the name of a VM’s device has a character that libvirt drops with the alias',
  why: `
The name of an entry becomes part of a libvirt alias, in which letters, digits, \`_\` and \`-\` are allowed. With any other character, a dot for
example, libvirt drops the alias, and virt-launcher ends with a nil pointer when it looks for it. Admission does not check
the name.`,
  sources: [
    { claim: 'a dot in the name ends virt-launcher', url: 'https://github.com/kubevirt/kubevirt/issues/16043' },
    { claim: 'names become aliases', url: `${KUBEVIRT}/pkg/virt-launcher/virtwrap/device/hostdevice/hostdev.go` },
  ],
  examples: {
    bad: [
      {
        name: 'a dot',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4, externalResourceProvider: true }
virtualMachines:
  train-7:
    gpus: [{ name: «gpu.1», device: t4 }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`),
      },
    ],
    good: [
      {
        name: 'letters, digits, `_` and `-`',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4, externalResourceProvider: true }
virtualMachines:
  train-7:
    gpus: [{ name: gpu-1_A, device: t4 }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`),
      },
    ],
  },
  *check({ analysis }) {
    const invalid = shapeCases(analysis, (machine) =>
      machine.requests.flatMap(({ request }) => (/^[A-Za-z0-9_-]*$/.test(request.name) ? [] : [{ machine, request }])),
    );
    for (const [name, uses] of groupBy(invalid, ({ request }) => request.name)) {
      const [first] = uses;
      if (first === undefined) continue;
      const at = placeAt(first.request.place, 'name');
      const character = /[^A-Za-z0-9_-]/u.exec(name)?.[0] ?? '';
      yield {
        message: fitting(
          `device name ${name} of VM ${first.machine.machine.id} holds \`${character}\``,
          `a device name of VM ${first.machine.machine.id} holds \`${character}\``,
          `a device name holds \`${character}\``,
        ),
        primary: { at, text: 'letters, digits, `_` and `-` only' },
        notes: [
          'libvirt drops an alias with other characters, and virt-launcher ends when it looks for it',
          ...moreMachines(uses.map(({ machine }) => machine)),
        ],
        fixes: [
          {
            title: 'write `-` instead',
            safe: false,
            edits: [{ at, text: name.replace(/[^A-Za-z0-9_-]/gu, '-') }],
          },
        ],
      };
    }
  },
});
