import type { Resource } from '../../analysis';
import { placeAt } from '../../source';
import { exampleFleet, exampleInventory, exampleFunction } from '../example';
import { entryPlace } from '../functions';
import { defineRule, type FleetFinding, type RuleInput } from '../rule';
import { selectorUses } from '../selectors';
import { KUBEVIRT, NVIDIA_PLUGIN } from '../sources';
import { fitting, fittingLabel, nodesInWords } from '../words';

const NVIDIA_VENDOR = '10de:';

export const doubleProvider = defineRule({
  code: 'PCI103',
  slug: 'pci/double-provider',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: 'two device plugins offer the same PCI functions',
  why: `
An entry with \`externalResourceProvider: true\` is left out when virt-handler collects what its own plugin serves. An entry for the
same id without it stays in force on every node, so KubeVirt's plugin offers the functions that another plugin offers too.
NVIDIA's plugin in turn offers every NVIDIA function that is bound to vfio-pci on its node, whoever it was meant for. kubelet hands
the same function out twice and the second VM does not start.`,
  sources: [
    {
      claim: 'external entries are left out of the map, others stay in force on every node',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/device_controller.go#L256-L267`,
    },
    {
      claim: "NVIDIA's plugin takes every function of vendor 10de that is bound to vfio-pci",
      url: `${NVIDIA_PLUGIN}/pkg/device_plugin/device_plugin.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'the same card once for each plugin',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: nvidia.com/TU104GL_TESLA_T4, externalResourceProvider: true, devicePlugin: nvidia }
  t4-spare: { pci: [«"10de:1eb8"»], resourceName: example.com/t4 }
nodePools:
  gpu:
    nodes: [node01]
    cpuVendor: intel
    passthrough: [{ device: t4 }]
`),
      },
      {
        name: "KubeVirt's plugin and NVIDIA's on one node",
        yaml: exampleFleet(`
inventory: inventory/
devices:
  a2: { pci: ["10de:25b6"], resourceName: example.com/a2 }
  t4: { pci: ["10de:1eb8"], resourceName: nvidia.com/TU104GL_TESLA_T4, externalResourceProvider: true, devicePlugin: nvidia }
nodePools:
  gpu:
    nodes: [node01]
    passthrough: [{ device: «a2» }, { device: t4 }]
`),
        files: {
          'inventory/node01.yaml': exampleInventory('node01', [
            exampleFunction('0000:3b:00.0', '0302', '10de:1eb8', { group: 30 }),
            exampleFunction('0000:5e:00.0', '0302', '10de:25b6', { group: 31 }),
          ]),
        },
      },
    ],
    good: [
      {
        name: 'one plugin for the card, another for a card of another vendor',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: nvidia.com/TU104GL_TESLA_T4, externalResourceProvider: true, devicePlugin: nvidia }
  qat: { pci: ["8086:6f54"], resourceName: intel.com/qat }
nodePools:
  gpu:
    nodes: [node01]
    cpuVendor: intel
    passthrough: [{ device: t4 }, { device: qat }]
`),
      },
    ],
  },
  *check(input) {
    const reported = new Set<Resource>();
    for (const [id, uses] of selectorUses(input.analysis)) {
      const external = uses.find(({ resource }) => resource.isExternal && resource.pools.length > 0);
      if (external === undefined) continue;
      for (const { resource, selector } of uses.filter((use) => !use.resource.isExternal)) {
        reported.add(resource);
        yield {
          message: `functions with id ${id} are offered by 2 plugins`,
          primary: {
            at: selector.place,
            text: fittingLabel(`KubeVirt's own plugin offers them as ${resource.device.name}`, "KubeVirt's own plugin"),
          },
          secondary: [
            {
              at: external.selector.place,
              text: fittingLabel(`another plugin offers them as ${external.resource.device.name}`, 'another plugin'),
            },
          ],
          notes: ['virt-handler leaves out external entries only: the other entry stays in force on every node'],
          help: ['declare the card once', 'or set `externalResourceProvider: true` on both'],
        };
      }
    }
    yield* servedByNvidiaToo(input, reported);
  },
});

function* servedByNvidiaToo({ analysis }: RuleInput, reported: ReadonlySet<Resource>): Iterable<FleetFinding> {
  for (const resource of analysis.resources) {
    if (resource.server !== 'kubevirt' || resource.device.kind !== 'pci' || reported.has(resource)) continue;
    const nodes = analysis.nvidiaPluginNodes.filter((node) =>
      node.advertised.some(
        (one) => one.resource === resource && one.functions.some(({ fact }) => fact.id?.startsWith(NVIDIA_VENDOR)),
      ),
    );
    const [node] = nodes;
    const entry = node?.pools
      .flatMap(({ passthrough }) => passthrough)
      .find(({ device }) => device === resource.device.name);
    const nvidia = node?.advertised.find((one) => one.resource.server === 'nvidia')?.resource.device;
    if (entry === undefined || nvidia === undefined) continue;
    yield {
      message: fitting(
        `device ${resource.device.name} is offered by 2 plugins on ${nodesInWords(nodes.map(({ name }) => name))}`,
        `device ${resource.device.name} is offered by 2 plugins`,
        'a device is offered by 2 plugins',
      ),
      primary: { at: entryPlace(entry), text: "served by KubeVirt's own plugin" },
      secondary: [
        {
          at: placeAt(nvidia.place, 'devicePlugin'),
          text: fittingLabel(`brings NVIDIA's plugin to the node of ${nvidia.name}`, "brings NVIDIA's plugin"),
        },
      ],
      notes: ["NVIDIA's plugin offers every NVIDIA function that is bound to vfio-pci on its node"],
      help: [`set \`devicePlugin: nvidia\` on ${resource.device.name} too, or keep the two on different nodes`],
    };
  }
}
