import { behaves, parseKubeVirtVersion } from '../../kubevirt';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { isGraceId } from '../selectors';
import { KUBEVIRT } from '../sources';
import { fitting } from '../words';

const fleetWith = (selectors: string): string =>
  exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.9" } }
devices:
  gpu: { pci: [${selectors}], resourceName: example.com/gpu, externalResourceProvider: true }
`);

export const mixedGraceIds = defineRule({
  code: 'PCI136',
  slug: 'pci/mixed-grace-ids',
  severity: 'error',
  needs: [],
  manifests: ['version'],
  concerns: ({ fleet }) =>
    fleet.devices.some((device) => device.kind === 'pci' && device.selectors.some(({ id }) => isGraceId(id))),
  summary: 'one resource name stands for Grace GPUs and for others',
  why: `
From KubeVirt 1.9 on, VMs that ask for the GPU of a Grace superchip are checked more strictly. virt-api looks up the resource name and takes the last selector
that has it: with other ids under the same name it depends on the order of the list whether VMs are refused.`,
  sources: [
    {
      claim: 'the last selector of the name counts',
      url: `${KUBEVIRT}/pkg/virt-api/webhooks/validating-webhook/admitters/grace_io_virtualization.go`,
    },
  ],
  examples: {
    bad: [{ name: 'a GH200 and an H100', yaml: fleetWith('"10de:2342", «"10de:2330"»') }],
    good: [{ name: 'two Grace GPUs', yaml: fleetWith('"10de:2342", "10de:2348"') }],
  },
  *check({ fleet }) {
    const version = parseKubeVirtVersion(fleet.cluster.kubevirt.version);
    if (!version.ok || !behaves(version.value, 'grace-checked')) return;
    for (const device of fleet.devices) {
      if (device.kind !== 'pci') continue;
      const grace = device.selectors.find(({ id }) => isGraceId(id));
      const other = device.selectors.find(({ id }) => id !== undefined && !isGraceId(id));
      if (grace === undefined || other === undefined) continue;
      yield {
        message: fitting(
          `device ${device.name} selects Grace GPUs and others`,
          'a device selects Grace GPUs and others',
        ),
        primary: { at: other.place, text: 'no Grace GPU' },
        secondary: [{ at: grace.place, text: 'a Grace GPU' }],
        notes: ['virt-api takes the last selector of the resource name'],
        help: ['give them resource names of their own'],
      };
    }
  },
});
