import type { KubeVirtRelease } from '../../src/kubevirt';
import type { Combination } from './matrix';

type Owner = Combination['owner'];

/** The object that a patch is for as its installer leaves it: KubeVirt's own is what the operator's manifest says. */
export function freshObject(patch: {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: object;
}): string {
  const { apiVersion, kind, metadata } = patch;
  const { name, namespace } = metadata as { readonly name?: string; readonly namespace?: string };
  const spec = kind === 'KubeVirt' ? FRESH_KUBEVIRT : {};
  return JSON.stringify({ apiVersion, kind, metadata: { name, namespace }, spec });
}

const FRESH_KUBEVIRT = {
  certificateRotateStrategy: {},
  configuration: { developerConfiguration: { featureGates: [] } },
  customizeComponents: {},
  imagePullPolicy: 'IfNotPresent',
  workloadUpdateStrategy: {},
};

/** The object of a cluster where others hand out devices, turn gates on and set what hostdev knows nothing of. */
export function foreignObject(owner: Owner, platform: Combination['platform'], release: KubeVirtRelease): string {
  const selector = owner === 'kubevirt' ? 'pciVendorSelector' : 'pciDeviceSelector';
  const usb = owner === 'kubevirt' ? 'usb' : 'usbHostDevices';
  const devices = `permittedHostDevices:
  pciHostDevices:
    - { ${selector}: "10ee:5020", resourceName: xilinx.com/u50 }
    - { ${selector}: "10DE:2236", resourceName: nvidia.com/GA102GL_A10, externalResourceProvider: true }
  mediatedDevices:
    - { mdevNameSelector: "NVIDIA A10-4Q", resourceName: nvidia.com/NVIDIA_A10-4Q }
  ${usb}:
    - { resourceName: kubevirt.io/key, selectors: [{ vendor: "1050", product: "0407" }] }
mediatedDevicesConfiguration:
  mediatedDeviceTypes: [nvidia-591]
  nodeMediatedDeviceTypes:
    - { nodeSelector: { kubernetes.io/hostname: elsewhere }, mediatedDeviceTypes: [nvidia-592] }
`;
  const head = headOf(owner, platform);
  switch (owner) {
    case 'kubevirt': {
      const disabled = ['1.8', '1.9'].includes(release) ? '\n      disabledFeatureGates: [ObjectGraph]' : '';
      return `${head}spec:
  certificateRotateStrategy: {}
  configuration:
${indented(devices, 4)}    developerConfiguration:
      featureGates: [Snapshot, ExpandDisks]
      logVerbosity: { virtHandler: 4 }${disabled}
    migrations: { parallelMigrationsPerCluster: 3 }
  workloadUpdateStrategy: { workloadUpdateMethods: [LiveMigrate] }
  workloads:
    nodePlacement:
      nodeSelector: { kubernetes.io/os: linux }
      tolerations: [{ key: example.com/gpu, operator: Exists }]
`;
    }
    case 'hco.kubevirt.io/v1beta1':
      return `${head}spec:
${indented(devices, 2)}  featureGates: { downwardMetrics: true }
  liveMigrationConfig: { parallelMigrationsPerCluster: 3 }
`;
    case 'hco.kubevirt.io/v1':
      return `${head}spec:
  featureGates: [{ name: downwardMetrics, state: Enabled }]
  virtualization:
${indented(devices, 4)}    liveMigrationConfig: { parallelMigrationsPerCluster: 3 }
`;
  }
}

function headOf(owner: Owner, platform: Combination['platform']): string {
  const more = '  labels: { example.com/team: virtualization }\n';
  if (owner === 'kubevirt') {
    return `apiVersion: kubevirt.io/v1\nkind: KubeVirt\nmetadata:\n  name: kubevirt\n  namespace: kubevirt\n${more}`;
  }
  const namespace = platform === 'openshift' ? 'openshift-cnv' : 'kubevirt-hyperconverged';
  return `apiVersion: ${owner}\nkind: HyperConverged\nmetadata:\n  name: kubevirt-hyperconverged\n  namespace: ${namespace}\n${more}`;
}

function indented(text: string, by: number): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(by));
}
