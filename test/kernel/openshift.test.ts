import { guestArtefacts } from './artefacts';
import { AT, boot, driversOf, seen, type GuestResult } from './guest';
import { PROGRAM, replaceTable, unitState } from './programs';
import { describeKernel } from './suite';

const NVME_ID = '1b36:0010';
const CHOSEN = [AT.data1, AT.gpu, AT.audio, AT.nic, AT.shared1, AT.shared2];
const OTHERS = [AT.boot, AT.data2, AT.data3, AT.uplink];

/** Kills the program before each of its writes in turn, and runs it again: one line a round, until one is not killed. */
const KILLED = `${replaceTable({ address: AT.data1, ids: [NVME_ID], class: '0108', serial: 'DATA1' })}
device=$(readlink -f /sys/bus/pci/devices/${AT.data1})
driver=$(readlink -f $device/driver)
for round in $(seq 1 20); do
  strace -qq -o /dev/null -P $device/driver_override -P $driver/unbind -P /sys/bus/pci/drivers_probe \\
    -P /run/hostdev/bind.journal.new -P /var/lib/hostdev/handed-over.new \\
    -e trace=write -e inject=write:signal=KILL:when=$round ${PROGRAM} > /dev/null 2>&1
  killed=$?
  ${PROGRAM} > /dev/null
  again=$?
  driver_now=$(basename $(readlink $device/driver))
  echo "killed=$killed again=$again on=$driver_now result=$(head -n 1 /run/hostdev/bind.status) journals=$(ls /run/hostdev | grep -c journal)"
  # as before the round
  echo > $device/driver_override
  echo ${AT.data1} > /sys/bus/pci/drivers/vfio-pci/unbind
  echo ${AT.data1} > /sys/bus/pci/drivers_probe
  rm -f /var/lib/hostdev/handed-over
  udevadm settle
  [ $killed -ne 0 ] || break
done`;

describeKernel('the MachineConfigs of an Intel machine', ({ cache }) => {
  let guest: GuestResult;
  beforeAll(async () => {
    const group = `$(basename $(readlink /sys/bus/pci/devices/${AT.data1}/iommu_group))`;
    guest = await boot(cache, {
      iommu: 'intel',
      ...guestArtefacts('intel'),
      steps: {
        booted: 'state',
        bind: unitState('hostdev-vfio-bind.service'),
        verify: unitState('hostdev-vfio-verify.service'),
        failed: 'systemctl --failed --plain --no-legend',
        result: 'cat /run/hostdev/bind.status',
        verified: 'cat /run/hostdev/verify.status',
        'kubelet-saw': 'cat /run/kubelet-saw',
        usable: `vfio-check ${CHOSEN.join(' ')} ${AT.data2}`,
        'half-a-group': `
echo ${AT.audio} > /sys/bus/pci/drivers/vfio-pci/unbind
echo > /sys/bus/pci/devices/${AT.audio}/driver_override
echo ${AT.audio} > /sys/bus/pci/drivers_probe
vfio-check ${AT.gpu}
${PROGRAM} --verify
echo status $?`,
        again: `${PROGRAM} && state`,
        'in-use': `sleep 1000 < /dev/vfio/${group} &
${PROGRAM} --release
status=$?
kill $!
wait
exit $status`,
        released: `${PROGRAM} --release && udevadm settle && state`,
        killed: KILLED,
      },
    });
  });

  it('boot to the end', () => {
    expect(guest.trouble).toBe('');
    console.info(`booted, checked and powered off in ${guest.seconds.toFixed(0)} s`);
  });

  it('turn on the IOMMU: 19 groups, host devices past it', () => {
    const { groups, functions } = seen(guest.step('booted'));
    expect(groups).toBe(19);
    expect(functions.get(AT.boot)?.type).toBe('identity');
    expect(functions.get(AT.data3)?.numa).toBe('1');
    expect(functions.get(AT.gpu)?.group).toBe(functions.get(AT.audio)?.group);
    expect(functions.get(AT.shared1)?.group).toBe(functions.get(AT.bridge)?.group);
  });

  it('bind what was declared before kubelet starts, and nothing that is like it', () => {
    for (const step of ['kubelet-saw', 'booted']) {
      expect(driversOf(guest.step(step), CHOSEN)).toEqual(CHOSEN.map(() => 'vfio-pci'));
      expect(driversOf(guest.step(step), OTHERS)).toEqual(['nvme', 'nvme', 'nvme', 'e1000e']);
    }
    expect(guest.step('bind').lines).toEqual(['active', 'success']);
    expect(guest.step('failed').lines).toEqual([]);
  });

  it('leave a result that people and programs can read', () => {
    const [outcome, node, ...functions] = guest.step('result').lines;
    expect(outcome).toBe('bound');
    expect(node).toMatch(/^node uuid=8f2c7a10-/);
    expect([...functions].sort()).toEqual([
      `${AT.data1} bound to vfio-pci, was on nvme`,
      `${AT.gpu} bound to vfio-pci, was on bochs-drm`,
      `${AT.audio} bound to vfio-pci, was on snd_hda_intel`,
      `${AT.shared1} bound to vfio-pci, was on e1000`,
      `${AT.shared2} bound to vfio-pci, was on e1000`,
      `${AT.nic} bound to vfio-pci, was on e1000e`,
    ]);
    expect(guest.step('verify').lines).toEqual(['active', 'success']);
    expect(guest.step('verified').lines[0]).toBe('verified');
  });

  it('give functions that a virtual machine can have', () => {
    expect(guest.step('usable').lines).toEqual([
      ...CHOSEN.map((address) => expect.stringMatching(new RegExp(`^vfio ${address} usable regions=\\d+$`)) as unknown),
      expect.stringMatching(`^vfio ${AT.data2} no /dev/vfio/`),
    ]);
  });

  it('notice a group that is no longer whole, and make it whole again', () => {
    expect(guest.step('half-a-group').lines).toEqual([
      `vfio ${AT.gpu} not viable`,
      `${PROGRAM}: ${AT.audio}: differs: it is on snd_hda_intel, not on vfio-pci`,
      `${PROGRAM}: result: differs`,
      'status 1',
    ]);
    expect(guest.step('again').lines).toContain(`${PROGRAM}: ${AT.data1}: on vfio-pci already`);
    expect(driversOf(guest.step('again'), CHOSEN)).toEqual(CHOSEN.map(() => 'vfio-pci'));
  });

  it('are given back, but not from under a virtual machine', () => {
    expect(guest.step('in-use').status).toBe(1);
    expect(guest.step('in-use').lines[0]).toContain(`${AT.data1}: refused: a virtual machine has it`);
    expect(driversOf(guest.step('released'), CHOSEN)).toEqual([
      'nvme',
      'bochs-drm',
      'snd_hda_intel',
      'e1000e',
      'e1000',
      'e1000',
    ]);
  });

  it('come out whole when the program is killed before any of its writes and run again', () => {
    const rounds = guest.step('killed').lines;
    expect(rounds.length).toBeGreaterThan(4);
    expect(rounds.slice(0, -1)).toEqual(
      rounds.slice(0, -1).map(() => 'killed=137 again=0 on=vfio-pci result=bound journals=0'),
    );
    expect(rounds.at(-1)).toBe('killed=0 again=0 on=vfio-pci result=bound journals=0');
  });
});
