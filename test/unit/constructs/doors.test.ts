import { NodePool, VgpuDevice, VirtualMachine } from '../../../src';
import { throughBothDoors } from './doors';

const KUBEVIRT = { nodePlatform: 'openshift', kubevirt: { version: '1.9' } } as const;

it('takes vGPUs and virtual functions through either door alike', () => {
  const { yaml, program } = throughBothDoors(
    `
cluster: { nodePlatform: openshift, kubevirt: { version: "1.9" } }
devices:
  l40s-4q:
    vgpu: { type: NVIDIA L40S-4Q, parent: "10de:26b9", framework: vendor-vfio }
    resourceName: nvidia.com/L40S-4Q
  t4-1q:
    vgpu: { type: GRID T4-1Q, parent: "10de:1eb8", framework: mdev }
    resourceName: nvidia.com/GRID_T4-1Q
nodePools:
  shares:
    nodes: [node01]
    cpuVendor: intel
    mediatedDevices: [{ device: l40s-4q, count: 12 }, { device: t4-1q, createdBy: kubevirt }]
    sriov: [{ parent: "10de:26b9", numVfs: 32, createdBy: operator }]
virtualMachines:
  desk:
    pool: shares
    gpus: [{ name: gpu1, device: l40s-4q }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`,
    KUBEVIRT,
    (fleet) => {
      const big = new VgpuDevice(fleet, 'l40s-4q', {
        type: 'NVIDIA L40S-4Q',
        parent: '10de:26b9',
        framework: 'vendor-vfio',
        resourceName: 'nvidia.com/L40S-4Q',
      });
      const small = new VgpuDevice(fleet, 't4-1q', {
        type: 'GRID T4-1Q',
        parent: '10de:1eb8',
        framework: 'mdev',
        resourceName: 'nvidia.com/GRID_T4-1Q',
      });
      const pool = new NodePool(fleet, 'shares', { nodes: ['node01'], cpuVendor: 'intel' });
      pool.offerVgpus(big, { count: 12 });
      pool.offerVgpus(small, { createdBy: 'kubevirt' });
      pool.createVirtualFunctions({ parent: '10de:26b9', numVfs: 32, createdBy: 'operator' });
      const desk = new VirtualMachine(fleet, 'desk', {
        pool,
        spec: { domain: { devices: {}, memory: { guest: '4Gi' } } },
      });
      desk.addGpu('gpu1', big);
    },
  );

  expect(program.model).toEqual(yaml.model);
  expect(program.objects).toEqual(yaml.objects);
  expect(yaml.objects.find(({ kind }) => kind === 'KubeVirt')).toMatchObject({
    spec: {
      configuration: {
        permittedHostDevices: {
          pciHostDevices: [{ pciVendorSelector: '10de:26b9', resourceName: 'nvidia.com/L40S-4Q' }],
          mediatedDevices: [{ mdevNameSelector: 'GRID T4-1Q', resourceName: 'nvidia.com/GRID_T4-1Q' }],
        },
        mediatedDevicesConfiguration: {
          nodeMediatedDeviceTypes: [
            { nodeSelector: { 'kubernetes.io/hostname': 'node01' }, mediatedDeviceTypes: ['GRID_T4-1Q'] },
          ],
        },
      },
    },
  });
});
