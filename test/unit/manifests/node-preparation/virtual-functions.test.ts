import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { FUNCTIONS_PROGRAM } from '../../../../src/manifests/node-preparation/functions-program.generated';
import { ROOT } from '../../../support/lab';
import { at, compiled, ignitionFiles } from '../compiled';
import { SHELLS } from './fake-node';

const FOLDER = join(ROOT, 'src/manifests/node-preparation');
const PROGRAM = join(FOLDER, 'hostdev-virtual-functions.sh');
const CARD = '0000:3b:00.0';
const OTHER = '0000:5e:00.0';

/** A node below a folder, with the cards that a test gives it; `sriov_numvfs` keeps what is written to it. */
class CardsNode {
  readonly root = mkdtempSync(join(tmpdir(), 'hostdev-functions-'));

  constructor() {
    this.write('/sys/class/dmi/id/product_uuid', '4C4C4544-0042-3510-8052-B4C04F4E4332\n');
    this.write('/proc/sys/kernel/hostname', 'node03\n');
  }

  card(
    address: string,
    facts: { readonly id?: string; readonly total?: number; readonly now?: number; readonly driver?: string },
  ): void {
    const { id = '8086:1572', total = 64, now = 0, driver = 'i40e' } = facts;
    const [vendor = '', device = ''] = id.split(':');
    const folder = `/sys/bus/pci/devices/${address}`;
    this.write(`${folder}/vendor`, `0x${vendor}\n`);
    this.write(`${folder}/device`, `0x${device}\n`);
    this.write(`${folder}/sriov_totalvfs`, `${total}\n`);
    this.write(`${folder}/sriov_numvfs`, `${now}\n`);
    if (driver !== '') symlinkSync(`../../drivers/${driver}`, join(this.root, folder, 'driver'));
  }

  table(...lines: readonly string[]): void {
    this.write('/etc/hostdev/virtual-functions', lines.map((line) => `${line}\n`).join(''));
  }

  run(
    args: readonly string[] = [],
    shell: readonly string[] = ['sh'],
    env: Readonly<Record<string, string>> = {},
  ): { status: number | null; output: string } {
    const [command = 'sh', ...before] = shell;
    const { status, stdout, stderr } = spawnSync(command, [...before, PROGRAM, ...args], {
      encoding: 'utf8',
      env: { HOSTDEV_ROOT: this.root, HOSTDEV_WAIT: '0', ...env },
    });
    return { status, output: stdout + stderr };
  }

  count(address: string): string {
    return readFileSync(join(this.root, '/sys/bus/pci/devices', address, 'sriov_numvfs'), 'utf8').trim();
  }

  get result(): string | undefined {
    const file = join(this.root, 'run/hostdev/functions.status');
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  }

