import { gzipSync } from 'node:zlib';
import { jsonAt, type JsonValue } from '../../../src/model';
import {
  adoptDump,
  filesConfig,
  hyperConverged,
  leftLines,
  machineConfig,
  node,
  type Adopted,
} from '../../support/adoption';
import { GOOD_DUMP } from '../../support/dump';

const T4 =
  '{ pciDeviceSelector: "10DE:1EB8", resourceName: nvidia.com/TU104GL_Tesla_T4, externalResourceProvider: true }';
const QAT = '{ pciDeviceSelector: "8086:6F54", resourceName: intel.com/qat }';
const IDS = '{ source: "data:,options%20vfio-pci%20ids%3D10de%3A1eb8%2C8086%3A6f54%0A" }';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** What the OpenShift guide makes. */
const GUIDE =
  machineConfig(
    '100-worker-iommu',
    'worker',
    'config: { ignition: { version: 3.2.0 } }\nkernelArguments: [intel_iommu=on]',
  ) +
  machineConfig(
    '100-worker-vfiopci',
    'worker',
    filesConfig({
      '/etc/modprobe.d/vfio.conf': IDS,
      '/etc/modules-load.d/vfio-pci.conf': '{ source: "data:,vfio-pci" }',
    }),
  ) +
  hyperConverged(T4, QAT);

/** Every spec of a kind that is emitted, by name. */
function specs({ manifests }: Pick<Adopted, 'manifests'>, kind: string): Record<string, JsonValue | undefined> {
  return Object.fromEntries(
    manifests
      .filter(({ content }) => content['kind'] === kind)
      .map(({ content }) => [jsonAt(content, 'metadata', 'name') as string, content['spec']]),
  );
}

function shown(adopted: Adopted): string {
  const files = [...adopted.files].map(([path, text]) => `==> ${path}\n${text}`);
  return [
    ...files,
    '==> left',
    ...leftLines(adopted),
    '==> findings',
    ...adopted.findings,
    '==> changes',
    ...adopted.changes,
    '',
  ].join('\n');
}

/** Specs as they are in the dump. */
function originals({ objects }: Adopted, ...names: readonly string[]): Record<string, JsonValue | undefined> {
  return Object.fromEntries(
    names.map((name) => [
      name,
      objects.find((object) => object.kind === 'MachineConfig' && object.name === name)?.content['spec'],
    ]),
  );
}

describe("the OpenShift guide's pair", () => {
  const adopted = adoptDump({ 'dump/all.yaml': GUIDE + node('node01') + node('node02') });

  it('becomes a fleet', () => {
    expect(shown(adopted)).toMatchGolden('adopt/guide.txt');
  });

  it('is written again as it is, value for value', () => {
    expect(specs(adopted, 'MachineConfig')).toEqual(originals(adopted, '100-worker-iommu', '100-worker-vfiopci'));
    expect(adopted.changes).toEqual([]);
    expect(adopted.findings.filter((text) => text.includes(' error '))).toEqual([]);
  });

  it('permits the same devices, as typed', () => {
    const entries = jsonAt(
      specs(adopted, 'HyperConverged')['kubevirt-hyperconverged'],
      'permittedHostDevices',
      'pciHostDevices',
    );
    expect(entries).toHaveLength(2);
    expect(entries).toEqual(
      expect.arrayContaining([
        { pciDeviceSelector: '10DE:1EB8', resourceName: 'nvidia.com/TU104GL_Tesla_T4', externalResourceProvider: true },
        { pciDeviceSelector: '8086:6F54', resourceName: 'intel.com/qat' },
      ]),
    );
  });

  it('asks who is in the pool where no Node shows it, and still changes nothing', () => {
    const blind = adoptDump({ 'dump/all.yaml': GUIDE });
    expect(blind.files.get('fleet.yaml')).toContain('nodes: []');
    expect(blind.changes).toEqual([]);
    expect(specs(blind, 'MachineConfig')).toEqual(originals(blind, '100-worker-iommu', '100-worker-vfiopci'));
  });

  it('binds by id only because that is acknowledged', () => {
    const text = adopted.files.get('fleet.yaml') ?? '';
    expect(text).toContain('pci/unsafe-id-binding');
    expect(text).toContain('To verify');
  });
});

