/* The four documents of KubeVirt's user guide on host devices, as what small fleets compile to. */
import { at, compiled } from './compiled';

const fleetOf = (rest: string): string => `
apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: guide }
spec:
  cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" } }
${rest}`;

const DEVICES = `
  devices:
    t4:
      pci: ["10DE:1EB8"]
      resourceName: nvidia.com/TU104GL_Tesla_T4
      externalResourceProvider: true
      devicePlugin: none
    qat: { pci: ["8086:6F54"], resourceName: intel.com/qat }
    t4-1q: { mdev: { name: GRID T4-1Q }, resourceName: nvidia.com/GRID_T4-1Q }`;

it('permits the devices of the guide, selectors as typed', () => {
  const { manifest } = compiled(fleetOf(DEVICES));
  expect(at(manifest('kubevirt'), 'spec', 'configuration', 'permittedHostDevices')).toEqual({
    pciHostDevices: [
      { pciVendorSelector: '8086:6F54', resourceName: 'intel.com/qat' },
      {
        pciVendorSelector: '10DE:1EB8',
        resourceName: 'nvidia.com/TU104GL_Tesla_T4',
        externalResourceProvider: true,
      },
    ],
    mediatedDevices: [{ mdevNameSelector: 'GRID T4-1Q', resourceName: 'nvidia.com/GRID_T4-1Q' }],
  });
});

it('permits the NVMe drive of the guide', () => {
  const { manifest } = compiled(
    fleetOf('  devices: { nvme: { pci: ["8086:5845"], resourceName: devices.kubevirt.io/nvme } }'),
  );
  expect(at(manifest('kubevirt'), 'spec', 'configuration')).toEqual({
    permittedHostDevices: {
      pciHostDevices: [{ pciVendorSelector: '8086:5845', resourceName: 'devices.kubevirt.io/nvme' }],
    },
  });
});

it('gives a VMI the GPUs and the host device of the guide', () => {
  const { manifest } = compiled(
    fleetOf(`${DEVICES}
  virtualMachines:
    vmi-gpu:
      kind: VirtualMachineInstance
      gpus: [{ name: gpu1, device: t4 }, { name: gpu2, device: t4-1q }]
      hostDevices: [{ name: quickaccess1, device: qat }]
      spec: { domain: { devices: {}, resources: { requests: { memory: 1024M } } } }`),
  );
  expect(manifest('vmi/default/vmi-gpu').content).toEqual({
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    metadata: { name: 'vmi-gpu', namespace: 'default' },
    spec: {
      domain: {
        devices: {
          gpus: [
            { deviceName: 'nvidia.com/TU104GL_Tesla_T4', name: 'gpu1' },
            { deviceName: 'nvidia.com/GRID_T4-1Q', name: 'gpu2' },
          ],
          hostDevices: [{ deviceName: 'intel.com/qat', name: 'quickaccess1' }],
        },
        resources: { requests: { memory: '1024M' } },
      },
    },
  });
});

it('pins the VMI of the guide to the node that has the drive', () => {
  const { manifest } = compiled(
    fleetOf(`
  devices: { nvme: { pci: ["8086:5845"], resourceName: devices.kubevirt.io/nvme } }
  nodePools:
    storage: { nodes: [node03], cpuVendor: intel, passthrough: [{ device: nvme, addresses: ["0000:5e:00.0"] }] }
  virtualMachines:
    vmi-nvme:
      kind: VirtualMachineInstance
      metadata: { labels: { special: vmi-nvme } }
      node: node03
      hostDevices: [{ name: nvme, device: nvme }]
      spec:
        domain:
          devices:
            disks:
              - { disk: { bus: virtio }, name: containerdisk }
              - { disk: { bus: virtio }, name: cloudinitdisk }
          resources: { requests: { memory: 1024M } }
        terminationGracePeriodSeconds: 0
        volumes:
          - containerDisk: { image: "registry:5000/kubevirt/fedora-with-test-tooling-container-disk:devel" }
            name: containerdisk
          - cloudInitNoCloud:
              userData: |-
                #cloud-config
                password: fedora
                chpasswd: { expire: False }
            name: cloudinitdisk`),
  );
  expect(manifest('vmi/default/vmi-nvme').content).toEqual({
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    metadata: { labels: { special: 'vmi-nvme' }, name: 'vmi-nvme', namespace: 'default' },
    spec: {
      nodeSelector: { 'kubernetes.io/hostname': 'node03' },
      domain: {
        devices: {
          disks: [
            { disk: { bus: 'virtio' }, name: 'containerdisk' },
            { disk: { bus: 'virtio' }, name: 'cloudinitdisk' },
          ],
          hostDevices: [{ name: 'nvme', deviceName: 'devices.kubevirt.io/nvme' }],
        },
        resources: { requests: { memory: '1024M' } },
      },
      terminationGracePeriodSeconds: 0,
      volumes: [
        {
          containerDisk: { image: 'registry:5000/kubevirt/fedora-with-test-tooling-container-disk:devel' },
          name: 'containerdisk',
        },
        {
          cloudInitNoCloud: { userData: '#cloud-config\npassword: fedora\nchpasswd: { expire: False }' },
          name: 'cloudinitdisk',
        },
      ],
    },
  });
});
