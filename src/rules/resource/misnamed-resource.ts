import type { Analysis, Resource } from '../../analysis';
import { selectorIds } from '../../analysis';
import { nvidiaDeviceName, nvidiaPluginResourceName, nvidiaVgpuResourceName } from '../../kubevirt';
import type { Place } from '../../source';
import { placeAt } from '../../source';
import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { defineRule } from '../rule';
import { NVIDIA_PLUGIN } from '../sources';
import { fitting, fittingLabel } from '../words';

const INVENTORY = {
  'inventory/node01.yaml': exampleInventory('node01', [
    exampleFunction('0000:65:00.0', '0302', '10de:1eb8', {
      group: 27,
      name: 'NVIDIA Corporation TU104GL [Tesla T4]',
    }),
  ]),
};

export const misnamedResource = defineRule({
  code: 'RES606',
  slug: 'resource/misnamed-resource',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: "a resource has another name than the one that NVIDIA's plugin gives it",
  why: `
NVIDIA's plugin cannot be told a name. It takes the device's name from pci.ids, in upper case, with blanks, \`/\` and \`.\` made \`_\` and
everything else dropped: \`nvidia.com/TU104GL_TESLA_T4\`. For a vGPU it takes the type's name with blanks made \`_\`, in its own case.
KubeVirt's user guide prints \`TU104GL_Tesla_T4\`, which no node ever advertises: VMs that ask for it stay Pending.`,
  sources: [
    { claim: 'how names are made', url: `${NVIDIA_PLUGIN}/pkg/device_plugin/device_plugin.go` },
    { claim: 'guessed names never match', url: 'https://github.com/cozystack/cozystack/issues/2768' },
  ],
  examples: {
    bad: [
      {
        name: 'as the user guide prints it',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: «nvidia.com/TU104GL_Tesla_T4», devicePlugin: nvidia }
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: t4 }] }
`),
        files: INVENTORY,
      },
    ],
    good: [
      {
        name: 'as the plugin makes it, or left out',
        yaml: exampleFleet(`
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], devicePlugin: nvidia }
  t4-1q: { mdev: { name: GRID T4-1Q, parent: "10de:1eb8" }, resourceName: nvidia.com/GRID_T4-1Q, devicePlugin: nvidia }
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: t4 }] }
`),
        files: INVENTORY,
      },
    ],
  },
  *check({ analysis }) {
    for (const resource of analysis.resources) {
      if (resource.server !== 'nvidia' || resource.derived || resource.name === undefined) continue;
      const { device, name } = resource;
      const given = givenNames(analysis, resource);
      if (given.length === 0 || given.some((one) => one.name === name)) continue;
      const [first] = given;
      if (first === undefined) continue;
      const at = placeAt(device.place, 'resourceName');
      yield {
        message: fitting(
          `NVIDIA's plugin calls device ${device.name} \`${first.name}\`, not \`${name}\``,
          `NVIDIA's plugin calls device ${device.name} \`${first.name}\``,
          `NVIDIA's plugin has another name for device ${device.name}`,
          "NVIDIA's plugin has another name for a device",
        ),
        primary: { at, text: 'no node advertises this name' },
        secondary: [
          {
            at: first.place,
            text: fittingLabel(`the plugin's name comes from ${first.from}`, "the plugin's name comes from here"),
          },
        ],
        notes: ["NVIDIA's plugin takes its names from pci.ids and from the types of mediated devices"],
        fixes: [{ title: "use the plugin's name", safe: given.length === 1, edits: [{ at, text: first.name }] }],
      };
    }
  },
});

interface GivenName {
  readonly name: string;
  readonly from: string;
  readonly place: Place;
}

function givenNames(analysis: Analysis, { device }: Resource): GivenName[] {
  if (device.kind === 'mdev') {
    const place = device.typeNamePlace;
    return [{ name: nvidiaVgpuResourceName(device.typeName), from: device.typeName, place }];
  }
  const ids = new Set<string>(selectorIds(device));
  const names = new Map<string, GivenName>();
  for (const { functions } of analysis.nodes) {
    for (const { fact } of functions) {
      if (fact.id === undefined || !ids.has(fact.id) || fact.name === undefined) continue;
      const from = nvidiaDeviceName(fact.name);
      if (from === undefined) continue;
      const name = nvidiaPluginResourceName(from);
      if (!names.has(name)) names.set(name, { name, from, place: fact.place });
    }
  }
  return [...names.values()];
}
