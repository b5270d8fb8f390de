import { driverAttributes } from '../../kubevirt';
import { placeAt } from '../../source';
import { claimedExample } from '../claimed';
import { exampleFleet } from '../example';
import { machinesLike, shapeFindings } from '../machine-statements';
import { defineRule } from '../rule';
import { KUBERNETES } from '../sources';

export const claimWithoutDriver = defineRule({
  code: 'VMI390',
  slug: 'vm/claim-without-driver',
  severity: 'error',
  needs: [],
  concerns: ({ analysis }) =>
    machinesLike(analysis, ({ requests }) => requests.some(({ request }) => request.claim !== undefined)).machines
      .length > 0,
  summary: 'a VM says which devices it claims, and no driver can be told so',
  why: `
\`claim\` is what a driver of dynamic resource allocation is asked for. A device that a plugin serves has none: kubelet chooses any that is free. And of a driver that hostdev
does not know it is not known what it calls the NUMA node and the product; such a condition is written under \`expressions\`.`,
  sources: [
    {
      claim: 'what a driver publishes is its own affair',
      url: `${KUBERNETES}/staging/src/k8s.io/api/resource/v1beta1/types.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'served by a plugin',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4, externalResourceProvider: true }
virtualMachines:
  train-7:
    gpus: [{ name: gpu1, device: t4, claim: «{ numaNode: 1 }» }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`),
      },
      {
        name: 'a driver that hostdev does not know',
        yaml: claimedExample({
          dra: '{ driver: pci.example.com, deviceClassName: pci.example.com }',
          requests: 'gpus: [{ name: gpu1, device: h100, claim: { numaNode: «1» } }]',
        }),
      },
    ],
    good: [
      {
        name: 'in the driver’s own words',
        yaml: claimedExample({
          dra: '{ driver: pci.example.com, deviceClassName: pci.example.com }',
          requests: `gpus: [{ name: gpu1, device: h100, claim: { expressions: ['device.attributes["pci.example.com"].numa == 1'] } }]`,
        }),
      },
    ],
  },
  *check({ analysis }) {
    yield* shapeFindings(analysis, function* ({ requests }) {
      for (const { request, resource } of requests) {
        const { claim } = request;
        if (claim === undefined || resource === undefined) continue;
        const dra = resource.device.kind === 'pci' ? resource.device.dra : undefined;
        if (dra === undefined) {
          yield {
            message: (vm) => `${vm} says which device it claims, and a device plugin serves it`,
            at: claim.place,
            label: 'nothing can be asked of a device plugin',
            help: ['remove `claim`, or name a driver: `allocation: dra`'],
          };
          continue;
        }
        if (driverAttributes(dra.driver) !== undefined) continue;
        for (const field of ['numaNode', 'product'] as const) {
          if (claim[field] === undefined) continue;
          yield {
            message: (vm) => `\`${field}\` of ${vm} cannot be put to driver ${dra.driver.slice(0, 30)}`,
            at: placeAt(claim.place, field),
            label: 'what the driver calls it is not known',
            help: ['write the condition under `expressions`, in the driver’s own attributes'],
          };
        }
      }
    });
  },
});
