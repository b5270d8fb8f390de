import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from '../../../support/lab';
import { at, compiled, ignitionFiles } from '../compiled';
import { SHELLS } from './fake-node';

const PROGRAM = join(ROOT, 'src/manifests/node-preparation/hostdev-vgpus.sh');
const T4 = '0000:3b:00.0';
const OTHER_T4 = '0000:5e:00.0';
const VF = (number: number): string => `0000:ca:00.${number}`;
const T4_1Q = 'any mdev 10de:1eb8 nvidia-222';
const L40S_4Q = 'any vendor-vfio 10de:26b9 -';

/**
 * What the kernel and NVIDIA's driver do: a mediated device takes room of every type of its card, a function that is told its type takes
 * room of the card, and a card without room names no types. `FAIL_AT` makes one write an error, `KILL_AT` ends the program there.
 */
const KERNEL = `#!/bin/sh
n=$(($(cat "$HOSTDEV_ROOT/writes") + 1)); echo $n > "$HOSTDEV_ROOT/writes"
[ "$n" != "\${KILL_BEFORE:-}" ] || kill -9 $PPID
[ "$n" != "\${FAIL_AT:-}" ] || exit 1
case $2 in
  */create)
    type=\${2%/create}
    mkdir -p "$type/devices/$1" && : > "$type/devices/$1/remove"
    for other in "\${type%/*}"/*; do
      echo $(($(cat "$other/available_instances") - 1)) > "$other/available_instances"
    done
    echo "new-$n" > "$HOSTDEV_ROOT/proc/sys/kernel/random/uuid" ;;
  */remove) rm -r "\${2%/remove}" ;;
  */current_vgpu_type)
    card=$HOSTDEV_ROOT/sys/bus/pci/devices
    set -- "$card"/*/nvidia/current_vgpu_type
    used=$(cat "$@" | grep -vc '^0$')
    [ "$used" -lt "\${ROOM:-99}" ] || for list in "$card"/*/nvidia/creatable_vgpu_types; do echo 'ID    : vGPU Name' > "$list"; done ;;
esac
[ "$n" != "\${KILL_AFTER:-}" ] || kill -9 $PPID
`;

/** A node below a folder with cards that make vGPUs. */
class VgpuNode {
  readonly root = mkdtempSync(join(tmpdir(), 'hostdev-vgpus-'));

  constructor() {
    this.write('/sys/class/dmi/id/product_uuid', '4C4C4544-0042-3510-8052-B4C04F4E4332\n');
    this.write('/proc/sys/kernel/hostname', 'node04\n');
    this.write('/proc/sys/kernel/random/uuid', 'new-0\n');
    this.write('/kernel', KERNEL);
    this.write('/writes', '0\n');
    chmodSync(join(this.root, 'kernel'), 0o755);
    mkdirSync(join(this.root, 'sys/bus/pci/devices'), { recursive: true });
  }

  function(address: string, id: string, driver = 'nvidia'): string {
    const folder = `/sys/bus/pci/devices/${address}`;
    this.write(`${folder}/vendor`, `0x${id.slice(0, 4)}\n`);
    this.write(`${folder}/device`, `0x${id.slice(5)}\n`);
    symlinkSync(`../../drivers/${driver}`, join(this.root, folder, 'driver'));
    return folder;
  }

  /** A card whose driver makes mediated devices, with room for so many. */
  mediated(address: string, room = 16, types: Readonly<Record<string, string>> = { 'nvidia-222': 'GRID T4-1Q' }): void {
    const folder = this.function(address, '10de:1eb8');
    for (const [type, name] of Object.entries(types)) {
      const path = `${folder}/mdev_supported_types/${type}`;
      if (name !== '') this.write(`${path}/name`, `${name}\n`);
      this.write(`${path}/available_instances`, `${room}\n`);
      this.write(`${path}/create`, '');
      mkdirSync(join(this.root, path, 'devices'), { recursive: true });
    }
  }

  /** Virtual functions of one card, told these types. */
  functions(
    current: readonly number[],
    types: readonly string[] = ['1155 : NVIDIA L40S-4Q', '1157 : NVIDIA L40S-8Q'],
  ): void {
    this.function('0000:c9:00.0', '10de:26b9');
    current.forEach((type, index) => {
      const folder = this.function(VF(index), '10de:26b9');
      symlinkSync('../0000:c9:00.0', join(this.root, folder, 'physfn'));
      this.write(`${folder}/nvidia/current_vgpu_type`, `${type}\n`);
      this.write(`${folder}/nvidia/creatable_vgpu_types`, ['ID    : vGPU Name', ...types, ''].join('\n'));
    });
  }

