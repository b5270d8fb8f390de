import { liveKubeVirt, type AnalysedMachine } from '../../analysis';
import { jsonAt } from '../../model';
import { exampleMachine } from '../example';
import {
  hasInstancetype,
  hasUnseenInstancetype,
  inSpec,
  quantityIn,
  specPlace,
  variantFindings,
} from '../machine-statements';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';

const GUEST = ['domain', 'memory', 'guest'] as const;
const REQUEST = ['domain', 'resources', 'requests', 'memory'] as const;

export const overcommittedMemory = defineRule({
  code: 'VMI340',
  slug: 'vm/overcommitted-memory',
  severity: 'warning',
  needs: [],
  manifests: [],
  summary: 'a VM with host devices requests less memory than its guest has',
  why: `
A host device pins the whole memory of the guest. Where the pod requests less than the guest has, by its own request or by
\`memoryOvercommit\`, the limit of locked memory may be too low, and the VM ends at start with "cannot limit locked memory of process" or
"VFIO_MAP_DMA failed: Cannot allocate memory".`,
  sources: [
    { claim: 'VMs that did not start', url: 'https://github.com/kubevirt/kubevirt/issues/8472' },
    { claim: 'the limit of locked memory', url: `${KUBEVIRT}/pkg/hypervisor/kvm/runtime.go` },
  ],
  examples: {
    bad: [
      {
        name: 'a request of half',
        yaml: exampleMachine(`
domain:
  memory: { guest: 8Gi }
  resources: { requests: { memory: «4Gi» } }
  devices: {}
`),
      },
    ],
    good: [
      {
        name: 'the guest says it alone',
        yaml: exampleMachine(`
domain:
  memory: { guest: 8Gi }
  devices: {}
`),
      },
    ],
  },
  *check({ fleet, analysis }) {
    const path = ['spec', 'configuration', 'developerConfiguration', 'memoryOvercommit'];
    const overcommit = jsonAt(liveKubeVirt(fleet)?.content, ...path);
    const isOvercommitted = typeof overcommit === 'number' && overcommit > 100;
    yield* variantFindings(analysis, function* (machine) {
      if (!pinsMemory(machine)) return;
      const requested = inSpec(machine, ...REQUEST);
      // most VMs request nothing, or what the guest has in the same words
      if (requested === undefined ? !isOvercommitted : requested === inSpec(machine, ...GUEST)) return;
      if (hasUnseenInstancetype(machine)) return;
      const guest = quantityIn(machine, ...GUEST);
      const request = quantityIn(machine, ...REQUEST);
      const notes = ['the kernel pins the whole memory of a guest with host devices'];
      if (guest !== undefined && request !== undefined && request < guest) {
        yield {
          message: (vm) => `${vm} has host devices and requests less memory than its guest has`,
          at: specPlace(machine, ...REQUEST),
          label: 'less than the guest has',
          secondary: [{ at: specPlace(machine, ...GUEST), text: 'what the guest has' }],
          notes,
          help: [
            hasInstancetype(machine)
              ? 'name an instancetype without `overcommitPercent`'
              : 'remove the request, or make it as large as `memory.guest`',
          ],
        };
      } else if (isOvercommitted && guest !== undefined && request === undefined) {
        yield {
          message: (vm) => `${vm} has host devices, and \`memoryOvercommit\` is ${overcommit}`,
          at: specPlace(machine, ...GUEST),
          label: `the pod requests ${Math.floor(10000 / overcommit)} per cent of it`,
          notes,
          // a VM with an instancetype may not state a request
          help: hasInstancetype(machine) ? [] : ['state the same amount under `resources.requests.memory`'],
        };
      }
    });
  },
});

/** A USB device is no reason to pin memory. */
function pinsMemory({ requests }: AnalysedMachine): boolean {
  return requests.some(({ resource }) => resource !== undefined && resource.device.kind !== 'usb');
}
