import { KUBEVIRT_RESOURCE_DOMAIN, KUBEVIRT_RESOURCES } from '../../kubevirt';
import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting } from '../words';

/** Resource names that well-known device plugins serve. */
const FOREIGN: readonly { readonly form: RegExp; readonly owner: string }[] = [
  { form: /^nvidia\.com\/(?:gpu|mig-.+)$/, owner: "NVIDIA's k8s-device-plugin" },
  { form: /^amd\.com\/gpu$/, owner: "AMD's k8s-device-plugin" },
  { form: /^gpu\.intel\.com\//, owner: "Intel's device plugins" },
];

export const takenName = defineRule({
  code: 'RES603',
  slug: 'resource/taken-name',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: 'a resource name belongs to another device plugin',
  why: `
KubeVirt serves \`devices.kubevirt.io/kvm\`, \`tun\`, \`vhost-net\` and others itself: a second plugin under such a name takes KVM away from
the node. \`nvidia.com/gpu\` and its like belong to the plugins for containers: the pod is scheduled, virt-launcher finds no
addresses, and the VM ends with "the number of device plugin GPU/s do not match". Any other name in KubeVirt's own domain works
today and may be taken by a later release; that is an info.`,
  sources: [
    { claim: "KubeVirt's own resources", url: `${KUBEVIRT}/pkg/virt-handler/device-manager/generic_device.go` },
    { claim: 'nvidia.com/gpu reused', url: 'https://github.com/kubevirt/kubevirt/issues/14387' },
  ],
  examples: {
    bad: [
      {
        name: "KubeVirt's own",
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: «devices.kubevirt.io/kvm» }
`),
      },
      {
        name: 'the resource of GPUs for containers',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: «nvidia.com/gpu» }
`),
      },
    ],
    good: [
      {
        name: 'a name of its own',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: nvidia.com/t4 }
`),
      },
    ],
  },
  *check({ analysis }) {
    for (const { device, name } of analysis.resources) {
      if (name === undefined) continue;
      const product = name.startsWith(`${KUBEVIRT_RESOURCE_DOMAIN}/`)
        ? name.slice(KUBEVIRT_RESOURCE_DOMAIN.length + 1)
        : undefined;
      const isTaken = product !== undefined && KUBEVIRT_RESOURCES.includes(product);
      const owner = isTaken ? 'KubeVirt itself' : FOREIGN.find(({ form }) => form.test(name))?.owner;
      const at = placeAt(device.place, 'resourceName');
      if (owner !== undefined) {
        yield {
          message: fitting(
            `resource name \`${name}\` of device ${device.name} belongs to ${owner}`,
            `the resource name of device ${device.name} belongs to ${owner}`,
            `a resource name belongs to ${owner}`,
          ),
          primary: { at, text: 'served by another plugin' },
          notes: [
            isTaken
              ? 'kubelet keeps one plugin for each resource name, so KubeVirt loses what it serves under this one'
              : 'virt-launcher finds no addresses for a device that a plugin for containers has given out',
          ],
          help: ['choose a name of your own'],
        };
      } else if (product !== undefined) {
        yield {
          severity: 'info',
          message: fitting(
            `resource name \`${name}\` of device ${device.name} is in KubeVirt's own domain`,
            "a resource name is in KubeVirt's own domain",
          ),
          primary: { at, text: 'not taken so far' },
          notes: ['KubeVirt serves its own resources under this domain and may take the name in a later release'],
        };
      }
    }
  },
});
