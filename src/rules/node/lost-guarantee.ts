import { GUARANTEES_IN_WORDS, isBoundBlindly, lostGuarantees, unitInWords } from '../../analysis';
import { exampleFleet } from '../example';
import { unitPlace } from '../live-cluster';
import { defineRule } from '../rule';
import { fitting } from '../words';

const TALOS =
  'https://github.com/siderolabs/talos/blob/0c3ff5ac64ac887050638c25d74cc73af734e668/internal/app/machined/pkg/controllers/hardware/pci_driver_rebind.go';

export const lostGuarantee = defineRule({
  code: 'NOD481',
  slug: 'node/lost-guarantee',
  severity: 'warning',
  needs: [],
  summary: 'the node platform gives less than node preparation can promise',
  why: `
Where files and a program can be put on a node, a function is bound only after the program there has found the declared device at its address, unused by the
host, before kubelet starts, at every boot. Talos takes settings instead: its controller binds whatever is at the address, and nothing orders it before
kubelet. Ignition and cloud-init act when a node is installed: what is changed later reaches no node that runs. What a platform cannot promise has to be
promised by something else: by the inventory, which is compared when the fleet is compiled, and by what the node advertises afterwards.`,
  sources: [
    { claim: 'Talos writes the address into sysfs and binds what is there', url: TALOS },
    {
      claim: 'Ignition runs at the first boot only',
      url: 'https://github.com/coreos/ignition/blob/v2.19.0/docs/index.md',
    },
  ],
  examples: {
    bad: [
      {
        name: 'cloud-init prepares nodes once',
        yaml: exampleFleet(`
cluster: { nodePlatform: cloud-init, kubevirt: { version: "1.6" } }
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  «gpu»: { nodes: [node01], cpuVendor: intel, passthrough: [{ device: t4, addresses: ["0000:65:00.0"] }] }
`),
      },
    ],
    good: [
      {
        name: 'a program that is run on nodes as they are',
        yaml: exampleFleet(`
cluster: { nodePlatform: linux, kubevirt: { version: "1.6" } }
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], cpuVendor: intel, passthrough: [{ device: t4, addresses: ["0000:65:00.0"] }] }
`),
      },
    ],
  },
  *check({ analysis }) {
    for (const unit of analysis.units) {
      const losses = lostGuarantees(unit);
      const lost = new Set(losses.flatMap((one) => one.lost));
      // what nobody compares at all is pci/unverified-binding
      if (lost.size === 0 || isBoundBlindly(unit)) continue;
      const onlyLater = [...lost].every((guarantee) => guarantee === 'reaches-running-nodes');
      yield {
        // that nodes are installed anew is how such a platform is used; what is less safe is worth a warning
        ...(onlyLater ? { severity: 'info' as const } : {}),
        message: fitting(
          `platform ${unit.platform} does not promise everything for ${unitInWords(unit)}`,
          `platform ${unit.platform} does not promise everything for a pool`,
        ),
        primary: { at: unitPlace(unit), text: `prepared by ${unit.platform}` },
        notes: [...lost].map((guarantee) => {
          const forms = losses.filter((one) => one.lost.includes(guarantee)).map(({ form }) => form);
          return `${onlyLater ? 'it' : forms.join(' and ')} does not ${GUARANTEES_IN_WORDS[guarantee]}`;
        }),
        help: onlyLater
          ? ['install nodes anew after a change']
          : ['keep the inventory up to date, and compare what the nodes advertise with the prediction'],
      };
    }
  },
});
