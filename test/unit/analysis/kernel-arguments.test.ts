import { analysisOf } from '../../support/fleet-of';

const argumentsOf = (pools: string): string[] =>
  analysisOf(`  cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" } }
  devices:
    t4: { pci: ["10de:1eb8"], resourceName: nvidia.com/T4 }
  nodePools:
${pools}`).units.flatMap(({ effects }) => effects.kernelArguments.map(({ argument }) => argument));

it('writes each size of hugepages right in front of its number, also where numbers are equal', () => {
  expect(
    argumentsOf(
      '    gpu: { nodes: [a], kernelArguments: [quiet], hugepages: [{ size: 1Gi, count: 8 }, { size: 2Mi, count: 8 }] }',
    ),
  ).toEqual(['quiet', 'hugepagesz=1G', 'hugepages=8', 'hugepagesz=2M', 'hugepages=8']);
});

it('keeps a listed number of hugepages that another size has too', () => {
  const list = ['hugepagesz=1G', 'hugepages=4', 'hugepagesz=2M', 'hugepages=4'];
  expect(argumentsOf(`    gpu: { nodes: [a], kernelArguments: [${list.join(', ')}] }`)).toEqual(list);
});

it('lists an argument once for two pools of one machine config pool, hugepages in pairs', () => {
  const list = 'quiet, hugepagesz=1G, hugepages=4';
  expect(
    argumentsOf(`    a: { nodes: [a], machineConfigPool: gpu, kernelArguments: [${list}] }
    b: { nodes: [b], machineConfigPool: gpu, kernelArguments: [${list}] }`),
  ).toEqual(['quiet', 'hugepagesz=1G', 'hugepages=4']);
});

it('leaves to a PerformanceProfile what the node tuning operator writes for it', () => {
  const pool = (profile: string): string =>
    `    gpu: { nodes: [a], cpuVendor: intel, iommu: { pt: true }, kernelArguments: [quiet], passthrough: [{ device: t4 }]${profile} }`;
  expect(argumentsOf(pool(''))).toEqual(['intel_iommu=on', 'iommu=pt', 'quiet']);
  expect(argumentsOf(pool(', performanceProfile: gpu'))).toEqual(['quiet']);
});
