import { parseQuantity } from '../../model';
import { exampleMachine } from '../example';
import {
  hasUnseenInstancetype,
  inSpec,
  machineFindings,
  machinesStating,
  quantityIn,
  specPlace,
} from '../machine-statements';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fittingLabel } from '../words';

export const unevenHugepages = defineRule({
  code: 'VMI333',
  slug: 'vm/uneven-hugepages',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: 'the memory of a VM is not a number of whole hugepages',
  why: `
With \`memory.hugepages\` the guest's memory is made of pages of that size. virt-api refuses a size that is no amount, memory that is smaller than
one page, and memory that is not a multiple of it.`,
  sources: [
    {
      claim: 'what hugepages need (validateHugepagesMemoryRequests)',
      url: `${KUBEVIRT}/pkg/virt-api/webhooks/validating-webhook/admitters/vmi-create-admitter.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'half a page left over',
        yaml: exampleMachine(`
domain:
  memory: { guest: «4608Mi», hugepages: { pageSize: 1Gi } }
  devices: {}
`),
      },
      {
        name: 'a size that is none',
        yaml: exampleMachine(`
domain:
  memory: { guest: 4Gi, hugepages: { pageSize: «1GB» } }
  devices: {}
`),
      },
    ],
    good: [
      {
        name: 'four pages',
        yaml: exampleMachine(`
domain:
  memory: { guest: 4Gi, hugepages: { pageSize: 1Gi } }
  devices: {}
`),
      },
    ],
  },
  *check({ analysis }) {
    yield* machineFindings(machinesStating(analysis, 'domain', 'memory', 'hugepages'), function* (machine) {
      const size = inSpec(machine, 'domain', 'memory', 'hugepages', 'pageSize');
      if ((typeof size !== 'string' && typeof size !== 'number') || hasUnseenInstancetype(machine)) return;
      const page = parseQuantity(size);
      const notes = ['virt-api refuses such a VM'];
      if (!page.ok || page.value <= 0) {
        yield {
          message: (vm) => `the size of the hugepages of ${vm} is not an amount`,
          at: specPlace(machine, 'domain', 'memory', 'hugepages', 'pageSize'),
          label: 'expected an amount such as `2Mi` or `1Gi`',
          notes,
        };
        return;
      }
      const requested = quantityIn(machine, 'domain', 'resources', 'requests', 'memory');
      const memory = requested ?? quantityIn(machine, 'domain', 'memory', 'guest');
      if (memory === undefined || (memory >= page.value && memory % page.value === 0)) return;
      yield {
        message: (vm) => `the memory of ${vm} is not a number of whole hugepages`,
        at: specPlace(
          machine,
          'domain',
          ...(requested === undefined ? ['memory', 'guest'] : ['resources', 'requests', 'memory']),
        ),
        label: fittingLabel(`not a multiple of ${size}`, 'not a multiple of the page size'),
        secondary: [
          { at: specPlace(machine, 'domain', 'memory', 'hugepages', 'pageSize'), text: 'the size of a page' },
        ],
        notes,
      };
    });
  },
});
