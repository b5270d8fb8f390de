import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { BIND_PROGRAM } from '../../../../src/manifests/node-preparation/bind-program.generated';
import { FakeNode, PROGRAM, SHELLS } from './fake-node';

const NVME = '8086:5845';
const BOOT = '0000:5d:00.0';
const DATA = '0000:5e:00.0';
const OTHER = '0000:5f:00.0';
const GPU = '0000:65:00.0';
const AUDIO = '0000:65:00.1';
const ROW = `any ${DATA} ${NVME} - 0108 - - nvme`;

let node: FakeNode;
beforeEach(() => {
  node = new FakeNode();
});
afterEach(() => {
  node.destroy();
});

/** Three identical drives, the first one the boot disk. */
function threeDrives(): void {
  node.addNvme(BOOT, 0);
  node.addNvme(DATA, 1);
  node.addNvme(OTHER, 2);
  node.mount('259:0', '/sysroot', 'xfs', '/dev/nvme0n1');
}

function expectRefusal(reason: string, address = DATA): void {
  const { status, output, result } = node.run();
  expect(output).toContain(`${address}: refused: ${reason}`);
  expect(result).toContain(`${address} refused: ${reason}`);
  expect(result[0]).toBe('refused');
  expect(status).toBe(1);
  expect(node.writes).toBe(0);
}

describe.each(SHELLS.map((shell) => [shell.join(' '), shell] as const))('under %s', (_name, shell) => {
  it('checks, binds, binds again, refuses the boot disk, and gives back', () => {
    threeDrives();
    node.add(GPU, { id: '10de:1eb8', class: '030200', driver: 'nouveau', group: 30 });
    node.add(AUDIO, { id: '10de:10f8', class: '040300', driver: 'snd_hda_intel', group: 30 });
    node.table(`any ${DATA} ${NVME} 8086:0001 010802 PHLJ1 - nvme`, `any ${GPU} 10de:1eb8 - - - 0403,0c03 t4 one`);

    const checked = node.run(['--check'], {}, shell);
    expect(checked).toEqual({
      status: 0,
      output: [
        `hostdev-vfio-bind: ${DATA}: would be bound to vfio-pci, is on nvme`,
        `hostdev-vfio-bind: ${GPU}: would be bound to vfio-pci, is on nouveau`,
        `hostdev-vfio-bind: ${AUDIO}: would be bound to vfio-pci, is on snd_hda_intel`,
        'hostdev-vfio-bind: result: check',
        '',
      ].join('\n'),
      result: [],
    });
    expect(existsSync(join(node.root, 'run'))).toBe(false);

    const bound = node.run([], {}, shell);
    expect(bound.output).not.toContain('refused');
    expect(bound.status).toBe(0);
    expect(bound.result).toEqual([
      'bound',
      'node uuid=4c4c4544-0042-3510-8052-b4c04f4e4332 host=node03',
      `${DATA} bound to vfio-pci, was on nvme`,
      `${GPU} bound to vfio-pci, was on nouveau`,
      `${AUDIO} bound to vfio-pci, was on snd_hda_intel`,
    ]);
    expect([BOOT, DATA, OTHER, GPU, AUDIO].map((address) => node.driverOf(address))).toEqual([
      'nvme',
      'vfio-pci',
      'nvme',
      'vfio-pci',
      'vfio-pci',
    ]);

    const { writes } = node;
    const again = node.run([], {}, shell);
    expect(again.status).toBe(0);
    expect(again.result.slice(2)).toEqual([DATA, GPU, AUDIO].map((address) => `${address} on vfio-pci already`));
    expect(node.writes).toBe(writes);

    const released = node.run(['--release'], {}, shell);
    expect(released.output).not.toContain('failed');
    expect(released.result).toEqual([
      'released',
      again.result[1],
      `${DATA} given back, on nvme`,
      `${GPU} given back, on nouveau`,
      `${AUDIO} given back, on snd_hda_intel`,
    ]);
    expect(node.run(['--release'], {}, shell).result[2]).toBe(`${DATA} not bound by this program: left as it is`);

    node.table(ROW, `any ${BOOT} ${NVME} - - - - boot`);
    const refused = node.run([], {}, shell);
    expect(refused.status).toBe(1);
    expect(refused.result).toContain(`${BOOT} refused: nvme0n1 is mounted on /sysroot`);
    expect(node.driverOf(DATA)).toBe('nvme');
  });
});

