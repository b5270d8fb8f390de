import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { LINUX } from '../sources';
import { fitting } from '../words';

/**
 * Arguments that give up isolation, with what each gives up. A parameter without a value is one that is set; what begins like a yes is
 * one.
 */
const UNSAFE: readonly { readonly form: RegExp; readonly note: string }[] = [
  {
    form: /^vfio_iommu_type1\.allow_unsafe_interrupts(?:=(?:1|y|t|on).*)?$/i,
    note: 'without interrupt remapping a guest can forge interrupts of the host',
  },
  {
    form: /^vfio\.enable_unsafe_noiommu_mode(?:=(?:1|y|t|on).*)?$/i,
    note: 'without an IOMMU a guest reads and writes any memory of the host',
  },
  {
    form: /^vfio_pci\.disable_denylist(?:=(?:1|y|t|on).*)?$/i,
    note: 'a guest with a part of that list can harm the host by its errata',
  },
  {
    form: /^pcie_acs_override=/,
    note: 'the patch pretends that functions are isolated; kernels without it ignore the argument',
  },
];

export const unsafeArgument = defineRule({
  code: 'NOD407',
  slug: 'node/unsafe-argument',
  severity: 'error',
  suppressible: false,
  needs: [],
  manifests: [],
  acknowledgeable: true,
  summary: 'a kernel argument gives up the isolation between guests and host',
  why: `
These arguments make passthrough work where the hardware does not isolate: a guest can then forge interrupts, reach the host's memory, or
reach its neighbour's device. \`pcie_acs_override\` comes from a patch that stock kernels do not have, so there it does nothing.
Where the guests are trusted, acknowledge this rule at a passthrough entry of the pool.`,
  sources: [
    { claim: 'unsafe interrupts', url: `${LINUX}/drivers/vfio/vfio_iommu_type1.c` },
    { claim: 'no-IOMMU mode taints the kernel', url: `${LINUX}/drivers/vfio/Kconfig` },
    { claim: 'the denylist is of parts with errata', url: `${LINUX}/drivers/vfio/pci/vfio_pci.c` },
    { claim: 'what the kernel takes for a yes', url: `${LINUX}/lib/kstrtox.c` },
    { claim: '`-` and `_` are one in the names of parameters', url: `${LINUX}/kernel/params.c` },
  ],
  examples: {
    bad: [
      {
        name: 'the same, written otherwise',
        yaml: exampleFleet(`
nodePools:
  gpu: { nodes: [node01], cpuVendor: intel, kernelArguments: [«vfio-iommu-type1.allow_unsafe_interrupts»] }
`),
      },
      {
        name: 'the denylist of vfio-pci lifted',
        yaml: exampleFleet(`
nodePools:
  gpu: { nodes: [node01], cpuVendor: intel, kernelArguments: [«vfio-pci.disable_denylist=1»] }
`),
      },
      {
        name: 'unsafe interrupts',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu:
    nodes: [node01]
    cpuVendor: intel
    kernelArguments: [«vfio_iommu_type1.allow_unsafe_interrupts=1»]
    passthrough: [{ device: t4 }]
`),
      },
    ],
    good: [
      {
        name: 'turned off',
        yaml: exampleFleet(`
nodePools:
  gpu: { nodes: [node01], cpuVendor: intel, kernelArguments: [vfio_iommu_type1.allow_unsafe_interrupts=0] }
`),
      },
      {
        name: 'acknowledged',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu:
    nodes: [node01]
    cpuVendor: intel
    kernelArguments: [vfio_iommu_type1.allow_unsafe_interrupts=1]
    passthrough:
      - device: t4
        acknowledge: { node/unsafe-argument: "test bench, one trusted guest" }
`),
      },
    ],
  },
  *check({ fleet }) {
    for (const { kernelArguments, talosSchematic, passthrough } of fleet.nodePools) {
      for (const { text, place } of [...kernelArguments, ...(talosSchematic?.kernelArguments ?? [])]) {
        const unsafe = UNSAFE.find(({ form }) => form.test(asParameter(text)));
        if (unsafe === undefined) continue;
        yield {
          message: fitting(`\`${text}\` gives up isolation`, 'a kernel argument gives up isolation'),
          primary: { at: place, text: 'guests are not kept apart from the host' },
          notes: [unsafe.note],
          help: ['remove the argument', 'or acknowledge `node/unsafe-argument` where every guest is trusted'],
          acknowledgeableIn: passthrough,
        };
      }
    }
  },
});

/** The argument with the name of its parameter as the kernel compares it. */
function asParameter(text: string): string {
  const [, name = '', rest = ''] = /^([^=]*)([^]*)$/.exec(text) ?? [];
  return `${name.replaceAll('-', '_')}${rest}`;
}
