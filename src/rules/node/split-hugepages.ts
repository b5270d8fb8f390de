import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { LINUX } from '../sources';
import { fitting } from '../words';

const fleetWith = (args: string): string =>
  exampleFleet(`
nodePools:
  gpu: { nodes: [node01], cpuVendor: intel, kernelArguments: [${args}] }
`);

export const splitHugepages = defineRule({
  code: 'NOD461',
  slug: 'node/split-hugepages',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: 'a size of hugepages is not followed by their number',
  why: `
\`hugepagesz=\` says of which size the pages of the next \`hugepages=\` are. With anything in between, or with the number in front, the kernel takes the pages from the
default size: 1,024 pages meant to be of 1 GiB become 2 GiB of small ones, and VMs that ask for the others stay Pending.`,
  sources: [
    {
      claim: 'the number follows the size',
      url: `${LINUX}/Documentation/admin-guide/kernel-parameters.txt`,
    },
  ],
  examples: {
    bad: [{ name: 'another argument between the two', yaml: fleetWith('«hugepagesz=1G», iommu=pt, hugepages=64') }],
    good: [{ name: 'size and number', yaml: fleetWith('hugepagesz=1G, hugepages=64') }],
  },
  *check({ fleet }) {
    for (const { kernelArguments } of fleet.nodePools) {
      for (const [i, { text, place }] of kernelArguments.entries()) {
        // with a blank in it, it is node/quoted-argument
        if (!/^hugepagesz=\S+$/.test(text)) continue;
        const next = kernelArguments[i + 1];
        if (next?.text.startsWith('hugepages=') === true) continue;
        yield {
          message: fitting(`\`${text}\` is not followed by \`hugepages=\``, 'a size of hugepages has no number'),
          primary: { at: place, text: 'the number of pages has to be next' },
          secondary: next === undefined ? [] : [{ at: next.place, text: 'comes next' }],
          notes: ['the kernel gives a number without a size to pages of the default size'],
          help: ['write `hugepages=` right behind it'],
        };
      }
    }
  },
});
