import { groupBy } from '../../model';
import { exampleFleet } from '../example';
import { moreMachines, requestPlace } from '../machines';
import { shapeCases } from '../machine-statements';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting } from '../words';

export const deviceInBothLists = defineRule({
  code: 'VMI308',
  slug: 'vm/device-in-both-lists',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: 'a VM asks for one resource under `gpus` and under `hostDevices`',
  why: `
virt-launcher makes a pool of addresses for \`gpus\` and another for \`hostDevices\`, both from the same environment variable. A resource in both
lists has two addresses in that variable, and both pools begin with the first: one function is put into the domain twice,
the other not at all.`,
  sources: [
    { claim: 'both pools read the same variable', url: `${KUBEVIRT}/pkg/virt-launcher/virtwrap/manager.go` },
    {
      claim: 'a pool gives its addresses in order',
      url: `${KUBEVIRT}/pkg/virt-launcher/virtwrap/device/hostdevice/addresspool.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'one T4 as a GPU, one as a host device',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4, externalResourceProvider: true }
virtualMachines:
  train-7:
    gpus: [{ name: gpu1, device: t4 }]
    hostDevices: [{ name: gpu2, device: «t4» }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`),
      },
    ],
    good: [
      {
        name: 'both in one list',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4, externalResourceProvider: true }
virtualMachines:
  train-7:
    gpus: [{ name: gpu1, device: t4 }, { name: gpu2, device: t4 }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`),
      },
    ],
  },
  *check({ analysis }) {
    const both = shapeCases(analysis, (machine) => {
      const gpus = machine.requests.filter(({ list }) => list === 'gpus');
      if (gpus.length === 0 || gpus.length === machine.requests.length) return [];
      const seen = new Set<string>();
      return machine.requests.flatMap((asked) => {
        const { list, deviceName } = asked;
        if (list === 'gpus' || deviceName === undefined || seen.has(deviceName)) return [];
        const gpu = gpus.find((one) => one.deviceName === deviceName);
        seen.add(deviceName);
        return gpu === undefined ? [] : [{ machine, asked, gpu, deviceName }];
      });
    });
    for (const [deviceName, uses] of groupBy(both, (use) => use.deviceName)) {
      const [first] = uses;
      if (first === undefined) continue;
      yield {
        message: fitting(
          `VM ${first.machine.machine.id} asks for \`${deviceName}\` in both lists`,
          `a VM asks for \`${deviceName}\` in both lists`,
          'a VM asks for one resource in both lists',
        ),
        primary: { at: requestPlace(first.asked), text: 'under `hostDevices` too' },
        secondary: [{ at: requestPlace(first.gpu), text: 'under `gpus`' }],
        notes: [
          'virt-launcher gives the first address of the resource to either list',
          ...moreMachines(uses.map(({ machine }) => machine)),
        ],
        help: ['put all of them into one list'],
      };
    }
  },
});
