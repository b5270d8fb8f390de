import { lines, read, summaries, textAt } from './reading';

const T4 = '0000:65:00.0 3D controller [0302]: NVIDIA Corporation TU104GL [Tesla T4] [10de:1eb8] (rev a1)';
const BRIDGE = '0000:00:00.0 Host bridge [0600]: Intel Corporation Sky Lake-E DMI3 Registers [8086:2020] (rev 07)';
const DISK =
  '0000:5e:00.0 Non-Volatile memory controller [0108]: Intel Corporation QEMU NVM Express Controller [8086:5845] (rev 02)';
const DRIVER = '\tKernel driver in use: nvidia';
const ESC = '\u001b';

describe('a line of lspci', () => {
  it('gives address, class, id, revision and the name with its own brackets', () => {
    const { facts, problems } = read(lines(BRIDGE, T4));

    expect(facts['0000:65:00.0']).toEqual({
      class: '0302',
      id: '10de:1eb8',
      revision: 'a1',
      name: 'NVIDIA Corporation TU104GL [Tesla T4]',
    });
    expect(problems).toEqual([]);
  });

  it('belongs to domain 0000 when lspci leaves the domain out', () => {
    const { facts } = read(lines(BRIDGE.slice(5), T4.slice(5)));

    expect(Object.keys(facts)).toEqual(['0000:00:00.0', '0000:65:00.0']);
  });

  it('may stand in a domain of five digits', () => {
    const { facts } = read(lines(BRIDGE, DISK.replace('0000:5e', '10000:01')));

    expect(facts['10000:01:00.0']).toMatchObject({ id: '8086:5845' });
  });

  it('shows its programming interface under -v', () => {
    const { facts } = read(lines(BRIDGE, `${DISK} (prog-if 02 [NVM Express])`));

    expect(facts['0000:5e:00.0']).toMatchObject({ class: '010802', revision: '02', id: '8086:5845' });
  });

  it('shows numbers alone under -n', () => {
    const { facts, problems } = read(lines('00:00.0 0600: 8086:2020 (rev 07)', '65:00.0 0302: 10de:1eb8 (rev a1)'));

    expect(facts['0000:65:00.0']).toEqual({ class: '0302', id: '10de:1eb8', revision: 'a1' });
    expect(problems).toEqual([]);
  });

  it('has no name where pci.ids has none', () => {
    const { facts } = read(
      lines(
        '00:00.0 Host bridge [0600]: Intel Corporation Device [8086:6f00]',
        '01:00.0 Class [ff00]: Device [1af4:1100]',
        '02:00.0 Class 0780: Device 1af4:1003',
      ),
    );

    expect(facts).toEqual({
      '0000:00:00.0': { class: '0600', id: '8086:6f00' },
      '0000:01:00.0': { class: 'ff00', id: '1af4:1100' },
      '0000:02:00.0': { class: '0780', id: '1af4:1003' },
    });
  });

  it('says nothing of revision and interface when the function does not answer', () => {
    const { facts } = read(lines(BRIDGE, `${T4.replace('(rev a1)', '(rev ff)')} (prog-if ff)`));

    expect(facts['0000:65:00.0']).toMatchObject({ class: '0302', id: '10de:1eb8' });
    expect(facts['0000:65:00.0']).not.toHaveProperty('revision');
  });

  it('is placed at its address', () => {
    const { source, functions } = read(lines(BRIDGE, `  ${T4}`));

    expect(functions.map(({ place }) => textAt(source, place))).toEqual(['0000:00:00.0', '0000:65:00.0']);
  });

  it('is read with CRLF, upper case and indentation', () => {
    const { facts, problems } = read(`${BRIDGE}\r\n    ${T4.replace('65:00.0', 'AF:00.0')}\r\n`);

    expect(facts['0000:af:00.0']).toMatchObject({ id: '10de:1eb8', revision: 'a1' });
    expect(problems).toEqual([]);
  });
});