it('takes over a plain KubeVirt cluster', () => {
  const adopted = adoptDump(
    {
      'dump/all.yaml': `apiVersion: kubevirt.io/v1
kind: KubeVirt
metadata: { name: kubevirt, namespace: kubevirt }
spec:
  configuration:
    developerConfiguration: { featureGates: [HostDevices] }
    permittedHostDevices:
      pciHostDevices:
        - { pciVendorSelector: "8086:5845", resourceName: devices.kubevirt.io/nvme }
      usb:
        - { resourceName: kubevirt.io/storage, selectors: [{ vendor: "46f4", product: "0001" }] }
status: { observedKubeVirtVersion: v1.6.2 }
---
${node('node03', 'worker', '{ devices.kubevirt.io/nvme: "1", kubevirt.io/storage: "2" }')}${node('node04')}
apiVersion: kubevirt.io/v1
kind: VirtualMachineInstance
metadata: { name: vmi-nvme, namespace: default, labels: { special: vmi-nvme }, uid: x, resourceVersion: "7" }
spec:
  domain:
    devices: { hostDevices: [{ name: nvme, deviceName: devices.kubevirt.io/nvme }] }
    resources: { requests: { memory: 1024M } }
status: { phase: Running }
---
apiVersion: kubevirt.io/v1
kind: VirtualMachineInstance
metadata: { name: plain, namespace: default }
spec: { domain: { devices: {}, memory: { guest: 1Gi } } }
`,
    },
    {},
  );
  expect(shown(adopted)).toMatchGolden('adopt/plain-kubevirt.txt');
  expect(adopted.changes).toEqual([]);
  expect(adopted.findings).toEqual([]);
});

it('takes over what it can of a whole cluster', () => {
  const adopted = adoptDump(GOOD_DUMP, {});
  expect(shown(adopted)).toMatchGolden('adopt/whole-cluster.txt');
  expect([adopted.changes, adopted.findings]).toEqual([[], []]);
});

