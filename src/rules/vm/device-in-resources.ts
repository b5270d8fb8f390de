import type { AnalysedMachine } from '../../analysis';
import { isJsonObject, jsonAt } from '../../model';
import { keyPlace, placeAt } from '../../source';
import { exampleFleet } from '../example';
import { variantsLike } from '../machine-statements';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting } from '../words';

export const deviceInResources = defineRule({
  code: 'VMI311',
  slug: 'vm/device-in-resources',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: 'a VM lists a device’s resource among its own resources',
  why: `
KubeVirt adds one to the pod's requests and limits for each entry of \`gpus\` and \`hostDevices\`, and then copies what the VM says under
\`domain.resources\` over the result. A device's resource there replaces the count; the pod gets another number of devices than
the VM has entries, and virt-launcher ends with "the number of device plugin HostDevice/s do not match".`,
  sources: [
    {
      claim: 'the VM’s own values are copied last',
      url: `${KUBEVIRT}/pkg/virt-controller/services/renderresources.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'as a container would ask for it',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4, externalResourceProvider: true }
virtualMachines:
  train-7:
    gpus: [{ name: gpu1, device: t4 }]
    spec:
      domain:
        devices: {}
        memory: { guest: 4Gi }
        resources: { limits: { «example.com/t4»: "1" } }
`),
      },
    ],
    good: [
      {
        name: 'the entry is enough',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4, externalResourceProvider: true }
virtualMachines:
  train-7:
    gpus: [{ name: gpu1, device: t4 }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`),
      },
    ],
  },
  *check({ analysis }) {
    const names = new Set(analysis.resources.flatMap(({ name }) => name ?? []));
    const listedIn = ({ machine }: AnalysedMachine, list: (typeof LISTS)[number]): string[] => {
      const resources = jsonAt(machine.spec, 'domain', 'resources', list);
      return isJsonObject(resources) ? Object.keys(resources).filter((name) => names.has(name)) : [];
    };
    const listing = variantsLike(analysis, (one) => LISTS.some((list) => listedIn(one, list).length > 0));
    for (const one of listing.machines) {
      const { machine } = one;
      for (const list of LISTS) {
        for (const name of listedIn(one, list)) {
          yield {
            message: fitting(
              `VM ${machine.id} lists \`${name}\` among its ${list}`,
              `a VM lists \`${name}\` among its ${list}`,
              `a VM lists the resource of a device among its ${list}`,
            ),
            primary: {
              at: keyPlace(placeAt(machine.specPlace, 'domain', 'resources', list, name)),
              text: 'replaces the count of entries',
            },
            notes: ['virt-controller adds the devices of `gpus` and `hostDevices` by itself'],
            help: ['remove the line'],
          };
        }
      }
    }
  },
});

const LISTS = ['requests', 'limits'] as const;
