import { exampleMachine } from '../example';
import { hasUnseenInstancetype, inSpec, machineFindings, machinesStating, specPlace } from '../machine-statements';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';

export const unpinnedNuma = defineRule({
  code: 'VMI330',
  slug: 'vm/unpinned-numa',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: 'a VM asks for the NUMA layout of its node without dedicated CPUs or hugepages',
  why: `
\`numa.guestMappingPassthrough\` gives the guest the NUMA cells of the CPUs and pages that it has. There are such cells only where CPUs are
dedicated and memory is hugepages: virt-api refuses the VM without \`dedicatedCpuPlacement: true\` and without \`memory.hugepages\`.`,
  sources: [
    {
      claim: 'what the mapping needs (validateNUMA)',
      url: `${KUBEVIRT}/pkg/virt-api/webhooks/validating-webhook/admitters/vmi-create-admitter.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'CPUs are dedicated, memory is not hugepages',
        yaml: exampleMachine(
          `
domain:
  cpu: { cores: 4, dedicatedCpuPlacement: true, numa: { guestMappingPassthrough: «{}» } }
  memory: { guest: 4Gi }
  devices: {}
`,
          { kubevirt: '{ version: "1.6", featureGates: [CPUManager] }' },
        ),
      },
    ],
    good: [
      {
        name: 'both',
        yaml: exampleMachine(
          `
domain:
  cpu: { cores: 4, dedicatedCpuPlacement: true, numa: { guestMappingPassthrough: {} } }
  memory: { guest: 4Gi, hugepages: { pageSize: 1Gi } }
  devices: {}
`,
          { kubevirt: '{ version: "1.6", featureGates: [CPUManager] }' },
        ),
      },
    ],
  },
  *check({ analysis }) {
    yield* machineFindings(machinesStating(analysis, 'domain', 'cpu', 'numa'), function* (machine) {
      const mapping = inSpec(machine, 'domain', 'cpu', 'numa', 'guestMappingPassthrough');
      if (mapping === undefined || mapping === null || hasUnseenInstancetype(machine)) return;
      const missing = [
        ...(inSpec(machine, 'domain', 'cpu', 'dedicatedCpuPlacement') === true ? [] : ['`dedicatedCpuPlacement`']),
        ...(inSpec(machine, 'domain', 'memory', 'hugepages') === undefined ? ['`memory.hugepages`'] : []),
      ];
      if (missing.length === 0) return;
      yield {
        message: (vm) => `${vm} maps the NUMA layout of its node without ${missing.join(' and ')}`,
        at: specPlace(machine, 'domain', 'cpu', 'numa', 'guestMappingPassthrough'),
        label: 'needs dedicated CPUs and hugepages',
        notes: ['virt-api refuses such a VM'],
      };
    });
  },
});
