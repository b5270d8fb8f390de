import type { AnalysedMachine } from '../../analysis';
import { isJsonObject } from '../../model';
import { exampleMachine } from '../example';
import {
  hasUnseenInstancetype,
  inSpec,
  machineFindings,
  machinesLike,
  quantityIn,
  specPlace,
  type MachineStatement,
} from '../machine-statements';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';

const PINNED = { kubevirt: '{ version: "1.6", featureGates: [CPUManager] }' };

export const brokenCpuPinning = defineRule({
  code: 'VMI331',
  slug: 'vm/broken-cpu-pinning',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: 'the CPUs of a VM cannot be dedicated to it the way it asks',
  why: `
Dedicated CPUs are whole CPUs: requests and limits must be whole numbers and equal, memory must be stated, a core has two threads at most
(one on arm64), and \`isolateEmulatorThread\` has a meaning only with \`dedicatedCpuPlacement\`. virt-api refuses anything else.`,
  sources: [
    {
      claim: 'what dedicated CPUs need (validateCpuPinning)',
      url: `${KUBEVIRT}/pkg/virt-api/webhooks/validating-webhook/admitters/vmi-create-admitter.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'half a CPU',
        yaml: exampleMachine(
          `
domain:
  cpu: { dedicatedCpuPlacement: true }
  memory: { guest: 4Gi }
  resources: { requests: { cpu: «3500m» } }
  devices: {}
`,
          PINNED,
        ),
      },
      {
        name: 'an emulator thread of its own without CPUs of its own',
        yaml: exampleMachine(`
domain:
  cpu: { cores: 4, isolateEmulatorThread: «true» }
  memory: { guest: 4Gi }
  devices: {}
`),
      },
    ],
    good: [
      {
        name: 'four whole CPUs',
        yaml: exampleMachine(
          `
domain:
  cpu: { cores: 4, dedicatedCpuPlacement: true, isolateEmulatorThread: true }
  memory: { guest: 4Gi }
  devices: {}
`,
          PINNED,
        ),
      },
    ],
  },
  *check({ analysis }) {
    yield* machineFindings(machinesLike(analysis, speaksOfPinning), function* (machine) {
      const cpu = inSpec(machine, 'domain', 'cpu');
      if (!isJsonObject(cpu) || hasUnseenInstancetype(machine)) return;
      if (cpu['dedicatedCpuPlacement'] === true) yield* wrongShapes(machine);
      else if (cpu['isolateEmulatorThread'] === true) {
        yield {
          message: (vm) => `${vm} isolates its emulator thread without dedicated CPUs`,
          at: specPlace(machine, 'domain', 'cpu', 'isolateEmulatorThread'),
          label: 'needs `dedicatedCpuPlacement: true`',
          notes: ['virt-api refuses such a VM'],
        };
      }
    });
  },
});

function speaksOfPinning(one: AnalysedMachine): boolean {
  return ['dedicatedCpuPlacement', 'isolateEmulatorThread'].some(
    (key) => inSpec(one, 'domain', 'cpu', key) !== undefined,
  );
}

function* wrongShapes(machine: AnalysedMachine): Iterable<MachineStatement> {
  const notes = ['virt-api refuses such a VM'];
  const at = (...path: readonly string[]): MachineStatement['at'] => specPlace(machine, 'domain', ...path);
  const request = quantityIn(machine, 'domain', 'resources', 'requests', 'cpu');
  const limit = quantityIn(machine, 'domain', 'resources', 'limits', 'cpu');
  for (const [list, amount] of [
    ['requests', request],
    ['limits', limit],
  ] as const) {
    if (amount === undefined || Number.isInteger(amount)) continue;
    yield {
      message: (vm) => `${vm} dedicates ${amount} CPUs to itself, not a whole number`,
      at: at('resources', list, 'cpu'),
      label: 'not a whole number of CPUs',
      notes,
    };
    return;
  }
  if (request !== undefined && limit !== undefined && request !== limit) {
    yield {
      message: (vm) => `${vm} dedicates CPUs to itself and requests ${request} of a limit of ${limit}`,
      at: at('resources', 'limits', 'cpu'),
      label: 'not what it requests',
      secondary: [{ at: at('resources', 'requests', 'cpu'), text: 'the request' }],
      notes,
    };
  }
  const most = inSpec(machine, 'architecture') === 'arm64' ? 1 : 2;
  const threads = inSpec(machine, 'domain', 'cpu', 'threads');
  if (typeof threads === 'number' && threads > most) {
    yield {
      message: (vm) => `${vm} has dedicated CPUs with ${threads} threads a core, more than ${most}`,
      at: at('cpu', 'threads'),
      label: `at most ${most}`,
      notes,
    };
  }
  const stated = [
    ['memory', 'guest'],
    ['resources', 'requests', 'memory'],
    ['resources', 'limits', 'memory'],
  ].some((path) => inSpec(machine, 'domain', ...path) !== undefined);
  if (!stated) {
    yield {
      message: (vm) => `${vm} has dedicated CPUs and does not state its memory`,
      at: at('cpu', 'dedicatedCpuPlacement'),
      label: 'needs `memory.guest` or a memory request',
      notes,
    };
  }
}
