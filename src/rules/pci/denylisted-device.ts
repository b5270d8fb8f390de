import { exampleFleet } from '../example';
import { entryPlace } from '../functions';
import { selectorIds } from '../../analysis';
import { defineRule } from '../rule';
import { LINUX } from '../sources';
import { fitting, fittingLabel } from '../words';

/** Ids that vfio-pci refuses, with the name of the part. */
const DENYLIST: ReadonlyMap<string, string> = new Map([
  ['8086:0435', 'QAT DH895XCC'],
  ['8086:0443', 'QAT DH895XCC virtual function'],
  ['8086:19e2', 'QAT C3XXX'],
  ['8086:19e3', 'QAT C3XXX virtual function'],
  ['8086:37c8', 'QAT C62X'],
  ['8086:37c9', 'QAT C62X virtual function'],
]);

export const denylistedDevice = defineRule({
  code: 'PCI117',
  slug: 'pci/denylisted-device',
  severity: 'error',
  needs: [],
  summary: 'vfio-pci refuses a device by its own denylist',
  why: `
vfio-pci does not bind Intel QAT parts of the DH895XCC, C3XXX and C62X families: they have errata by which a guest can harm the host.
Its parameter \`disable_denylist=1\` lifts the list for every device of the node; give it as a kernel argument
(\`vfio-pci.disable_denylist=1\`) where the guests are trusted.`,
  sources: [{ claim: 'the denylist', url: `${LINUX}/drivers/vfio/pci/vfio_pci.c` }],
  examples: {
    bad: [
      {
        name: 'a QAT C62X',
        yaml: exampleFleet(`
devices:
  qat: { pci: ["8086:37c8"], resourceName: intel.com/qat }
nodePools:
  crypto: { nodes: [node01], cpuVendor: intel, passthrough: [{ device: «qat» }] }
`),
      },
    ],
    good: [
      {
        name: 'a later QAT, and an old one where the guests are trusted',
        yaml: exampleFleet(`
devices:
  qat: { pci: ["8086:6f54"], resourceName: intel.com/qat }
  old-qat: { pci: ["8086:37c8"], resourceName: intel.com/qat-c62x }
nodePools:
  crypto: { nodes: [node01], cpuVendor: intel, passthrough: [{ device: qat }] }
  legacy:
    nodes: [node02]
    cpuVendor: intel
    kernelArguments: [vfio-pci.disable_denylist=1]
    passthrough:
      - device: old-qat
        acknowledge: { node/unsafe-argument: "one trusted guest" }
`),
      },
    ],
  },
  *check({ analysis }) {
    for (const unit of analysis.units) {
      const isLifted = unit.effects.kernelArguments.some(({ argument }) =>
        /^vfio[-_]pci\.disable_denylist=(1|y)$/i.test(argument),
      );
      if (isLifted) continue;
      for (const { passthrough, strategy } of unit.strategies) {
        const device = analysis.deviceByName.get(passthrough.device);
        const id = selectorIds(device).find((one) => DENYLIST.has(one));
        if (id === undefined || strategy === 'external') continue;
        const part = DENYLIST.get(id) ?? '';
        yield {
          message: fitting(
            `vfio-pci refuses ${id} (${part}), which device ${passthrough.device} selects`,
            `vfio-pci refuses ${id} (${part})`,
          ),
          primary: { at: entryPlace(passthrough), text: fittingLabel(`${part} is on its denylist`, 'on its denylist') },
          notes: ['vfio-pci keeps a list of parts with errata by which a guest can harm the host'],
          help: ['add `vfio-pci.disable_denylist=1` to `kernelArguments`, and acknowledge `node/unsafe-argument`'],
        };
      }
    }
  },
});
