import { spawnSync } from 'node:child_process';
import { compiled } from '../compiled';
import { SHELLS } from './fake-node';
import { FakeHost } from './fake-host';

const DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n';
const ROCKY = 'NAME="Rocky Linux"\nID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.4"\n';

const fleet = (pool: string): string => `
apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: small }
spec:
  inventory: inventory
  cluster: { nodePlatform: linux, kubevirt: { version: "1.6" } }
  devices:
    t4: { pci: ["10de:1eb8"], resourceName: nvidia.com/t4 }
  nodePools:
    gpu: { nodes: [node01], cpuVendor: intel, ${pool} }
`;
const INVENTORY = {
  'inventory/node01.yaml': `apiVersion: hostdev/v1alpha1
kind: NodeInventory
metadata: { name: node01 }
spec:
  productUuid: 4c4c4544-0042-3510-8052-b4c04f4e4332
  functions: [{ address: "0000:65:00.0", class: "0302", id: "10de:1eb8", serial: "S 1", driver: nouveau, iommuGroup: 27 }]
`,
};

const textOf = (pool: string): string =>
  compiled(fleet(pool), INVENTORY).text('node-prep/gpu/apply-by-hand/install.sh');

const BY_ID = textOf('passthrough: [{ device: t4 }]');
const BY_ADDRESS = textOf('passthrough: [{ device: t4, addresses: { node01: ["0000:65:00.0"] } }]');

let host: FakeHost | undefined;
afterEach(() => {
  host?.remove();
  host = undefined;
});

function hostOf(program: string, release = DEBIAN, cmdline?: string): FakeHost {
  return (host = new FakeHost(program, release, cmdline));
}

it('is what people read at night', () => {
  expect(
    BY_ADDRESS.slice(0, BY_ADDRESS.indexOf('# ---- end of data')).replace(
      /#!\/bin\/sh\n# hostdev-vfio-bind:[^]*?\nHOSTDEV-END\n/,
      '…\n',
    ),
  ).toMatchGolden('manifests/linux/install.sh');
  expect(
    compiled(fleet('passthrough: [{ device: t4 }]'), INVENTORY).text('node-prep/gpu/apply-by-hand/README.txt'),
  ).toMatchGolden('manifests/linux/README.txt');
});

const hasShellcheck = spawnSync('shellcheck', ['--version']).status === 0;
(hasShellcheck ? it : it.skip)('has nothing that shellcheck finds', () => {
  for (const program of [BY_ID, BY_ADDRESS]) {
    expect(spawnSync('shellcheck', ['-'], { input: program, encoding: 'utf8' }).stdout).toBe('');
  }
});

describe.each(SHELLS.map((shell) => [shell.join(' '), shell] as const))('under %s', (_name, shell) => {
  it('installs, is as listed after the reboot, changes nothing again, and is undone', () => {
    const node = hostOf(BY_ADDRESS);
    expect(node.run(['--check'], shell).status).toBe(1);
    expect(node.read('/var/lib/hostdev/node-prep.state')).toBeUndefined();

    const installed = node.run([], shell);
    expect(installed).toMatchObject({ status: 0, output: expect.stringContaining('reboot the node') as string });
    expect(node.read('/etc/default/grub.d/99-hostdev.cfg')).toContain(
      'GRUB_CMDLINE_LINUX_DEFAULT="$GRUB_CMDLINE_LINUX_DEFAULT intel_iommu=on"',
    );
    expect(node.read('/boot/grub/grub.cfg')).toContain('ro quiet intel_iommu=on');
    expect(node.read('/etc/hostdev/bindings')).toContain('0000:65:00.0 10de:1eb8 - 0302 S_1 - t4');
    expect(node.run(['--check'], shell)).toMatchObject({
      status: 1,
      output: expect.stringContaining('started without these arguments') as string,
    });

    node.reboot();
    expect(node.run(['--check'], shell)).toEqual({ status: 0, output: 'hostdev-node-prep: as listed\n' });
    expect(node.run([], shell).output).toBe('hostdev-node-prep: done: everything was there already\n');
    expect(node.initramfsRuns).toBe(0);

    node.write('/var/lib/hostdev/handed-over', '0000:5e:00.0 eui.1\n');
    expect(node.run(['--undo'], shell).status).toBe(0);
    expect(node.read('/etc/hostdev/bindings')).toBeUndefined();
    expect(node.read('/var/lib/hostdev/handed-over')).toBeUndefined();
    expect(node.read('/boot/grub/grub.cfg')).not.toContain('intel_iommu');
    expect(node.read('/var/lib/hostdev/node-prep.state')).toBeUndefined();
    expect(node.run(['--undo'], shell).output).toBe('hostdev-node-prep: nothing was installed\n');
  });
});

it('goes through grubby on the RHEL family, and takes back only what it added', () => {
  const node = hostOf(BY_ID, ROCKY);
  node.write('/boot/grubby.args', 'ro quiet\n');
  expect(node.run().status).toBe(0);
  expect(node.read('/boot/grubby.args')).toBe('ro quiet intel_iommu=on\n');
  expect(node.initramfsRuns).toBe(1);
  expect(node.read('/etc/dracut.conf.d/90-hostdev.conf')).toContain('force_drivers+=" vfio');
  expect(node.read('/etc/initramfs-tools/hooks/hostdev')).toBeUndefined();
  expect(node.run(['--undo']).status).toBe(0);
  expect(node.read('/boot/grubby.args')).toBe('ro quiet\n');
  node.remove();

  const other = hostOf(BY_ID, ROCKY);
  other.write('/boot/grubby.args', 'ro intel_iommu=on quiet\n');
  other.run();
  other.run(['--undo']);
  expect(other.read('/boot/grubby.args')).toBe('ro intel_iommu=on quiet\n');
});