describe('pairs written by hand', () => {
  const pool = (name: string): string => `apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfigPool
metadata: { name: ${name} }
spec:
  machineConfigSelector: { matchExpressions: [{ key: machineconfiguration.openshift.io/role, operator: In, values: [${name}, worker] }] }
  nodeSelector: { matchLabels: { node-role.kubernetes.io/${name}: "" } }
  maxUnavailable: 10%
---
`;
  const cases: readonly {
    readonly what: string;
    readonly text: string;
    /** The MachineConfigs that the fleet writes. */
    readonly taken: readonly string[];
    readonly left?: readonly string[];
  }[] = [
    {
      what: 'other file names, base64, no file mode left out',
      text:
        machineConfig('50-iommu', 'worker', 'kernelArguments: [intel_iommu=on, iommu=pt]') +
        machineConfig(
          '50-vfio',
          'worker',
          filesConfig({
            '/etc/modprobe.d/hand.conf': `{ source: "data:text/plain;charset=utf-8;base64,${base64('# cards\noptions vfio_pci ids=8086:6F54,10de:1eb8\n')}" }`,
            '/etc/modules-load.d/hand.conf': `{ source: "data:;base64,${base64('vfio\nvfio_pci\n')}" }`,
          }),
        ),
      taken: ['50-iommu', '50-vfio'],
    },
    {
      what: 'compressed files, and one that is not about devices',
      text:
        machineConfig('100-iommu', 'worker', 'kernelArguments: [intel_iommu=on]') +
        machineConfig(
          '100-vfio',
          'worker',
          filesConfig({
            '/etc/sysctl.d/99-x.conf': '{ source: "data:,vm.swappiness%3D1" }',
            '/etc/modprobe.d/vfio.conf': `{ compression: gzip, source: "data:;base64,${gzipSync('options vfio-pci ids=10de:1eb8,8086:6f54\n').toString('base64')}" }`,
          }),
        ),
      taken: ['100-iommu', '100-vfio'],
    },
    {
      what: 'arguments in an order of their own, hugepages between them',
      text:
        machineConfig(
          '100-iommu',
          'worker',
          'kernelArguments: [hugepagesz=1G, hugepages=4, iommu=pt, intel_iommu=on, pci=realloc, hugepagesz=2M, hugepages=4]',
        ) + machineConfig('100-vfio', 'worker', filesConfig({ '/etc/modprobe.d/vfio.conf': IDS })),
      taken: ['100-iommu', '100-vfio'],
    },
    {
      what: 'arguments beside the files, in one object',
      text: machineConfig(
        '100-vfio',
        'worker',
        `${filesConfig({ '/etc/modprobe.d/vfio.conf': IDS })}kernelArguments: [rd.driver.pre=vfio-pci, intel_iommu=on]\nextensions: [usbguard]\nfips: false`,
      ),
      taken: ['100-vfio'],
    },
    {
      what: 'arguments in both objects, and a unit',
      text:
        machineConfig('100-iommu', 'worker', 'kernelArguments: [intel_iommu=on]') +
        machineConfig(
          '100-vfio',
          'worker',
          `${filesConfig({ '/etc/modprobe.d/vfio.conf': IDS })}  systemd: { units: [{ name: x.service, enabled: true, contents: "[Service]\\nExecStart=/bin/echo \${x}\\n" }] }\nkernelArguments: [rd.driver.pre=vfio-pci]`,
        ),
      taken: ['100-iommu', '100-vfio'],
    },
    {
      what: 'the control plane',
      text:
        machineConfig('100-master-iommu', 'master', 'kernelArguments: [intel_iommu=on]') +
        machineConfig('100-master-vfio', 'master', filesConfig({ '/etc/modprobe.d/vfio.conf': IDS })) +
        node('cp1', 'master'),
      taken: ['100-master-iommu', '100-master-vfio'],
    },
    {
      what: 'a pool of its own',
      text:
        pool('gpu') +
        machineConfig('100-gpu-iommu', 'gpu', 'kernelArguments: [amd_iommu=on, iommu=pt]') +
        machineConfig('100-gpu-vfio', 'gpu', filesConfig({ '/etc/modprobe.d/vfio.conf': IDS })) +
        node('node09', 'gpu'),
      taken: ['100-gpu-iommu', '100-gpu-vfio'],
    },
    {
      what: 'ids beyond those that are permitted',
      text: machineConfig(
        '100-vfio',
        'worker',
        `${filesConfig({ '/etc/modprobe.d/vfio.conf': '{ source: "data:,options%20vfio-pci%20ids=10de:1eb8,10de:10f8,8086:6f54" }' })}kernelArguments: [intel_iommu=on]`,
      ),
      taken: ['100-vfio'],
    },
    {
      what: 'other options in the same file',
      text: machineConfig(
        '100-vfio',
        'worker',
        `${filesConfig({ '/etc/modprobe.d/vfio.conf': '{ source: "data:,options%20vfio-pci%20disable_vga=1%20ids=10de:1eb8,8086:6f54%0Ablacklist%20nouveau%0A" }' })}kernelArguments: [intel_iommu=on]`,
      ),
      taken: ['100-vfio'],
    },
    {
      what: 'ids on the command line, which stay with their owner',
      text: machineConfig(
        '100-vfio',
        'worker',
        'kernelArguments: [intel_iommu=on, "vfio-pci.ids=10de:1eb8,8086:6f54"]',
      ),
      taken: [],
      left: [
        'MachineConfig 100-vfio: it binds by a kernel argument, which hostdev does not write: the devices are taken over as bound by others',
      ],
    },
    {
      what: 'an object of an operator',
      text: machineConfig('50-x', 'worker', filesConfig({ '/etc/modprobe.d/vfio.conf': IDS })).replace(
        'metadata:',
        'metadata:\n  ownerReferences: [{ apiVersion: v1, kind: ClusterPolicy, name: x, uid: y }]',
      ),
      taken: [],
      left: ['MachineConfig 50-x: its owner is a ClusterPolicy'],
    },
    {
      what: 'an entry that is narrowed to a subsystem',
      text: machineConfig(
        '100-vfio',
        'worker',
        filesConfig({
          '/etc/modprobe.d/vfio.conf': '{ source: "data:,options vfio-pci ids=10de:1eb8:10de:12a2,8086:6f54" }',
        }),
      ),
      taken: [],
      left: ['MachineConfig 100-vfio: its list of ids has an entry that is narrowed, malformed, or there twice'],
    },
  ];

  it.each(cases)('$what', ({ text, taken, left }) => {
    const adopted = adoptDump({ 'dump/all.yaml': text + hyperConverged(T4, QAT) + node('node01') });

    expect(adopted.findings.filter((finding) => finding.includes(' error '))).toEqual([]);
    expect(adopted.changes).toEqual([]);
    const written = specs(adopted, 'MachineConfig');
    expect(Object.keys(written).sort()).toEqual([...taken].sort());
    // what the operator prints as empty says nothing
    expect(written).toEqual(JSON.parse(JSON.stringify(originals(adopted, ...taken)).replace(',"fips":false', '')));
    if (left !== undefined) expect(leftLines(adopted)).toEqual(expect.arrayContaining([...left]));
  });

  it('keeps Flux from replacing what an adopted object holds', () => {
    const text = cases.find(({ what }) => what.includes('a unit'))?.text ?? '';
    const { manifests } = adoptDump({ 'dump/all.yaml': text + hyperConverged(T4, QAT) + node('node01') });
    const annotations = manifests
      .filter(({ content }) => JSON.stringify(content).includes('${x}'))
      .map(({ content }) => jsonAt(content, 'metadata', 'annotations', 'kustomize.toolkit.fluxcd.io/substitute'));
    expect(annotations).toEqual(['disabled']);
  });
});