describe('the lines below a function', () => {
  const SUBSYSTEM = '\tSubsystem: NVIDIA Corporation TU104GL [Tesla T4] [10de:12a2]';

  it('give subsystem and driver under -k', () => {
    const { facts } = read(
      lines(BRIDGE, T4, SUBSYSTEM, '\tKernel driver in use: nvidia', '\tKernel modules: nouveau, nvidia'),
    );

    expect(facts['0000:65:00.0']).toMatchObject({ subsystem: '10de:12a2', driver: 'nvidia' });
  });

  it('give IOMMU group and NUMA node from the flags of -v', () => {
    const flags = '\tFlags: bus master, fast devsel, latency 0, IRQ 43, NUMA node 1, IOMMU group 29';
    const { facts } = read(lines(BRIDGE, T4, SUBSYSTEM, flags));

    expect(facts['0000:65:00.0']).toMatchObject({ iommuGroup: 29, numaNode: 1 });
  });

  it('give IOMMU group, NUMA node and SR-IOV counts from the lines of -vvv', () => {
    const { facts } = read(
      lines(
        BRIDGE,
        T4,
        '\tControl: I/O- Mem+ BusMaster+',
        '\tNUMA node: 0',
        '\tIOMMU group: 7',
        '\tCapabilities: [1d0 v1] Single Root I/O Virtualization (SR-IOV)',
        '\t\tInitial VFs: 16, Total VFs: 16, Number of VFs: 4, Function Dependency Link: 00',
        '\t\tVF offset: 4, stride: 1, Device ID: 1eb9',
      ),
    );

    expect(facts['0000:65:00.0']).toMatchObject({ iommuGroup: 7, numaNode: 0, totalVfs: 16, numVfs: 4 });
  });

  it('do not take the subsystem of a capability for the function’s own', () => {
    const { facts } = read(lines(BRIDGE, '\tCapabilities: [40] Subsystem: ASUSTeK Computer Inc. Device [1043:836b]'));

    expect(facts['0000:00:00.0']).not.toHaveProperty('subsystem');
  });

  it('hold the subsystem behind the label of a slot, as old releases print it', () => {
    const { facts } = read(lines(BRIDGE, T4, `\tDeviceName: Onboard${SUBSYSTEM}`));

    expect(facts['0000:65:00.0']).toMatchObject({ subsystem: '10de:12a2' });
  });

  it('are read without their indentation', () => {
    const { facts, problems } = read(lines(BRIDGE, T4, SUBSYSTEM.trim(), 'Kernel driver in use: vfio-pci'));

    expect(facts['0000:65:00.0']).toMatchObject({ subsystem: '10de:12a2', driver: 'vfio-pci' });
    expect(problems).toEqual([]);
  });

  it('show no serial: neither a device serial number nor the one of a board', () => {
    const { facts } = read(
      lines(
        BRIDGE,
        T4,
        '\tCapabilities: [160] Device Serial Number 00-00-00-00-ec-10-68-81',
        '\t\t\t[SN] Serial number: MT42',
      ),
    );

    expect(facts['0000:65:00.0']).not.toHaveProperty('serial');
  });
});

describe('a driver', () => {
  const BOUND = lines(BRIDGE, '\tSubsystem: Dell Device [1028:0a6b]', '\tKernel driver in use: pcieport');

  it('is known to be none where the text shows drivers and this function has lines without one', () => {
    const { facts } = read(
      BOUND + lines(T4, '\tSubsystem: NVIDIA Corporation Device [10de:12a2]', '\tKernel modules: nouveau'),
    );

    expect(facts['0000:65:00.0']).toHaveProperty('driver', null);
  });

  it('is unknown where no function of the text shows one', () => {
    const { facts } = read(lines(BRIDGE, T4, '\tSubsystem: NVIDIA Corporation Device [10de:12a2]'));

    expect(facts['0000:65:00.0']).not.toHaveProperty('driver');
  });

  it('is unknown where the function has no lines of its own', () => {
    const { facts } = read(BOUND + lines(T4));

    expect(facts['0000:65:00.0']).not.toHaveProperty('driver');
  });

  it('is unknown where a filter took lines out', () => {
    const { facts } = read(BOUND + lines('--', T4, '\tSubsystem: NVIDIA Corporation Device [10de:12a2]'));

    expect(facts['0000:65:00.0']).not.toHaveProperty('driver');
  });

  it.each(['\tSubsystem: NVIDIA Corpora', '\tSubsystem: NVIDIA Corporation Device [10de:12a2]\n'])(
    'is unknown where the text may be cut off behind the function: %j',
    (end) => {
      const { facts } = read(BOUND + lines(T4) + end);

      expect(facts['0000:65:00.0']).not.toHaveProperty('driver');
    },
  );

  it.each(['\n', `${DISK}\n`])('is known to be none where the function is followed by %j', (next) => {
    const { facts } = read(BOUND + lines(T4, '\tSubsystem: NVIDIA Corporation Device [10de:12a2]') + next);

    expect(facts['0000:65:00.0']).toHaveProperty('driver', null);
  });
});