describe('rows of other nodes', () => {
  beforeEach(threeDrives);

  it('binds rows of this DMI UUID in either case, of this host name, and of any node', () => {
    node.table(
      `uuid=4c4c4544-0042-3510-8052-b4c04f4e4332 ${DATA} ${NVME} - - - - nvme`,
      `uuid=4c4c4544-0042-3510-8052-b4c04f4e4333 ${BOOT} ${NVME} - - - - nvme`,
      `host=node03 ${OTHER} ${NVME} - - - - nvme`,
      `host=node04 ${BOOT} ${NVME} - - - - nvme`,
    );
    expect(node.run().status).toBe(0);
    expect([BOOT, DATA, OTHER].map((address) => node.driverOf(address))).toEqual(['nvme', 'vfio-pci', 'vfio-pci']);
  });

  it('binds nothing and says so where no row is for this node', () => {
    node.table(`host=node04 ${DATA} ${NVME} - - - - nvme`);
    const { status, result } = node.run();
    expect(status).toBe(0);
    expect(result[0]).toBe('nothing');
    expect(result[2]).toContain('no row is for this node: nothing is bound');
  });

  it('does not guess while the host name is not settled', () => {
    node.write('proc/sys/kernel/hostname', 'localhost.localdomain\n');
    node.table(`host=node03 ${DATA} ${NVME} - - - - nvme`);
    expectRefusal('the host name is not settled, and rows are told apart by it', '-');
  });

  it('needs no host name where the DMI UUID tells', () => {
    node.write('proc/sys/kernel/hostname', '(none)\n');
    node.table(
      `uuid=4c4c4544-0042-3510-8052-b4c04f4e4332 ${DATA} ${NVME} - - - - nvme`,
      `host=x ${BOOT} ${NVME} - - - - n`,
    );
    expect(node.run().result[0]).toBe('bound');
  });

  it('refuses an address that is listed twice', () => {
    node.table(ROW, `host=node03 ${DATA} 10de:1eb8 - - - - t4`);
    expect(node.run().output).toContain(`lists ${DATA} twice for this node`);
    expect(node.writes).toBe(0);
  });
});

describe('the table', () => {
  it.each([
    ['a field too few', `any ${DATA} ${NVME} - - - -`],
    ['a command', `any ${DATA} ${NVME} - - - - $(reboot)`],
    ['a path', `any ../../x ${NVME} - - - - nvme`],
    ['a wildcard address', `any 0000:5e:00.* ${NVME} - - - - nvme`],
    ['an upper-case address', `any 0000:5E:00.0 ${NVME} - - - - nvme`],
    ['an unknown scope', `node=node03 ${DATA} ${NVME} - - - - nvme`],
    ['a short UUID', `uuid=4c4c ${DATA} ${NVME} - - - - nvme`],
    ['a tab', `any\t${DATA} ${NVME} - - - - nvme`],
    ['a carriage return', `${ROW}\r`],
  ])('with %s binds nothing', (_what, row) => {
    threeDrives();
    node.table(ROW.replace('nvme', 'first'), row);
    const { status, output } = node.run();
    expect(output).toContain('has a line that is not understood');
    expect(status).toBe(1);
    expect(node.driverOf(DATA)).toBe('nvme');
  });

  it('that is missing fails', () => {
    expect(node.run().output).toContain('cannot read');
    expect(node.run().status).toBe(1);
  });
});