  table(...lines: readonly string[]): void {
    this.write('/etc/hostdev/vgpus', lines.map((line) => `${line}\n`).join(''));
  }

  run(
    args: readonly string[] = [],
    shell: readonly string[] = ['sh'],
    env: Readonly<Record<string, string>> = {},
  ): { status: number | null; output: string } {
    const [command = 'sh', ...before] = shell;
    const { status, stdout, stderr } = spawnSync(command, [...before, PROGRAM, ...args], {
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'] ?? '',
        HOSTDEV_ROOT: this.root,
        HOSTDEV_WAIT: '0',
        HOSTDEV_KERNEL: join(this.root, 'kernel'),
        ...env,
      },
    });
    return { status, output: stdout + stderr };
  }

  devices(address: string, type = 'nvidia-222'): number {
    return readdirSync(join(this.root, 'sys/bus/pci/devices', address, 'mdev_supported_types', type, 'devices')).length;
  }

  get types(): string[] {
    const folder = join(this.root, 'sys/bus/pci/devices');
    return readdirSync(folder)
      .map((address) => join(folder, address, 'nvidia/current_vgpu_type'))
      .filter((file) => existsSync(file))
      .map((file) => readFileSync(file, 'utf8').trim());
  }

  get result(): string | undefined {
    const file = join(this.root, 'run/hostdev/vgpus.status');
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  }

  get writes(): number {
    return Number(readFileSync(join(this.root, 'writes'), 'utf8'));
  }

  write(path: string, text: string): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

let node: VgpuNode;
beforeEach(() => {
  node = new VgpuNode();
});
afterEach(() => {
  rmSync(node.root, { recursive: true, force: true });
});

describe.each(SHELLS.map((shell) => [shell.join(' '), shell] as const))('under %s', (_name, shell) => {
  it('checks, makes mediated devices card by card, and makes no more the second time', () => {
    node.mediated(T4, 2);
    node.mediated(OTHER_T4, 4);
    node.table('# a comment', `${T4_1Q} 3 GRID T4-1Q`, 'host=node09 mdev 10de:1eb8 - all GRID T4-2Q');
    expect(node.run(['--check'], shell)).toEqual({
      status: 0,
      output: 'hostdev-vgpus: -: 3 of GRID T4-1Q would be made\nhostdev-vgpus: result: check\n',
    });
    expect([node.writes, node.result]).toEqual([0, undefined]);
    expect(node.run([], shell).status).toBe(0);
    expect([node.devices(T4), node.devices(OTHER_T4)]).toEqual([2, 1]);
    expect(node.result).toBe(`made\n${T4} got 2 of GRID T4-1Q\n${OTHER_T4} got 1 of GRID T4-1Q\n`);
    expect(node.run([], shell).output).toContain('3 of GRID T4-1Q are there already');
    expect(node.writes).toBe(3);
  });

  it('tells virtual functions their types, in the order of the table, and knows them when the card is full', () => {
    node.functions([0, 0, 0, 0]);
    node.table(`${L40S_4Q} 2 NVIDIA L40S-4Q`, 'any vendor-vfio 10de:26b9 - 1 NVIDIA L40S-8Q');
    expect(node.run([], shell, { ROOM: '3' }).status).toBe(0);
    expect(node.types).toEqual(['1155', '1155', '1157', '0']);
    expect(node.run([], shell)).toMatchObject({
      status: 0,
      output: expect.stringContaining('2 of NVIDIA L40S-4Q are there already') as string,
    });
    expect(node.types).toEqual(['1155', '1155', '1157', '0']);
  });
});

it('makes all that fit where no number is declared', () => {
  node.mediated(T4, 3);
  node.functions([0, 0, 0, 0]);
  node.table(`${T4_1Q} all GRID T4-1Q`, `${L40S_4Q} all NVIDIA L40S-4Q`);
  expect(node.run([], ['sh'], { ROOM: '2' }).status).toBe(0);
  expect(node.devices(T4)).toBe(3);
  expect(node.types).toEqual(['1155', '1155', '0', '0']);
});

it('takes a type by its id alone where the driver gives no name', () => {
  node.mediated(T4, 1, { 'i915-GVTg_V5_4': '' });
  node.table('any mdev - i915-GVTg_V5_4 1 i915-GVTg_V5_4');
  expect(node.run().status).toBe(0);
  expect(node.devices(T4, 'i915-GVTg_V5_4')).toBe(1);
});

