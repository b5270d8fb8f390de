import { validateObject } from '../../../src/kubevirt';
import { at, compiled, type Compiled } from './compiled';

const fleetOf = (kubevirt: string, current = ''): string => `
apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: small }
spec:
  cluster: { nodePlatform: openshift, ${current}kubevirt: { managedBy: hyperconverged, ${kubevirt} } }
  devices:
    qat: { pci: ["8086:6F54"], resourceName: intel.com/qat }
    t4-1q: { mdev: { name: GRID T4-1Q, typeId: nvidia-222 }, resourceName: nvidia.com/GRID_T4-1Q }
    stick: { usb: { selectors: [{ vendor: "46f4", product: "0001" }] }, resourceName: kubevirt.io/stick }
  nodePools:
    vgpu: { nodes: [node01], cpuVendor: intel, mediatedDevices: [{ device: t4-1q, createdBy: kubevirt }] }
`;

const PERMITTED = `
    permittedHostDevices:
      pciHostDevices:
        - { pciDeviceSelector: "10de:1eb8", resourceName: nvidia.com/t4, externalResourceProvider: true }
        - { pciDeviceSelector: "8086:5845", resourceName: intel.com/old, disabled: true }
        - { pciDeviceSelector: "8086:6F54", resourceName: intel.com/qat, disabled: true }
      usbHostDevices: [{ resourceName: kubevirt.io/key, selectors: [{ vendor: "1050", product: "0407" }] }]
    mediatedDevicesConfiguration:
      nodeMediatedDeviceTypes:
        - { nodeSelector: { other: "yes" }, mediatedDeviceTypes: [nvidia-8] }`;

const live = (version: 'v1' | 'v1beta1', more = ''): Readonly<Record<string, string>> => ({
  'current/hco.yaml': `
apiVersion: hco.kubevirt.io/${version}
kind: HyperConverged
metadata: { name: kubevirt-hyperconverged, namespace: openshift-cnv }
spec:
  ${version === 'v1' ? 'virtualization:' : 'infra: {}'}${version === 'v1' ? PERMITTED : PERMITTED.replace(/^ {2}/gm, '')}
${more}
`,
});

const CURRENT = 'current: current, ';
const PATH = 'kubevirt/hyperconverged.kubevirt-hyperconverged.yaml';
const content = ({ manifest }: Compiled): unknown => manifest('kubevirt').content;

test.each([
  ['v1', '"1.9"'],
  ['v1beta1', '"1.6"'],
] as const)('is written as %s with KubeVirt %s', (version, kubevirt) => {
  const result = compiled(fleetOf(`version: ${kubevirt}`));
  expect(content(result)).toMatchObject({
    apiVersion: `hco.kubevirt.io/${version}`,
    kind: 'HyperConverged',
    metadata: { name: 'kubevirt-hyperconverged', namespace: 'openshift-cnv' },
  });
  expect(result.text(PATH)).toMatchGolden(`manifests/kubevirt/hyperconverged-${version}.yaml`);
});

test.each(['v1', 'v1beta1'] as const)('keeps what the live object has, written as %s', (version) => {
  const fleet = fleetOf(
    `version: "1.9", apiVersion: hco.kubevirt.io/${version}, featureGates: [AlignCPUs, DisableMDEVConfiguration]`,
    CURRENT,
  );
  const gates = version === 'v1' ? '[{ name: ObjectGraph, state: Disabled }]' : '{ objectGraph: false }';
  const result = compiled(fleet, live(version, `  featureGates: ${gates}`));
  expect(result.text(PATH)).toMatchGolden(`manifests/kubevirt/hyperconverged-${version}-kept.yaml`);
});

test('reads one version of the live object and writes the other', () => {
  const fleet = fleetOf('version: "1.9"', CURRENT);
  const fromOld = compiled(fleet, {
    ...live('v1beta1'),
    'current/hco.yaml': (live('v1beta1')['current/hco.yaml'] ?? '').replace(
      'mediatedDeviceTypes: [nvidia-8]',
      'mediatedDevicesTypes: [nvidia-8]',
    ),
  });
  expect(content(fromOld)).toEqual(content(compiled(fleet, live('v1'))));
});

test('does not write gates that HyperConverged has on anyway, or cannot turn on', () => {
  const result = compiled(fleetOf('version: "1.9", featureGates: [CPUManager, Sidecar, IOMMUFD, Whatever]'));
  expect(at(result.manifest('kubevirt'), 'spec', 'featureGates')).toBeUndefined();
});

test('takes a gate under the name that HyperConverged has for it', () => {
  const result = compiled(fleetOf('version: "1.9", featureGates: [downwardMetrics]'));
  expect(at(result.manifest('kubevirt'), 'spec', 'featureGates')).toEqual([
    { name: 'downwardMetrics', state: 'Enabled' },
  ]);
});

test('does not count on what the live object turns off', () => {
  const { analysis } = compiled(fleetOf('version: "1.9"', CURRENT), live('v1'));
  const entries = analysis.permitted.get('pciHostDevices') ?? [];
  expect(entries.filter(({ isDisabled }) => isDisabled).map(({ entry }) => entry['resourceName'])).toEqual([
    'intel.com/old',
  ]);
});

test('maps a release of OpenShift Virtualization to the KubeVirt in it', () => {
  const { analysis } = compiled(fleetOf('version: "4.20.3"'));
  expect(analysis.fleet.cluster.kubevirt.version).toBe('1.6');
});

test.each(['"1.6"', '"1.9"'])('is what its CustomResourceDefinition takes, with KubeVirt %s', (version) => {
  const result = compiled(
    fleetOf(`version: ${version}, featureGates: [DownwardMetrics, DisableMDEVConfiguration]`, CURRENT),
    live('v1'),
  );
  expect(validateObject({ release: '1.9' }, result.manifest('kubevirt').content)).toEqual([]);
});