describe('a run that is killed', () => {
  it.each(['KILL_BEFORE', 'KILL_AFTER'])('at any write is completed by the next one (%s it takes effect)', (moment) => {
    for (let write = 1; write <= 4; write++) {
      const cut = new FakeNode();
      cut.addNvme(DATA, 1);
      cut.add(GPU, { id: '10de:1eb8', class: '030200', driver: 'nouveau', group: 30 });
      cut.table(`any ${DATA} ${NVME} - - PHLJ1 - nvme`, `any ${GPU} 10de:1eb8 - - - - t4`);
      expect(cut.run([], { [moment]: String(write) }).status).toBeNull();
      const { output, status } = cut.run();
      expect(output).not.toContain('refused');
      expect(status).toBe(0);
      expect([cut.driverOf(DATA), cut.driverOf(GPU)]).toEqual(['vfio-pci', 'vfio-pci']);
      expect(existsSync(join(cut.root, 'run/hostdev/bind.journal'))).toBe(false);
      cut.destroy();
    }
  });
});

describe('failing and undoing', () => {
  beforeEach(() => {
    threeDrives();
    node.add(GPU, { id: '10de:1eb8', class: '030200', driver: 'nouveau', group: 30 });
  });

  it('gives back what it bound when the next function does not come to vfio-pci', () => {
    node.write(`${node.home(GPU)}/.refuses-vfio`, '');
    node.table(ROW, `any ${GPU} 10de:1eb8 - - - - t4`);
    const { status, result } = node.run();
    expect(status).toBe(1);
    expect(result[0]).toBe('failed');
    expect(result).toContain(`${GPU} failed: it does not come to vfio-pci`);
    expect([node.driverOf(DATA), node.driverOf(GPU)]).toEqual(['nvme', 'nouveau']);
    expect(readFileSync(join(node.root, node.home(GPU), 'driver_override'), 'utf8')).toBe('\n');
  });

  it('leaves a card that came in the place of one that was checked, and gives back the rest', () => {
    const kernel = node.read('kernel');
    node.write(
      'kernel',
      kernel.replace(
        'case $2 in',
        `case $2 in */${DATA}/driver_override) echo 0x9999 > "$HOSTDEV_ROOT/${node.home(GPU)}/device" ;; esac\ncase $2 in`,
      ),
    );
    node.table(ROW, `any ${GPU} 10de:1eb8 - - - - t4`);
    const { status, result } = node.run();
    expect(status).toBe(1);
    expect(result).toContain(`${GPU} failed: it is no longer what was checked`);
    expect([node.driverOf(DATA), node.driverOf(GPU)]).toEqual(['nvme', 'nouveau']);
  });

  it('undoes a run that was cut off when the next one refuses', () => {
    node.table(ROW, `any ${GPU} 10de:1eb8 - - - - t4`);
    node.run([], { KILL_AFTER: '4' });
    expect(node.driverOf(DATA)).toBe('vfio-pci');
    node.open(99, 'X', '/dev/dri/card0');
    node.write(`${node.home(GPU)}/drm/card0/uevent`, 'DEVNAME=dri/card0\n');
    const { status, result } = node.run();
    expect(status).toBe(1);
    expect(result[0]).toBe('refused');
    expect([node.driverOf(DATA), node.driverOf(GPU)]).toEqual(['nvme', 'nouveau']);
  });

  it('leaves a function that a virtual machine has', () => {
    node.table(ROW);
    expect(node.run().status).toBe(0);
    node.open(77, 'qemu-kvm', '/dev/vfio/21');
    const { status, result } = node.run(['--release']);
    expect(status).toBe(1);
    expect(result[2]).toBe(`${DATA} refused: a virtual machine has it: stop the virtual machine first`);
    expect(node.driverOf(DATA)).toBe('vfio-pci');
    expect(node.run().result[0]).toBe('bound');
  });
});