it('takes a virtual function whose id is not its card’s', () => {
  node.functions([0]);
  node.write(`/sys/bus/pci/devices/${VF(0)}/device`, '0x9999\n');
  node.table(`${L40S_4Q} 1 NVIDIA L40S-4Q`);
  expect(node.run().status).toBe(0);
  expect(node.types).toEqual(['1155']);
});

describe('refuses, and makes nothing', () => {
  it.each<readonly [string, string, readonly string[], () => void]>([
    ['no such card', 'there is no card 10de:1eb8', [`${T4_1Q} 1 GRID T4-1Q`], () => undefined],
    [
      'a card that is handed over itself',
      `${T4} is handed over itself`,
      [`${T4_1Q} 1 GRID T4-1Q`],
      () => node.function(T4, '10de:1eb8', 'vfio-pci'),
    ],
    [
      'a card without the vendor’s driver',
      'no card 10de:1eb8 offers GRID T4-1Q',
      [`${T4_1Q} 1 GRID T4-1Q`],
      () => node.function(T4, '10de:1eb8', 'nouveau'),
    ],
    [
      'a type whose id has another name',
      'no card 10de:1eb8 offers GRID T4-1Q',
      [`${T4_1Q} 1 GRID T4-1Q`],
      () => node.mediated(T4, 16, { 'nvidia-222': 'GRID T4-2A' }),
    ],
    [
      'too little room',
      'there is room for 2 of GRID T4-1Q, 3 are declared',
      [`${T4_1Q} 3 GRID T4-1Q`],
      () => node.mediated(T4, 2),
    ],
    [
      'more than are declared',
      'there are 2 of NVIDIA L40S-4Q, 1 are declared',
      [`${L40S_4Q} 1 NVIDIA L40S-4Q`],
      () => node.functions([1155, 1155, 0]),
    ],
    [
      'functions of another type, which guests may have',
      'there is room for 1 of NVIDIA L40S-4Q, 2 are declared',
      [`${L40S_4Q} 2 NVIDIA L40S-4Q`],
      () => node.functions([1157, 0, 1157]),
    ],
    [
      'one row of two that cannot be',
      'there is no card 10de:20b5',
      [`${T4_1Q} 1 GRID T4-1Q`, 'any mdev 10de:20b5 - 1 GRID A100-4C'],
      () => node.mediated(T4),
    ],
    [
      'a type that is listed twice',
      'lists a type twice',
      [`${T4_1Q} 1 GRID T4-1Q`, `${T4_1Q} 2 GRID T4-1Q`],
      () => node.mediated(T4),
    ],
    [
      'a line that is not understood',
      'has a line that is not understood',
      [`${T4_1Q} 1 GRID T4-1Q; reboot`],
      () => node.mediated(T4),
    ],
  ])('%s', (_name, reason, table, prepare) => {
    prepare();
    node.table(...table);
    const { status, output } = node.run();
    expect(output).toContain(reason);
    expect(status).toBe(1);
    expect(node.writes).toBe(0);
    expect(node.result).toMatch(/^refused\n/);
  });

  it('on a node that no row is for', () => {
    node.table('uuid=4c4c4544-0042-3510-8052-000000000000 mdev - - all X');
    expect(node.run()).toMatchObject({ status: 0, output: expect.stringContaining('nothing is made') as string });
  });
});

it('takes back what it made where a driver fails half way, and leaves what was there', () => {
  node.mediated(T4, 4);
  node.functions([1155, 0, 0]);
  node.table(`${T4_1Q} 2 GRID T4-1Q`, `${L40S_4Q} 3 NVIDIA L40S-4Q`);
  expect(node.run([], ['sh'], { FAIL_AT: '4' })).toMatchObject({
    status: 1,
    output: expect.stringContaining('failed: its driver does not make NVIDIA L40S-4Q') as string,
  });
  expect(node.devices(T4)).toBe(0);
  expect(node.types).toEqual(['1155', '0', '0']);
});

it.each(['KILL_BEFORE', 'KILL_AFTER'])(
  'is completed by the next run when it is killed at any write (%s it takes effect)',
  (when) => {
    for (const write of [1, 2, 3, 4, 5]) {
      rmSync(node.root, { recursive: true, force: true });
      node = new VgpuNode();
      node.mediated(T4, 4);
      node.functions([0, 0, 0]);
      node.table(`${T4_1Q} 2 GRID T4-1Q`, `${L40S_4Q} all NVIDIA L40S-4Q`);
      expect(node.run([], ['sh'], { [when]: String(write) }).status).toBeNull();
      expect(node.run().status).toBe(0);
      expect([node.devices(T4), ...node.types]).toEqual([2, '1155', '1155', '1155']);
    }
  },
);

