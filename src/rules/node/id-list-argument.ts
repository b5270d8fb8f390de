import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { LINUX } from '../sources';
import { fitting } from '../words';

/** The kernel takes `-` and `_` for the same in names of modules and parameters. */
const ID_LIST = /^vfio[-_]pci\.ids=/;

export const idListArgument = defineRule({
  code: 'NOD420',
  slug: 'node/id-list-argument',
  severity: 'error',
  suppressible: false,
  needs: [],
  summary: 'a kernel argument of the fleet hands functions to vfio-pci by id',
  why: `
\`vfio-pci.ids=\` on the kernel command line claims every function with the id, before the root file system is there: a boot disk with the
id of a drive to hand over is gone, and the node does not boot. It also replaces the list that hostdev writes, because only the last
list counts. What \`passthrough\` declares is bound by hostdev, by id only where that takes nothing else.`,
  sources: [
    { claim: '`ids=` adds dynamic ids, which match every function', url: `${LINUX}/drivers/vfio/pci/vfio_pci.c` },
    { claim: 'a string parameter that is given twice keeps its last value', url: `${LINUX}/kernel/params.c` },
  ],
  examples: {
    bad: [
      {
        name: 'drives by id',
        yaml: exampleFleet(`
nodePools:
  storage: { nodes: [node03], kernelArguments: [«"vfio-pci.ids=8086:5845"»] }
`),
      },
      {
        name: 'the same parameter, spelled otherwise',
        yaml: exampleFleet(`
nodePools:
  storage: { nodes: [node03], kernelArguments: [«"vfio_pci.ids=8086:5845"»] }
`),
      },
    ],
    good: [
      {
        name: 'another parameter of the module',
        yaml: exampleFleet(`
nodePools:
  storage: { nodes: [node03], kernelArguments: [vfio-pci.disable_idle_d3=1] }
`),
      },
    ],
  },
  *check({ fleet }) {
    for (const { name, kernelArguments } of fleet.nodePools) {
      for (const { text, place } of kernelArguments) {
        if (!ID_LIST.test(text)) continue;
        yield {
          message: fitting(
            `a kernel argument of pool ${name} binds functions to vfio-pci by id`,
            'a kernel argument of a pool binds functions to vfio-pci by id',
          ),
          primary: { at: place, text: 'claims every function with these ids' },
          notes: ['the kernel keeps one list of ids, so this one replaces the list that hostdev writes'],
          help: ['remove it, and declare the devices under `passthrough`'],
        };
      }
    }
  },
});
