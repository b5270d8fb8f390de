import type { AnalysedMachine } from '../../analysis';
import { exampleFleet } from '../example';
import { demandsOf } from '../machines';
import { inSpec, machineFindings, specPlace } from '../machine-statements';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';

const fleetWith = (kubelet: string): string =>
  exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6", featureGates: [CPUManager] } }
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], cpuVendor: intel, kubelet: ${kubelet}, passthrough: [{ device: t4 }] }
virtualMachines:
  train-7:
    gpus: [{ name: gpu1, device: t4 }]
    spec:
      domain:
        cpu: { cores: 4, dedicatedCpuPlacement: «true» }
        memory: { guest: 4Gi }
        devices: {}
`);

export const withoutStaticCpus = defineRule({
  code: 'VMI351',
  slug: 'vm/without-static-cpus',
  severity: 'error',
  needs: [],
  absentFrom: ['nodePools'],
  manifests: ['nodes'],
  concerns: ({ analysis }) => analysis.nodes.some(({ kubelet }) => kubelet.cpuManager !== undefined),
  summary: 'a VM has dedicated CPUs, and kubelet pins none on the nodes that it can run on',
  why: `
A VM with \`dedicatedCpuPlacement\` gets the node selector \`kubevirt.io/cpumanager=true\`. virt-handler sets that label where the CPUManager gate is on and
kubelet's \`cpuManagerPolicy\` is \`static\`; kubelet's default is \`none\`. Nothing refuses the VM, it stays Pending. Looked at are the kubelet settings of pools,
live KubeletConfigs and PerformanceProfiles; a pool that none of them speaks of is not known.`,
  sources: [
    { claim: 'the node selector (Render)', url: `${KUBEVIRT}/pkg/virt-controller/services/nodeselectorrenderer.go` },
    { claim: 'who sets the label (isCPUManagerEnabled)', url: `${KUBEVIRT}/pkg/virt-handler/heartbeat/heartbeat.go` },
  ],
  examples: {
    bad: [
      { name: 'kubelet keeps to its default', yaml: fleetWith('{ topologyManagerPolicy: best-effort }') },
      {
        name: 'a live KubeletConfig without the policy',
        yaml: fleetWith('null')
          .replace('kubelet: null', 'machineConfigPool: special')
          .replace('kubevirt: {', 'current: cluster/, kubevirt: {'),
        files: {
          'cluster/kubelet.yaml': `
apiVersion: machineconfiguration.openshift.io/v1
kind: KubeletConfig
metadata: { name: set-max-pods }
spec:
  machineConfigPoolSelector: { matchLabels: { pools.operator.machineconfiguration.openshift.io/special: "" } }
  kubeletConfig: { maxPods: 100 }
`,
        },
      },
    ],
    good: [
      {
        name: 'static, with a reservation',
        yaml: fleetWith('{ cpuManagerPolicy: static, reservedSystemCPUs: "0-1" }').replace(/[«»]/g, ''),
      },
    ],
  },
  *check({ analysis }) {
    yield* machineFindings(analysis, function* (machine) {
      if (inSpec(machine, 'domain', 'cpu', 'dedicatedCpuPlacement') !== true) return;
      const nodes = nodesFor(machine);
      const settings = nodes.map(({ kubelet }) => kubelet.cpuManager);
      const [first] = settings;
      if (first === undefined || settings.some((one) => one === undefined || one.value === 'static')) return;
      yield {
        message: (vm) => `${vm} has dedicated CPUs, and kubelet pins none where it can run`,
        at: specPlace(machine, 'domain', 'cpu', 'dedicatedCpuPlacement'),
        label: 'needs `cpuManagerPolicy: static`',
        secondary: [{ at: first.place, text: `\`cpuManagerPolicy\` is \`${first.value}\`` }],
        notes: ['virt-handler labels nodes without that policy `kubevirt.io/cpumanager=false`'],
        help: ['set `cpuManagerPolicy: static` and reserve CPUs for the system, or let the VM share CPUs'],
      };
    });
  },
});

/** Where a VM can run: none where it asks for no device and names no place, since the fleet does not know all nodes then. */
function nodesFor(machine: AnalysedMachine): AnalysedMachine['fits'] {
  const { node, pool } = machine.machine;
  return demandsOf(machine).length > 0 || node !== undefined || pool !== undefined ? machine.fits : [];
}