describe('virtual functions', () => {
  const CARD = lines(
    BRIDGE,
    'b0:00.0 Ethernet controller [0200]: Mellanox Technologies MT27800 Family [ConnectX-5] [15b3:1017]',
    '\t\tInitial VFs: 8, Total VFs: 8, Number of VFs: 2, Function Dependency Link: 00',
    '\t\tVF offset: 2, stride: 1, Device ID: 1018',
  );
  const vf = (address: string, id = '15b3:1018'): string =>
    `${address} Ethernet controller [0200]: Mellanox Technologies MT27800 Family [ConnectX-5 Virtual Function] [${id}]`;

  it('belong to the physical function whose capability places them', () => {
    const { facts } = read(CARD + lines(vf('b0:00.2'), vf('b0:00.3'), vf('b0:00.4')));

    expect(facts['0000:b0:00.2']).toHaveProperty('physicalFunction', '0000:b0:00.0');
    expect(facts['0000:b0:00.3']).toHaveProperty('physicalFunction', '0000:b0:00.0');
    expect(facts['0000:b0:00.4']).not.toHaveProperty('physicalFunction');
  });

  it('are not guessed where the device id is another one', () => {
    const { facts } = read(CARD + lines(vf('b0:00.2', '15b3:101a')));

    expect(facts['0000:b0:00.2']).not.toHaveProperty('physicalFunction');
  });

  it('may stand on the next bus and be spread by a stride', () => {
    const spread = CARD.replace('offset: 2, stride: 1', 'offset: 256, stride: 2');
    const { facts } = read(spread + lines(vf('b1:00.0'), vf('b1:00.1'), vf('b1:00.2')));

    expect(facts['0000:b1:00.0']).toHaveProperty('physicalFunction', '0000:b0:00.0');
    expect(facts['0000:b1:00.1']).not.toHaveProperty('physicalFunction');
    expect(facts['0000:b1:00.2']).toHaveProperty('physicalFunction', '0000:b0:00.0');
  });
});

