import type { AnalysedNode } from '../../analysis';
import { isAtLeast, parseKubeVirtVersion } from '../../kubevirt';
import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { counted, fitting, fittingLabel, nodesInWords } from '../words';

const FLEET = exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.9", featureGates: [«IOMMUFD»] } }
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: t4 }] }
`);

const withKernel = (release: string): Record<string, string> => ({
  'inventory/node01.yaml': exampleInventory('node01', [
    exampleFunction('0000:65:00.0', '0302', '10de:1eb8', { group: 27 }),
  ]).replace('  cpuVendor: intel', `  cpuVendor: intel\n  kernelRelease: ${release}`),
});

export const iommufdOnOldKernel = defineRule({
  code: 'KUB536',
  slug: 'kubevirt/iommufd-on-old-kernel',
  severity: 'error',
  needs: [],
  manifests: ['version'],
  concerns: ({ fleet }) => fleet.cluster.kubevirt.featureGates.some(({ name }) => name === 'IOMMUFD'),
  summary: 'the gate IOMMUFD is on, and a node has a kernel without it',
  why: `
With the gate \`IOMMUFD\` virt-controller asks for \`devices.kubevirt.io/iommufd\` for every VM, with or without host devices. A kernel before 6.2 has no
\`/dev/iommu\`, so such a node has none to give: no VM at all is scheduled there. Kernels of distributions that carry it back are a warning.`,
  sources: [
    { claim: 'every VM asks for it', url: `${KUBEVIRT}/pkg/virt-controller/services/template.go` },
    { claim: 'a node without the file has none', url: `${KUBEVIRT}/pkg/virt-handler/device-manager/iommufd_device.go` },
  ],
  examples: {
    bad: [{ name: 'a kernel of Debian 12', yaml: FLEET, files: withKernel('6.1.0-28-amd64') }],
    good: [{ name: 'a newer one', yaml: FLEET.replace(/[«»]/g, ''), files: withKernel('6.8.0-45-generic') }],
  },
  *check({ fleet, analysis }) {
    const version = parseKubeVirtVersion(fleet.cluster.kubevirt.version);
    const gate = fleet.cluster.kubevirt.featureGates.find(({ name }) => name === 'IOMMUFD');
    if (gate === undefined || !version.ok || !isAtLeast(version.value, '1.9')) return;
    const old = analysis.nodes.filter((node) => isOld(kernelOf(node)));
    const [first] = old;
    if (first === undefined) return;
    // a distribution may have carried it back
    const isCertain = old.some((node) => !/\.el\d/.test(kernelOf(node) ?? ''));
    const place = first.inventory?.place ?? first.live?.place;
    const names = old.map(({ name }) => name);
    yield {
      ...(isCertain ? {} : { severity: 'warning' as const }),
      message: fitting(
        `no VM is scheduled on ${nodesInWords(names)} with feature gate IOMMUFD`,
        `no VM is scheduled on ${counted(names.length, 'node')} with feature gate IOMMUFD`,
      ),
      primary: { at: gate.place, text: 'every VM asks for IOMMUFD' },
      secondary:
        place === undefined
          ? []
          : [{ at: place, text: fittingLabel(`${first.name} has kernel ${kernelOf(first) ?? ''}`, 'an older kernel') }],
      notes: ['kernels before 6.2 have no `/dev/iommu`'],
      help: ['leave the gate out until every node that runs VMs has a newer kernel'],
    };
  },
});

function kernelOf({ inventory, live }: AnalysedNode): string | undefined {
  return inventory?.kernelRelease ?? live?.kernelRelease;
}

function isOld(release: string | undefined): boolean {
  const parts = /^(\d{1,3})\.(\d{1,4})/.exec(release ?? '');
  if (parts === null) return false;
  const [major, minor] = [Number(parts[1]), Number(parts[2])];
  return major < 6 || (major === 6 && minor < 2);
}
