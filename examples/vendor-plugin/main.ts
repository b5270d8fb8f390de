// Another vendor's device plugin, brought as a cdk8s-plus DaemonSet: the fleet decides where it runs.
import { Size } from 'cdk8s';
import { Cpu, DaemonSet, ImagePullPolicy, Volume } from 'cdk8s-plus-28';
import { DevicePlugin, Fleet, FleetApp, NodePool, PciDevice, VirtualMachine } from 'cdk8s-hostdev';

const app = new FleetApp();
const fleet = new Fleet(app, 'vendor-plugin', {
  nodePlatform: 'openshift',
  nodePlatformVersion: '4.20',
  kubevirt: { version: '1.8' },
});

const plugin = new DevicePlugin(fleet, 'acme', {
  daemonSet: (scope) => {
    const daemonSet = new DaemonSet(scope, 'plugin', {
      metadata: { name: 'acme-device-plugin', namespace: 'acme-devices' },
      automountServiceAccountToken: false,
      // kubelet's registration socket belongs to root
      securityContext: { ensureNonRoot: false, user: 0 },
      containers: [
        {
          name: 'plugin',
          image: 'registry.example.com/acme/kubevirt-device-plugin:2.3.1',
          imagePullPolicy: ImagePullPolicy.IF_NOT_PRESENT,
          securityContext: {
            ensureNonRoot: false,
            user: 0,
            readOnlyRootFilesystem: true,
            allowPrivilegeEscalation: false,
          },
          // cdk8s-plus would ask for a whole CPU and 512Mi
          resources: {
            cpu: { request: Cpu.millis(20), limit: Cpu.millis(200) },
            memory: { request: Size.mebibytes(32), limit: Size.mebibytes(64) },
          },
        },
      ],
    });
    const sockets = Volume.fromHostPath(scope, 'sockets', 'sockets', { path: '/var/lib/kubelet/device-plugins' });
    daemonSet.containers[0]?.mount('/var/lib/kubelet/device-plugins', sockets);
    return daemonSet;
  },
});

const accelerator = new PciDevice(fleet, 'accelerator', {
  selectors: ['1ae0:0056'],
  resourceName: 'acme.example.com/accelerator',
  devicePlugin: plugin,
});

const pool = new NodePool(fleet, 'accelerators', {
  nodes: ['worker-a', 'worker-b'],
  cpuVendor: 'amd',
  iommu: { amdArgument: 'omit' },
  taints: [{ key: 'acme.example.com/accelerator', effect: 'NoSchedule' }],
});
pool.passThrough(accelerator, { addresses: ['0000:c1:00.0'] });

const vm = new VirtualMachine(fleet, 'inference-1', {
  namespace: 'inference',
  pool,
  spec: { domain: { cpu: { cores: 8 }, memory: { guest: '32Gi' }, devices: {} } },
});
vm.addHostDevice('accelerator1', accelerator);

app.synth();