describe('what stands around a listing', () => {
  it('is passed over where it is the command, a comment, a hex dump or the error stream', () => {
    const { facts, problems } = read(
      lines(
        '# node01, before preparation',
        '[root@node01 ~]# lspci -Dnnxv',
        'lspci: Unable to load libkmod resources: error -2',
        BRIDGE,
        '00: 86 80 20 20 00 00 10 00 07 00 00 06 00 00 00 00',
        '',
        T4,
      ),
    );

    expect(Object.keys(facts)).toHaveLength(2);
    expect(problems).toEqual([]);
  });

  it.each([
    ['a coloured listing', [`${ESC}[35m${ESC}[K65:00.0${ESC}[m${ESC}[K${T4.slice(12)}`, `${ESC}[2m${DRIVER}${ESC}[0m`]],
    ['colours as `cat -v` shows them', [`^[[01;31m65:00.0^[[0m${T4.slice(12)}`, DRIVER]],
    ['a title of a terminal', [`${ESC}]0;root@node01:~\u0007[root@node01 ~]# lspci -Dnnk`, T4, DRIVER]],
    ['a prompt below it', [T4, DRIVER, '[root@node01 ~]# exit', 'exit']],
    [
      'a prompt of Ubuntu',
      ['core@node01:~$ sudo lspci -Dnnk', '[sudo] password for core: ', T4, DRIVER, 'core@node01:~$ '],
    ],
    [
      'the lecture of sudo',
      [
        'We trust you have received the usual lecture from the local System',
        '    #2) Think before you type.',
        T4,
        DRIVER,
      ],
    ],
    [
      'oc debug',
      [
        'Starting pod/node01-debug ...',
        'To use host binaries, run `chroot /host`',
        'sh-5.1# lspci -Dnnk',
        T4,
        DRIVER,
        '',
        'Removing debug pod ...',
      ],
    ],
    [
      'ssh',
      [
        "Warning: Permanently added 'node01' (ED25519) to the list of known hosts.",
        T4,
        DRIVER,
        'Connection to node01 closed.',
      ],
    ],
    ['a quotation', [`> ${T4}`, `> ${DRIVER}`]],
    ['a quotation of a quotation', [`>> ${T4}`, `>> ${DRIVER}`]],
    ['a fence of a ticket', ['```text', T4, DRIVER, '```']],
    ['doubled carriage returns', [`${T4}\r\r`, `${DRIVER}\r\r`]],
  ])('is passed over where it is %s', (_, text) => {
    const { facts, problems } = read(lines(BRIDGE, ...text));

    expect(facts['0000:65:00.0']).toMatchObject({ id: '10de:1eb8', driver: 'nvidia' });
    expect(problems).toEqual([]);
  });

  it('leaves functions where they stand in the text', () => {
    const { source, functions } = read(lines(`> ${ESC}[35m65:00.0${ESC}[m${T4.slice(12)}`));

    expect(functions.map(({ place }) => textAt(source, place))).toEqual(['65:00.0']);
  });

  it('says by a prompt that the text above has come to its end', () => {
    const { facts, problems } = read(`${BRIDGE}\n${DRIVER}\n${T4}\n\tSubsystem: NVIDIA [10de:12a2]\n[root@node01 ~]# `);

    expect(facts['0000:65:00.0']).toHaveProperty('driver', null);
    expect(problems).toEqual([]);
  });

  it('is reported once where it is anything else', () => {
    const { source, problems } = read(lines('it says:', BRIDGE, T4, 'that was node01', 'and so on'));

    expect(summaries(source, problems)).toEqual([
      'warning inventory/stray-text: 3 lines are not ones that lspci prints @ it says:',
    ]);
    expect(problems[0]?.secondary.map(({ text }) => text)).toEqual(['passed over, with the 1 line below']);
  });

  it('is named where lspci could not read a function and left it out', () => {
    const error = 'lspci: Unable to read the standard configuration space header of device 0000:66:00.0';
    const { source, problems } = read(lines(error, BRIDGE, T4));

    expect(summaries(source, problems)).toEqual([
      `warning inventory/unlisted-function: lspci names 0000:66:00.0 in an error and does not list it @ ${error}`,
    ]);
  });

  it('is no reason to worry where lspci listed the function all the same', () => {
    const { problems } = read(lines('pcilib: Cannot open /sys/bus/pci/devices/0000:65:00.0/config', BRIDGE, T4));

    expect(problems).toEqual([]);
  });
});

