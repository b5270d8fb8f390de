import { analysisOf } from '../../support/fleet-of';

const SPEC = (pool: string): string => `
  cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }, current: cluster/ }
  nodePools:
    gpu: { nodes: [node01]${pool} }
`;

const POOL = (labels: string): string => `---
apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfigPool
metadata: { name: gpu, labels: ${labels} }
`;

const CONFIG = (name: string, label: string, settings: string): string => `---
apiVersion: machineconfiguration.openshift.io/v1
kind: KubeletConfig
metadata: { name: ${name} }
spec: { machineConfigPoolSelector: { matchLabels: { ${label} } }, kubeletConfig: ${settings} }
`;

const PROFILE = `---
apiVersion: performance.openshift.io/v2
kind: PerformanceProfile
metadata: { name: fast }
spec: { nodeSelector: { node-role.kubernetes.io/gpu: "" }, numa: { topologyPolicy: single-numa-node } }
`;

function policies(pool: string, objects: string): (string | undefined)[] {
  const { nodes } = analysisOf(SPEC(pool), {}, { 'cluster/objects.yaml': objects });
  const { cpuManager, topologyManager } = nodes[0]?.kubelet ?? {};
  return [cpuManager?.value, topologyManager?.value];
}

test.each<[name: string, pool: string, objects: string, cpu: string | undefined, topology: string | undefined]>([
  ['nobody speaks of the pool', '', POOL('{}'), undefined, undefined],
  [
    'a config chooses the pool by its labels',
    '',
    POOL('{ tier: gold }') + CONFIG('a', 'tier: gold', '{ cpuManagerPolicy: static }'),
    'static',
    'none',
  ],
  [
    'a config is for other pools',
    '',
    POOL('{ tier: gold }') + CONFIG('a', 'tier: tin', '{ cpuManagerPolicy: static }'),
    undefined,
    undefined,
  ],
  [
    'two configs differ',
    '',
    POOL('{ tier: gold }') +
      CONFIG('a', 'tier: gold', '{ cpuManagerPolicy: static }') +
      CONFIG('b', 'tier: gold', '{}'),
    undefined,
    'none',
  ],
  ['a profile is for the role', '', PROFILE, 'static', 'single-numa-node'],
  [
    'a profile is named',
    ', performanceProfile: fast',
    PROFILE.replace('kubernetes.io/gpu', 'kubernetes.io/x'),
    'static',
    'single-numa-node',
  ],
  [
    'the fleet writes it, and a config of an earlier writing is live',
    ', kubelet: { topologyManagerPolicy: restricted }',
    POOL('{ tier: gold }') + CONFIG('a', 'tier: gold', '{ cpuManagerPolicy: static }'),
    'none',
    'restricted',
  ],
  ['objects of other shapes', '', POOL('7') + CONFIG('a', 'tier: [1]', '[]'), undefined, undefined],
])('%s', (_name, pool, objects, cpu, topology) => {
  expect(policies(pool, objects)).toEqual([cpu, topology]);
});
