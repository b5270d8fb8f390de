import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { boundBy, entryPlace, functionInWords, inventoryLabels } from '../functions';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { counted, fitting } from '../words';

const FLEET = exampleFleet(`
inventory: inventory/
devices:
  gh200: { pci: ["10de:2342"], resourceName: example.com/gh200 }
nodePools:
  gpu:
    nodes: [node01]
    passthrough: [{ device: «gh200», binding: external }]
`);

const onDriver = (driver: string): Record<string, string> => ({
  'inventory/node01.yaml': exampleInventory('node01', [
    exampleFunction('0009:01:00.0', '0302', '10de:2342', { group: 27, driver }),
  ]),
});

export const variantDriver = defineRule({
  code: 'PCI130',
  slug: 'pci/variant-driver',
  severity: 'error',
  needs: ['inventory'],
  manifests: [],
  summary: "a function is on a variant of vfio-pci that KubeVirt's own plugin does not take",
  why: `
Some devices have a vfio driver of their vendor's: \`nvgrace_gpu_vfio_pci\`, \`mlx5_vfio_pci\` and others. KubeVirt's plugin advertises a function only on
the driver \`vfio-pci\`, by name; anything else is passed over with a line in the log that nobody sees. NVIDIA's plugin takes
\`nvgrace_gpu_vfio_pci\` too. What hostdev binds goes to vfio-pci; this is about what somebody else has bound.`,
  sources: [
    {
      claim: 'which drivers are taken',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/pci_device.go`,
    },
  ],
  examples: {
    bad: [{ name: "a Grace GPU on NVIDIA's driver", yaml: FLEET, files: onDriver('nvgrace_gpu_vfio_pci') }],
    good: [{ name: 'on vfio-pci', yaml: FLEET.replace(/[«»]/g, ''), files: onDriver('vfio-pci') }],
  },
  *check({ fleet, analysis }) {
    for (const passthrough of fleet.nodePools.flatMap((pool) => pool.passthrough)) {
      if (analysis.resourceByDevice.get(passthrough.device)?.server !== 'kubevirt') continue;
      const found = boundBy(analysis, passthrough, 'device').filter(
        ({ fact, bindings }) =>
          typeof fact.driver === 'string' &&
          /vfio[-_]pci$/.test(fact.driver) &&
          fact.driver !== 'vfio-pci' &&
          bindings.every(({ strategy }) => strategy === 'external'),
      );
      const [first] = found;
      if (first === undefined) continue;
      yield {
        message: fitting(
          `KubeVirt's plugin passes over ${functionInWords(first)}, which is on ${first.fact.driver ?? ''}`,
          `KubeVirt's plugin passes over ${functionInWords(first)}`,
          "KubeVirt's plugin passes over a function on a variant of vfio-pci",
        ),
        primary: { at: entryPlace(passthrough), text: "served by KubeVirt's own plugin" },
        secondary: inventoryLabels(found, ({ fact }) => `on ${fact.driver ?? ''}`, 1),
        notes: [
          'virt-handler advertises functions on the driver `vfio-pci` only',
          ...(found.length > 1 ? [`the same holds for ${counted(found.length - 1, 'more function')}`] : []),
        ],
        help: ["set `externalResourceProvider: true` and let the vendor's plugin serve it, or let hostdev bind it"],
      };
    }
  },
});