describe('a text with faults', () => {
  it('with the misprint of the user guide is understood, with a safe fix', () => {
    const { source, facts, problems } = read(lines(BRIDGE, T4.replace('0000:65', '0000.65')));

    expect(facts).toHaveProperty(['0000:65:00.0', 'id'], '10de:1eb8');
    expect(summaries(source, problems)).toEqual([
      'warning inventory/misprinted-address: the address 0000:65:00.0 has a full stop behind its domain @ 0000.65:00.0',
    ]);
    expect(problems[0]?.fixes).toMatchObject([{ safe: true, edits: [{ text: '0000:65:00.0' }] }]);
  });

  it('without -nn gives functions without ids and one warning', () => {
    const { source, facts, problems } = read(
      lines(
        '00:00.0 Host bridge: Intel Corporation DMI2',
        '65:00.0 3D controller: NVIDIA Corporation TU104GL [Tesla T4] (rev a1)',
      ),
    );

    expect(facts['0000:65:00.0']).toEqual({ name: 'NVIDIA Corporation TU104GL [Tesla T4]', revision: 'a1' });
    expect(summaries(source, problems)).toEqual([
      'warning inventory/missing-ids: the text shows no vendor and device ids @ 00:00.0',
    ]);
    expect(problems[0]?.help).toEqual(['take the text with `lspci -Dnnvv`']);
  });

  it('with one id cut away names that function', () => {
    const { source, problems } = read(lines(BRIDGE, T4.slice(0, -22)));

    expect(summaries(source, problems)).toEqual([
      'warning inventory/missing-ids: 1 PCI function of 2 has no vendor and device id @ 0000:65:00.0',
    ]);
  });

  it.each([
    ['65:00 3D controller [0302]: NVIDIA Corporation TU104GL [Tesla T4] [10de:1eb8]', '65:00'],
    ['0000:65:00.8 3D controller [0302]: NVIDIA Corporation TU104GL [Tesla T4] [10de:1eb8]', '0000:65:00.8'],
    ['0000:65:00.00 3D controller [0302]: NVIDIA Corporation TU104GL [Tesla T4] [10de:1eb8]', '0000:65:00.00'],
    ['0000:6g:00.0 3D controller [0302]: NVIDIA Corporation TU104GL [Tesla T4] [10de:1eb8]', '0000:6g:00.0'],
    ['0000:65:00.0 3D contr', '0000:65:00.0'],
    ['65:00.0 "3D controller [0302]" "NVIDIA Corporation [10de]" "TU104GL [Tesla T4] [1eb8]" -ra1 "" ""', '65:00.0'],
  ])('with a function that cannot be read is an error: %s', (line, marked) => {
    const { source, facts, problems } = read(lines(BRIDGE, line));

    expect(Object.keys(facts)).toEqual(['0000:00:00.0']);
    expect(summaries(source, problems)).toEqual([
      `error inventory/unreadable-function: a PCI function is named in a form that cannot be read @ ${marked}`,
    ]);
  });

  it('does not give the details of an unreadable function to the one above', () => {
    const { facts } = read(
      lines(BRIDGE, '65:00.8 3D controller [0302]: X [10de:1eb8]', '\tKernel driver in use: nvidia'),
    );

    expect(facts['0000:00:00.0']).not.toHaveProperty('driver');
  });

  it.each([3, 20, 40])(
    'that ends in the middle of a line is said to be cut off: %d characters are missing',
    (missing) => {
      const line = T4.slice(0, -missing);
      const { source, facts, problems } = read(lines(BRIDGE) + line);

      expect(facts['0000:65:00.0']?.['id']).toBe(missing === 3 ? '10de:1eb8' : undefined);
      expect(summaries(source, problems)).toEqual([
        `warning inventory/cut-off-text: the text ends without a line end @ ${line.trimEnd()}`,
      ]);
    },
  );

  it.each([
    ['', 'the text is empty', 'expected what lspci prints'],
    ['\n \n', 'the text is empty', 'expected what lspci prints'],
    ['hello\nworld\n', 'the text lists no PCI function', 'expected what lspci prints'],
    [
      'Slot:\t65:00.0\nClass:\t3D controller [0302]\n',
      'the text lists no PCI function',
      'the form of `lspci -vmm` is not read',
    ],
    ['-[0000:00]-+-00.0\n           +-01.0\n', 'the text lists no PCI function', 'the form of `lspci -t` is not read'],
  ])('without a function is an error: %j', (text, message, label) => {
    const { facts, problems } = read(text);

    expect(facts).toEqual({});
    expect(problems).toMatchObject([{ code: 'INV101', severity: 'error', message, primary: { text: label } }]);
  });

  it('without a bridge is worth knowing', () => {
    const { source, problems } = read(lines(T4, DISK));

    expect(summaries(source, problems)).toEqual([
      'info inventory/partial-listing: the text lists 2 PCI functions and no bridge @ 0000:5e:00.0',
    ]);
  });
});

describe('two listings in one text', () => {
  it('complete each other', () => {
    const verbose = lines(
      BRIDGE,
      '',
      `${DISK} (prog-if 02 [NVM Express])`,
      '\tFlags: fast devsel, IOMMU group 15',
      '\tKernel driver in use: nvme',
    );
    const { source, facts, problems } = read(lines(BRIDGE, DISK) + verbose);

    expect(facts['0000:5e:00.0']).toMatchObject({ class: '010802', driver: 'nvme', iommuGroup: 15 });
    expect(summaries(source, problems)).toEqual([
      'info inventory/function-listed-twice: 2 PCI functions are listed more than once @ 0000:00:00.0',
    ]);
  });

  it('of different machines are an error that shows both entries', () => {
    const { source, problems } = read(lines(BRIDGE, T4, T4.replace('10de:1eb8', '10de:1db6')));

    expect(summaries(source, problems)).toEqual([
      'error inventory/contradictory-listing: the text says different things of 0000:65:00.0 @ 0000:65:00.0',
    ]);
    expect(problems[0]).toMatchObject({ primary: { text: 'id 10de:1db6' }, secondary: [{ text: 'id 10de:1eb8' }] });
  });

  it('with another driver each are an error as well', () => {
    const { problems } = read(
      lines(BRIDGE, T4, '\tKernel driver in use: nvidia', T4, '\tKernel driver in use: vfio-pci'),
    );

    expect(problems).toMatchObject([{ slug: 'inventory/contradictory-listing', primary: { text: 'driver vfio-pci' } }]);
  });
});