  write(path: string, text: string): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

let node: CardsNode;
beforeEach(() => {
  node = new CardsNode();
});
afterEach(() => {
  rmSync(node.root, { recursive: true, force: true });
});

describe('the program', () => {
  it('is carried into the output as it is', () => {
    expect(FUNCTIONS_PROGRAM).toBe(readFileSync(PROGRAM, 'utf8'));
  });

  const hasShellcheck = spawnSync('shellcheck', ['--version']).status === 0;
  (hasShellcheck ? it : it.skip)('has nothing that shellcheck finds', () => {
    expect(spawnSync('shellcheck', [PROGRAM], { encoding: 'utf8' }).stdout).toBe('');
  });

  it.each(SHELLS.map((shell) => [shell.join(' '), shell] as const))(
    'checks, makes, and makes again, under %s',
    (_name, shell) => {
      node.card(CARD, {});
      node.card(OTHER, { id: '8086:1572' });
      node.card('0000:65:00.0', { id: '15b3:101d' });
      node.table('# a comment', 'any 8086:1572 4', 'host=node04 15b3:101d 8');
      expect(node.run(['--check'], shell)).toMatchObject({
        status: 0,
        output: expect.stringContaining(`${CARD}: would get 4`) as string,
      });
      expect([node.count(CARD), node.result]).toEqual(['0', undefined]);
      expect(node.run([], shell).status).toBe(0);
      expect([CARD, OTHER, '0000:65:00.0'].map((address) => node.count(address))).toEqual(['4', '4', '0']);
      expect(node.result).toBe(`made\n${CARD} got 4\n${OTHER} got 4\n`);
      expect(node.run([], shell)).toMatchObject({
        status: 0,
        output: expect.stringContaining('has 4 already') as string,
      });
    },
  );

  it.each([
    ['another number is there', { now: 2 }, 'it has 2 of them, 4 are declared'],
    ['it can have fewer', { total: 3 }, 'it can have 3 of them, 4 are declared'],
    ['it has no driver', { driver: '' }, 'it has no driver'],
    ['it is handed over itself', { driver: 'vfio-pci' }, 'it is handed over itself'],
  ])('refuses a card where %s, and makes nothing on any other', (_name, facts, reason) => {
    node.card(CARD, {});
    node.card(OTHER, facts);
    node.table('any 8086:1572 4');
    expect(node.run()).toMatchObject({ status: 1, output: expect.stringContaining(reason) as string });
    expect(node.count(CARD)).toBe('0');
    expect(node.result).toMatch(/^refused\n/);
  });

  it('refuses a node without the card, and a table that it does not understand', () => {
    node.table('any 8086:1572 4');
    expect(node.run().output).toContain('there is no card 8086:1572');
    node.table('any 8086:1572 4; reboot');
    expect(node.run().output).toContain('has a line that is not understood');
    node.table('any 8086:1572 4', 'any 8086:1572 8');
    expect(node.run().output).toContain('lists 8086:1572 twice');
  });

  it('does nothing on a node that no row is for', () => {
    node.card(CARD, {});
    node.table('uuid=4c4c4544-0042-3510-8052-000000000000 8086:1572 4');
    expect(node.run()).toMatchObject({ status: 0, output: expect.stringContaining('nothing is made') as string });
  });

  it('takes back what it made where a driver fails half way', () => {
    node.card(CARD, {});
    node.card(OTHER, {});
    node.table('any 8086:1572 4');
    const kernel = join(node.root, 'kernel');
    writeFileSync(kernel, `#!/bin/sh\ncase "$1 $2" in "4 "*${OTHER}*) echo 0 > "$2" ;; esac\n`);
    chmodSync(kernel, 0o755);
    expect(node.run([], ['sh'], { HOSTDEV_KERNEL: kernel }).status).toBe(1);
    expect([node.count(CARD), node.count(OTHER)]).toEqual(['0', '0']);
    expect(node.result).toContain('failed: its driver does not make them');
  });
});

describe('the effects', () => {
  const fleet = (platform: string, pools: string): string => `
apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: small }
spec:
  cluster: { nodePlatform: ${platform}, nodePlatformVersion: "4.20", kubevirt: { version: "1.6" } }
  nodePools:
${pools}
`;
  const POOL = '    net: { nodes: [n1], cpuVendor: intel, sriov: [{ parent: "8086:1572", numVfs: 4 }] }';

  it('are a program, a table and a unit that comes before the binding', () => {
    const config = compiled(fleet('openshift', POOL)).manifest('unit/net/vfio');
    const files = ignitionFiles(config);
    expect([...files.keys()]).toEqual(['/usr/local/bin/hostdev-virtual-functions', '/etc/hostdev/virtual-functions']);
    expect(files.get('/etc/hostdev/virtual-functions')?.text).toMatch(/\nany 8086:1572 4\n$/);
    const unit = at(config, 'spec', 'config', 'systemd', 'units', 0, 'contents') as string;
    expect(unit).toContain('Before=kubelet-dependencies.target\nBefore=hostdev-vfio-bind.service\n');
    expect(unit).toContain('ExecStart=/usr/local/bin/hostdev-virtual-functions\n');
  });

  it('are for the nodes of their pool where a machine config pool has more of them', () => {
    const { manifest } = compiled(
      fleet(
        'openshift',
        `${POOL.replace('nodes: [n1]', 'nodes: [n1], machineConfigPool: all')}\n    other: { nodes: [n2], machineConfigPool: all }`,
      ),
    );
    expect(ignitionFiles(manifest('unit/all/vfio')).get('/etc/hostdev/virtual-functions')?.text).toMatch(
      /\nhost=n1 8086:1572 4\n$/,
    );
  });

  it('are none where an operator makes them', () => {
    expect(
      compiled(fleet('openshift', POOL.replace('numVfs: 4', 'numVfs: 4, createdBy: operator'))).has('unit/net/vfio'),
    ).toBe(false);
  });

  it.each(['linux', 'ignition', 'cloud-init'])('reach nodes of platform %s', (platform) => {
    const { set } = compiled(fleet(platform, POOL));
    const texts = set.files
      .filter(({ path }) => path.startsWith('node-prep/'))
      .map(({ text }) => text)
      .join('\n');
    expect(texts).toContain('hostdev-virtual-functions.service');
    expect(texts).toContain('SR-IOV is on in the firmware of every node');
  });
});
