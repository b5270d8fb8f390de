import { groupBy } from '../../model';
import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting, fittingLabel } from '../words';

export const sharedName = defineRule({
  code: 'RES611',
  slug: 'resource/shared-name',
  severity: 'warning',
  needs: [],
  manifests: [],
  summary: 'two PCI devices of the fleet have one resource name',
  why: `
virt-handler puts the functions of all selectors with one resource name into one resource. A VM that asks for one of the devices gets
whichever function kubelet picks: with a drive and an accelerator under one name, the wrong kind. Models that may stand for each
other are one device with several selectors.`,
  sources: [
    {
      claim: 'devices are aggregated by resource name',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/pci_device.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'a drive and an accelerator',
        yaml: exampleFleet(`
devices:
  nvme: { pci: ["8086:5845"], resourceName: example.com/device }
  qat: { pci: ["8086:6f54"], resourceName: «example.com/device» }
`),
      },
    ],
    good: [
      {
        name: 'models that may stand for each other',
        yaml: exampleFleet(`
devices:
  gpu: { pci: ["10de:25b6", "10de:1eb8"], resourceName: example.com/gpu }
`),
      },
    ],
  },
  *check({ analysis }) {
    const devices = analysis.resources.filter(({ device, name }) => device.kind === 'pci' && name !== undefined);
    // devices of two providers are resource/cross-section-name
    for (const [, sharers] of groupBy(devices, ({ name, server, isExternal }) =>
      JSON.stringify([name, server, isExternal]),
    )) {
      const [first, second] = sharers;
      if (first === undefined || second === undefined) continue;
      const ids = sharers.flatMap(({ device }) => (device.kind === 'pci' ? device.selectors.map(({ id }) => id) : []));
      // one card declared twice is pci/duplicate-selector
      if (new Set(ids).size < ids.length) continue;
      yield {
        message: fitting(
          `devices ${first.device.name} and ${second.device.name} have one resource name: ${first.name ?? ''}`,
          '2 devices of the fleet have one resource name',
        ),
        primary: { at: placeAt(second.device.place, 'resourceName'), text: 'a VM gets whichever kubelet picks' },
        secondary: [
          {
            at: placeAt(first.device.place, 'resourceName'),
            text: fittingLabel(`the name of ${first.device.name}`, 'the name of the other device'),
          },
        ],
        notes: ['virt-handler serves all functions of one resource name as one resource'],
        help: ['give each a name of its own', 'or declare one device with both selectors'],
      };
    }
  },
});