it('gives the ids on the command line where vfio-pci is built in, and makes the initramfs anew', () => {
  const node = hostOf(BY_ID, 'ID=ubuntu\nVERSION_ID="22.04"\n');
  node.write('/lib/modules/6.1.0/modules.builtin', 'kernel/drivers/vfio/pci/vfio-pci.ko\n');
  expect(node.run().status).toBe(0);
  expect(node.read('/boot/grub/grub.cfg')).toContain('intel_iommu=on vfio-pci.ids=10de:1eb8');
  expect(node.initramfsRuns).toBe(1);
  node.reboot();
  expect(node.run(['--check']).status).toBe(0);
});

it('takes away what the pool no longer has', () => {
  const node = hostOf(BY_ID);
  node.run();
  node.replaceProgram(BY_ADDRESS);
  expect(node.run().status).toBe(0);
  expect(node.read('/etc/modprobe.d/vfio.conf')).toBeUndefined();
  expect(node.read('/etc/initramfs-tools/hooks/hostdev')).toBeUndefined();
  expect(node.initramfsRuns).toBe(2);
  node.reboot();
  expect(node.run(['--check']).status).toBe(0);
});

describe('refuses, and changes nothing', () => {
  const cases: readonly (readonly [string, string, (node: FakeHost) => void])[] = [
    [
      'a distribution that it does not know',
      'is not one that this program knows',
      (node) => {
        node.write('/etc/os-release', 'ID=arch\n');
      },
    ],
    [
      'a release that is too old',
      'is older than 11',
      (node) => {
        node.write('/etc/os-release', 'ID=debian\nVERSION_ID="10"\n');
      },
    ],
    [
      'an ostree system',
      'is an ostree system',
      (node) => {
        node.write('/run/ostree-booted', '');
      },
    ],
    [
      'systemd-boot',
      'systemd-boot',
      (node) => {
        node.write('/sys/firmware/efi/efivars/LoaderInfo-4a67b082', 's\0y\0s\0t\0e\0m\0d\0-\0b\0o\0o\0t\0 255');
      },
    ],
    [
      'a kernel without vfio-pci',
      'no kernel of this node has vfio-pci',
      (node) => {
        node.write('/lib/modules/6.1.0/modules.dep', '');
      },
    ],
    [
      "somebody else's file",
      '/etc/modprobe.d/vfio.conf is there and is not',
      (node) => {
        node.write('/etc/modprobe.d/vfio.conf', 'options vfio-pci ids=1234:5678\n');
      },
    ],
    [
      'another list of ids',
      '/etc/modprobe.d/passthrough.conf gives vfio-pci a list of ids too',
      (node) => {
        node.write('/etc/modprobe.d/passthrough.conf', 'options vfio_pci ids=1234:5678\n');
      },
    ],
    [
      'an IOMMU that is turned off',
      'intel_iommu=off is on the kernel command line',
      (node) => {
        node.write('/proc/cmdline', 'ro intel_iommu=off');
      },
    ],
    [
      "another pool's node",
      'is prepared as pool other',
      (node) => {
        node.write('/var/lib/hostdev/node-prep.state', 'pool other\n');
      },
    ],
  ];
  it.each(cases)('%s', (_name, reason, change) => {
    const node = hostOf(BY_ID);
    change(node);
    const { status, output } = node.run();
    expect(output).toContain(reason);
    expect(output).toContain('nothing was changed');
    expect(status).toBe(1);
    expect(node.read('/etc/modules-load.d/vfio-pci.conf')).toBeUndefined();
    expect(node.read('/boot/grub/grub.cfg')).toBe('');
  });
});

it('leaves a file that was changed since, and says so', () => {
  const node = hostOf(BY_ADDRESS);
  node.run();
  node.write('/etc/hostdev/bindings', '# by hand\n');
  expect(node.run().output).toContain('/etc/hostdev/bindings is there and is not');
  expect(node.run(['--undo']).output).toContain('left /etc/hostdev/bindings');
  expect(node.read('/etc/hostdev/bindings')).toBe('# by hand\n');
});

it.each(['update-grub', 'systemctl', 'update-initramfs'])(
  'is completed, or taken back, when %s fails half way',
  (tool) => {
    // only a binding by address has units, only one by id an initramfs
    const isOfUnits = tool === 'systemctl';
    const node = hostOf(isOfUnits ? BY_ADDRESS : BY_ID);
    const script = node.read(`/tools/${tool}`) ?? '';
    node.tool(tool, 'echo broken >&2; exit 1');
    expect(node.run()).toMatchObject({ status: 1, output: expect.stringContaining('failed: ') as string });
    node.write(`/tools/${tool}`, script);
    expect(node.run().status).toBe(0);
    expect(node.initramfsRuns).toBe(isOfUnits ? 0 : 1);
    node.reboot();
    expect(node.run(['--check']).status).toBe(0);
    expect(node.run(['--undo']).status).toBe(0);
    expect(node.read('/etc/modules-load.d/vfio-pci.conf')).toBeUndefined();
  },
);