describe('--verify', () => {
  const verified = (): readonly string[] => {
    const { status } = node.run(['--verify']);
    const lines = node.read('/run/hostdev/verify.status').trimEnd().split('\n');
    expect(status).toBe(['verified', 'nothing'].includes(lines[0] ?? '') ? 0 : 1);
    return [lines[0] ?? '', ...lines.slice(2)];
  };
  beforeEach(() => {
    threeDrives();
    node.add(GPU, { id: '10de:1eb8', class: '030200', driver: 'nouveau', group: 30 });
    node.add(AUDIO, { id: '10de:10f8', class: '040300', driver: 'snd_hda_intel', group: 30 });
    node.table(ROW, `any ${GPU} 10de:1eb8 - - - 0403 t4`);
    node.run();
    for (const group of [21, 30]) node.write(`dev/vfio/${group}`, '');
  });

  it('finds everything as it is listed, and leaves the result of binding alone', () => {
    const before = node.result();
    const { writes } = node;
    expect(verified()).toEqual([
      'verified',
      ...[DATA, GPU, AUDIO].map((address) => `${address} as listed, on vfio-pci`),
    ]);
    expect(node.result()).toEqual(before);
    expect(node.writes).toBe(writes);
  });

  it('says which function is on another driver, is another card, or has no group to open', () => {
    node.setDriver(AUDIO, 'snd_hda_intel');
    node.write(`${node.home(DATA)}/device`, '0x5846\n');
    node.remove('dev/vfio/30');
    expect(verified()).toEqual([
      'differs',
      `${DATA} differs: it is 8086:5846, ${NVME} is declared`,
      `${GPU} differs: there is no /dev/vfio/30`,
      `${AUDIO} differs: it is on snd_hda_intel, not on vfio-pci`,
    ]);
  });

  it('finds a drive by the serial of its disk, which only its own driver shows, beside the one of the function', () => {
    const drive = '0000:60:00.0';
    node.addNvme(drive, 3, { deviceSerial: '00-25-38-5a-91-b0-0f-3c' });
    node.write('dev/vfio/23', '');
    node.table(`any ${drive} ${NVME} - - PHLJ3 - nvme`);
    expect(node.run().result[0]).toBe('bound');
    expect(verified()).toEqual(['verified', `${drive} as listed, on vfio-pci`]);
    expect(node.run()).toMatchObject({ status: 0, output: expect.stringContaining('on vfio-pci already') as unknown });

    node.table(`any ${drive} ${NVME} - - 00-25-38-5a-91-b0-0f-3d - nvme`);
    expect(verified()).toEqual([
      'differs',
      `${drive} differs: its serial is 00-25-38-5a-91-b0-0f-3c but 00-25-38-5a-91-b0-0f-3d is declared`,
    ]);
  });

  it('says what was refused at boot', () => {
    node.reboot();
    expect(verified().slice(0, 2)).toEqual(['differs', `${DATA} differs: it is on nvme, not on vfio-pci`]);
  });
});

describe('the program', () => {
  it('prints nothing that is not printable', () => {
    threeDrives();
    node.mount('259:10', '/var\u001b[2Jé', 'xfs', '/dev/nvme1n1');
    node.table(ROW);
    const { output, result } = node.run();
    expect(output).toContain('is mounted on /var?[2J??');
    expect(`${output}${result.join('\n')}`).toMatch(/^[ -~\n]*$/);
  });

  it('refuses an argument that it does not know', () => {
    expect(node.run(['--force'])).toMatchObject({
      status: 2,
      output: 'usage: hostdev-vfio-bind [--check | --release | --verify]\n',
    });
  });

  it('is carried into the output as it is', () => {
    expect(BIND_PROGRAM).toBe(readFileSync(PROGRAM, 'utf8'));
  });

  it('holds nothing that Flux or a template would replace', () => {
    expect(readdirSync(join(PROGRAM, '..'))).toContain('hostdev-vfio-bind.sh');
    expect(BIND_PROGRAM).toMatch(/^#!\/bin\/sh\n/);
    expect(BIND_PROGRAM).toMatch(/^[ -~\n…]*$/);
  });

  const shellcheck = spawnSync('shellcheck', ['--version']).status === 0;
  if (!shellcheck) console.warn('shellcheck is not installed: the bind program is not linted here');
  (shellcheck ? it : it.skip)('has nothing that shellcheck complains of', () => {
    expect(spawnSync('shellcheck', ['--shell=sh', PROGRAM], { encoding: 'utf8' }).stdout).toBe('');
  });
});