it('prints nothing that is not printable, and holds nothing that Flux or a template would replace', () => {
  node.mediated(T4, 1, { 'nvidia-222': '\u001b[2J' });
  node.table(`${T4_1Q} 1 GRID T4-1Q`);
  expect(node.run().output).toMatch(/^[ -~\n]*$/);
  expect(readFileSync(PROGRAM, 'utf8')).toMatch(/^#!\/bin\/sh\n[ -~\n]*$/);
  expect(node.run(['--force'])).toEqual({ status: 2, output: 'usage: hostdev-vgpus [--check]\n' });
});

const hasShellcheck = spawnSync('shellcheck', ['--version']).status === 0;
(hasShellcheck ? it : it.skip)('has nothing that shellcheck finds', () => {
  expect(spawnSync('shellcheck', [PROGRAM], { encoding: 'utf8' }).stdout).toBe('');
});

describe('the effects', () => {
  const fleet = (platform: string, use: string, pools = 'nodes: [n1]'): string => `
apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: small }
spec:
  cluster: { nodePlatform: ${platform}, nodePlatformVersion: "4.20", kubevirt: { version: "1.9" } }
  devices:
    t4-1q: { mdev: { name: GRID T4-1Q, typeId: nvidia-222, parent: "10de:1eb8" }, resourceName: nvidia.com/GRID_T4-1Q }
    l40s-4q: { vgpu: { type: NVIDIA L40S-4Q, parent: "10de:26b9", framework: vendor-vfio }, resourceName: nvidia.com/L40S-4Q }
  nodePools:
    vgpu: { ${pools}, cpuVendor: intel, sriov: [{ parent: "10de:26b9", numVfs: 4 }], mediatedDevices: [${use}] }
    other: { nodes: [n2], cpuVendor: intel }
`;
  const USES = '{ device: l40s-4q, count: 4 }, { device: t4-1q, createdBy: host }';

  it('are a program, a table in the order of the fleet, and a unit between the binding and kubelet', () => {
    const config = compiled(fleet('openshift', USES)).manifest('unit/vgpu/vfio');
    const files = ignitionFiles(config);
    expect([...files.keys()].slice(-2)).toEqual(['/usr/local/bin/hostdev-vgpus', '/etc/hostdev/vgpus']);
    expect(files.get('/etc/hostdev/vgpus')?.text.split('\n').slice(-3)).toEqual([
      'any vendor-vfio 10de:26b9 - 4 NVIDIA L40S-4Q',
      'any mdev 10de:1eb8 nvidia-222 all GRID T4-1Q',
      '',
    ]);
    const unit = at(config, 'spec', 'config', 'systemd', 'units', 1, 'contents') as string;
    expect(unit).toContain('Before=kubelet-dependencies.target\n');
    expect(unit).toContain('After=hostdev-virtual-functions.service hostdev-vfio-bind.service nvidia-vgpud.service');
    expect(unit).toContain('ExecStart=/usr/local/bin/hostdev-vgpus\n');
  });

  it('are for the nodes of their pool where a machine config pool has more of them', () => {
    const text = fleet('openshift', USES, 'nodes: [n1], machineConfigPool: all').replace(
      'nodes: [n2]',
      'nodes: [n2], machineConfigPool: all',
    );
    expect(ignitionFiles(compiled(text).manifest('unit/all/vfio')).get('/etc/hostdev/vgpus')?.text).toContain(
      '\nhost=n1 vendor-vfio 10de:26b9 - 4 NVIDIA L40S-4Q\nhost=n1 mdev 10de:1eb8',
    );
  });

  it.each(['kubevirt', 'vgpu-device-manager', 'external'])('are none where %s makes them', (maker) => {
    const text = fleet('openshift', `{ device: t4-1q, createdBy: ${maker} }`).replace(/sriov: \[.*?\], /, '');
    expect(compiled(text).has('unit/vgpu/vfio')).toBe(false);
  });

  it.each(['linux', 'ignition', 'cloud-init'])('reach nodes of platform %s', (platform) => {
    const { set } = compiled(fleet(platform, USES));
    const texts = set.files
      .filter(({ path }) => path.startsWith('node-prep/'))
      .map(({ text }) => text)
      .join('\n');
    expect(texts).toContain('hostdev-vgpus.service');
    expect(texts).toContain('the vendor’s driver that makes vGPUs is on every node');
  });
});
