import type { PreparationUnit } from '../../analysis';
import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { boundBy, entryPlace, functionInWords, inventoryLabels, isHostUsed } from '../functions';
import { defineRule } from '../rule';
import { LINUX } from '../sources';
import { fitting } from '../words';

const fleetWith = (place: string, kernelArguments: string): string =>
  exampleFleet(`
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: ${place} }]${kernelArguments} }
`);

const INVENTORY = {
  'inventory/node01.yaml': exampleInventory('node01', [
    `${exampleFunction('0000:65:00.0', '0300', '10de:1eb8', { group: 27, free: true })}, bootVga: true`,
  ]),
};

/** Arguments that keep a framebuffer driver off the console's card. */
const RELEASES: readonly RegExp[] = [
  /^initcall_blacklist=(?:.*,)?sysfb_init(?:,|$)/,
  /^video=(?:.*,)?(?:efifb|simplefb|vesafb):off(?:,|$)/,
];

export const consoleGpu = defineRule({
  code: 'PCI132',
  slug: 'pci/console-gpu',
  severity: 'warning',
  needs: ['inventory'],
  manifests: [],
  summary: 'the GPU that is handed over is the one that shows the console',
  why: `
The firmware set this GPU up as the console, and a framebuffer driver of the kernel may still hold its memory when a VM starts: "BAR 1: can't
reserve", and a black screen in the guest. \`initcall_blacklist=sysfb_init\`, on older kernels \`video=efifb:off\`, keeps that driver away, and with
it the node's own screen.`,
  sources: [{ claim: 'framebuffers of the firmware', url: `${LINUX}/drivers/firmware/sysfb.c` }],
  examples: {
    bad: [{ name: 'a workstation with one card', yaml: fleetWith('«t4»', ''), files: INVENTORY }],
    good: [
      {
        name: 'no framebuffer driver',
        yaml: fleetWith('t4', ', kernelArguments: [initcall_blacklist=sysfb_init]'),
        files: INVENTORY,
      },
    ],
  },
  *check({ analysis }) {
    for (const unit of analysis.units) {
      if (isReleased(unit)) continue;
      for (const { passthrough } of unit.strategies) {
        // a console that the host is known to use is pci/host-device-bound
        const consoles = boundBy(analysis, passthrough, 'either').filter(
          (one) => one.fact.bootVga === true && !isHostUsed(one),
        );
        const [first] = consoles;
        if (first === undefined) continue;
        yield {
          message: fitting(
            `${functionInWords(first)} shows the console and is handed over`,
            'a GPU that shows the console is handed over',
          ),
          primary: { at: entryPlace(passthrough), text: 'hands it over' },
          secondary: inventoryLabels(consoles, () => 'set up as the console', 1),
          notes: [
            'a framebuffer driver may hold its memory when the VM starts',
            ...(consoles.length > 1 ? [`the same holds on ${consoles.length - 1} more of the nodes`] : []),
          ],
          help: ['add `initcall_blacklist=sysfb_init` to `kernelArguments`'],
        };
      }
    }
  },
});

function isReleased({ effects }: PreparationUnit): boolean {
  return effects.kernelArguments.some(({ argument }) => RELEASES.some((form) => form.test(argument)));
}
