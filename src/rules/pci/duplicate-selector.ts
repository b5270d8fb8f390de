import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { selectorUses } from '../selectors';
import { KUBEVIRT } from '../sources';
import { fitting, fittingLabel } from '../words';

export const duplicateSelector = defineRule({
  code: 'PCI102',
  slug: 'pci/duplicate-selector',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: 'two devices that KubeVirt serves share one PCI selector',
  why: `
virt-handler builds a map from lower-cased selector to resource name. A second entry for the same selector replaces the first, on
every node of the cluster, so one of the two resource names is never advertised. virt-controller still finds that name in the
list: a VM that asks for it is accepted and its pod stays Pending. Two node pools with the same card can therefore not have two
resource names from KubeVirt's own plugin.`,
  sources: [
    {
      claim: 'selectors are lower-cased and the last entry wins',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/device_controller.go#L256-L267`,
    },
    {
      claim: 'a name passes the check when any entry has it',
      url: `${KUBEVIRT}/pkg/virt-controller/services/renderresources.go#L493-L517`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'the same T4 under two resource names, in two spellings',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: nvidia.com/TU104GL_TESLA_T4 }
  t4-spare: { pci: [«"10DE:1EB8"»], resourceName: nvidia.com/t4 }
`),
      },
    ],
    good: [
      {
        name: 'several selectors for one resource',
        yaml: exampleFleet(`
devices:
  a100: { pci: ["10de:20b5", "10de:20f1"], resourceName: nvidia.com/a100 }
  t4: { pci: ["10de:1eb8"], resourceName: nvidia.com/t4 }
`),
      },
    ],
  },
  *check({ analysis }) {
    for (const [id, uses] of selectorUses(analysis)) {
      const [first, ...others] = uses.filter(({ resource }) => !resource.isExternal);
      if (first === undefined) continue;
      for (const { resource, selector } of others) {
        // two vGPUs of one card are pci/second-vgpu-type
        if (resource.device.kind === 'vgpu' && first.resource.device.kind === 'vgpu') continue;
        const sameName = resource.name !== undefined && resource.name === first.resource.name;
        yield {
          message: fitting(
            `PCI selector ${id} is permitted for ${first.resource.device.name} and again for ${resource.device.name}`,
            `PCI selector ${id} is permitted twice`,
          ),
          ...(sameName ? { severity: 'warning' as const } : {}),
          primary: {
            at: selector.place,
            text: fittingLabel(`permitted again as \`${resource.name ?? resource.device.name}\``, 'permitted again'),
          },
          secondary: [
            {
              at: first.selector.place,
              text: fittingLabel(
                `first permitted as \`${first.resource.name ?? first.resource.device.name}\``,
                'first',
              ),
            },
          ],
          notes: [
            sameName
              ? 'virt-handler serves one resource for both, so a VM cannot choose between them'
              : 'virt-handler lower-cases selectors and keeps the last entry, so only one of the names is advertised',
          ],
          help: [
            sameName ? 'declare one device' : 'declare one device, or let another device plugin serve one of them',
          ],
        };
      }
    }
  },
});
