import { createHash } from 'node:crypto';
import { readYaml } from '../../../../src/yaml';
import { SourceFile } from '../../../../src/source';
import { compiled, type Compiled } from '../compiled';
import { FakeHost } from './fake-host';

const INVENTORY = {
  'inventory/node01.yaml': `apiVersion: hostdev/v1alpha1
kind: NodeInventory
metadata: { name: node01 }
spec:
  productUuid: 4c4c4544-0042-3510-8052-b4c04f4e4332
  functions: [{ address: "0000:65:00.0", class: "0302", id: "10de:1eb8", driver: nouveau, iommuGroup: 27 }]
`,
};

const fleetOn = (platform: string, pool: string): Compiled =>
  compiled(
    `
apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: small }
spec:
  inventory: inventory
  cluster: { nodePlatform: ${platform}, kubevirt: { version: "1.6" } }
  devices:
    t4: { pci: ["10de:1eb8"], resourceName: nvidia.com/t4 }
  nodePools:
    gpu: { nodes: [node01], cpuVendor: intel, ${pool} }
`,
    INVENTORY,
  );

const BY_ADDRESS =
  'hugepages: [{ size: 1Gi, count: 8 }], passthrough: [{ device: t4, addresses: { node01: ["0000:65:00.0"] } }]';
const FOLDER = 'node-prep/gpu/apply-by-hand';

interface Ignition {
  readonly ignition: { readonly version: string };
  readonly kernelArguments?: { readonly shouldExist: readonly string[] };
  readonly storage: {
    readonly files: readonly { readonly path: string; readonly contents: { readonly source: string } }[];
  };
  readonly systemd?: { readonly units: readonly { readonly name: string; readonly contents: string }[] };
}

describe('ignition', () => {
  const config = (pool: string): Ignition =>
    JSON.parse(fleetOn('ignition', pool).text(`${FOLDER}/config.ign`)) as Ignition;

  it('has kernel arguments, files and units in the first version that has all of them', () => {
    const { ignition, kernelArguments, storage, systemd } = config(BY_ADDRESS);
    expect(ignition).toEqual({ version: '3.3.0' });
    expect(kernelArguments).toEqual({ shouldExist: ['intel_iommu=on', 'hugepagesz=1G', 'hugepages=8'] });
    expect(storage.files.map(({ path }) => path)).toEqual([
      '/etc/modules-load.d/vfio-pci.conf',
      '/etc/hostdev/hostdev-vfio-bind',
      '/etc/hostdev/bindings',
    ]);
    expect(systemd?.units.map(({ contents }) => /^ExecStart=.*$/m.exec(contents)?.[0])).toEqual([
      'ExecStart=/bin/sh /etc/hostdev/hostdev-vfio-bind',
      'ExecStart=/bin/sh /etc/hostdev/hostdev-vfio-bind --verify',
    ]);
  });

  it('has neither units nor arguments where nothing asks for them', () => {
    const { kernelArguments, systemd, storage } = config('passthrough: [{ device: t4, binding: external }]');
    expect([kernelArguments?.shouldExist, systemd]).toEqual([['intel_iommu=on'], undefined]);
    expect(storage.files.map(({ path }) => path)).toEqual(['/etc/modules-load.d/vfio-pci.conf']);
  });
});

describe('cloud-init', () => {
  const text = fleetOn('cloud-init', BY_ADDRESS).text(`${FOLDER}/user-data.yaml`);
  const [document] = readYaml(new SourceFile('user-data.yaml', text)).documents;
  const data = document?.value as {
    readonly write_files: readonly { readonly path: string; readonly permissions: string; readonly content: string }[];
    readonly runcmd: unknown;
    readonly power_state: { readonly condition: string };
  };

  it('begins with its mark, writes the installer, runs it, and reboots where it asks for it', () => {
    expect(text.startsWith('#cloud-config\n')).toBe(true);
    expect(data.write_files.map(({ path, permissions }) => [path, permissions])).toEqual([
      ['/var/lib/hostdev/install.sh', '0700'],
    ]);
    expect(data.runcmd).toEqual([['sh', '/var/lib/hostdev/install.sh']]);
    expect(data.power_state.condition).toBe('test -e /run/hostdev/reboot-wanted');
  });

  it('carries the installer that platform linux has', () => {
    expect(data.write_files[0]?.content).toBe(fleetOn('linux', BY_ADDRESS).text(`${FOLDER}/install.sh`));
  });

  it('has an installer that asks for the reboot', () => {
    const host = new FakeHost(data.write_files[0]?.content ?? '', 'ID=debian\nVERSION_ID="12"\n');
    host.run();
    expect(host.read('/run/hostdev/reboot-wanted')).toBe('');
    host.reboot();
    host.run();
    expect(host.read('/run/hostdev/reboot-wanted')).toBeUndefined();
    host.remove();
  });
});

it.each(['ignition', 'cloud-init', 'linux'])('%s: what the kubelet is told is a patch to merge by hand', (platform) => {
  const { text, set } = fleetOn(platform, 'kubelet: { topologyManagerPolicy: restricted }');
  expect(set.files.map(({ path }) => path).filter((path) => path.startsWith('node-prep/'))).toEqual([
    `${FOLDER}/README.txt`,
    `${FOLDER}/kubeletconfiguration.yaml`,
  ]);
  expect(text(`${FOLDER}/kubeletconfiguration.yaml`)).toContain('topologyManagerPolicy: restricted');
});

it.each(['ignition', 'cloud-init', 'linux'])('%s: one more node, or a like card, changes no byte', (platform) => {
  const prepared = (nodes: string): string => {
    const { set } = compiled(`
apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: small }
spec:
  cluster: { nodePlatform: ${platform}, kubevirt: { version: "1.6" } }
  devices: { t4: { pci: ["10de:1eb8"], resourceName: nvidia.com/t4 } }
  nodePools:
    gpu: { nodes: [${nodes}], cpuVendor: intel, passthrough: [{ device: t4, addresses: ["0000:65:00.0"] }] }
`);
    return createHash('sha256')
      .update(
        set.files
          .filter(({ path }) => path.startsWith('node-prep/'))
          .map(({ text }) => text)
          .join('\n'),
      )
      .digest('hex');
  };
  expect(prepared('a, b')).toBe(prepared('a'));
});
