import { guestArtefacts } from './artefacts';
import { BY_ID_AND_VIRTUAL } from './fleet';
import { AT, boot, driversOf, seen, type GuestResult } from './guest';
import { PROGRAM, replaceTable, unitState } from './programs';
import { describeKernel } from './suite';

describeKernel('without kernel arguments of ours', ({ cache }) => {
  it('the kernel starts with no IOMMU group, so that other tests prove what our arguments do', async () => {
    const guest = await boot(cache, { iommu: 'intel', kernelArguments: ['test_stop=early'] });
    expect(guest.trouble).toBe('');
    console.info(`reported and powered off in ${guest.seconds.toFixed(0)} s`);
    expect(seen(guest.step('state')).groups).toBe(0);
  });
});

const VIRTUAL = [AT.virtual1, AT.virtual2];

describeKernel('binding by id, beside virtual functions that are made at boot', ({ cache }) => {
  let guest: GuestResult;
  beforeAll(async () => {
    const compiled = guestArtefacts('intel', BY_ID_AND_VIRTUAL);
    guest = await boot(cache, {
      iommu: 'intel',
      kernelArguments: compiled.kernelArguments,
      devices: [
        'virtio-gpu-pci,bus=port9',
        'nvme-subsys,id=many',
        'nvme,serial=MANY0,subsys=many,bus=port10,sriov_max_vfs=2,sriov_vq_flexible=4,sriov_vi_flexible=2',
      ],
      files: compiled.files,
      steps: {
        booted: 'state',
        modules: unitState('systemd-modules-load.service'),
        usable: `vfio-check ${AT.display} ${VIRTUAL.join(' ')}`,
        'kubelet-saw': 'cat /run/kubelet-saw',
        units: `${unitState('hostdev-virtual-functions.service')}; ${unitState('hostdev-vfio-bind.service')}`,
        results: 'cat /run/hostdev/functions.status; tail -n +3 /run/hostdev/bind.status',
        again: 'hostdev-virtual-functions',
        'other-number': 'echo any 1b36:0010 1 > /etc/hostdev/virtual-functions; hostdev-virtual-functions',
        card: `${replaceTable({ address: AT.card, ids: ['1b36:0010'], class: '0108' })}${PROGRAM}; echo status $?; state`,
        hazard: `
printf 'options vfio-pci ids=8086:10d3\\nsoftdep e1000e pre: vfio-pci\\n' > /etc/modprobe.d/zz-by-hand.conf
modprobe -r e1000e vfio-pci
modprobe e1000e
state`,
      },
    });
  });

  it('takes every function of the id, where all of them are declared and no driver competes', () => {
    expect(guest.trouble).toBe('');
    console.info(`booted, checked and powered off in ${guest.seconds.toFixed(0)} s`);
    expect(driversOf(guest.step('booted'), [AT.display, AT.gpu, AT.boot])).toEqual(['vfio-pci', 'bochs-drm', 'nvme']);
    expect(guest.step('usable').lines[0]).toMatch(`vfio ${AT.display} usable`);
  });

  it('makes virtual functions and hands them over before kubelet starts, and no disk that has their id', () => {
    expect(guest.step('units').lines).toEqual(['active', 'success', 'active', 'success']);
    for (const step of ['kubelet-saw', 'booted']) {
      expect(driversOf(guest.step(step), [...VIRTUAL, AT.card, AT.boot, AT.data1])).toEqual([
        ...VIRTUAL.map(() => 'vfio-pci'),
        ...['nvme', 'nvme', 'nvme'],
      ]);
    }
    expect(guest.step('results').lines).toEqual([
      'made',
      `${AT.card} got 2`,
      ...VIRTUAL.map((address) => expect.stringMatching(`^${address} bound to vfio-pci, was on `) as unknown),
    ]);
    expect(guest.step('usable').lines.slice(1)).toEqual(
      VIRTUAL.map((address) => expect.stringMatching(`^vfio ${address} usable regions=`) as unknown),
    );
  });

  it('leaves virtual functions that are there, whatever number is listed, and does not hand over their card', () => {
    expect(guest.step('again')).toEqual({
      status: 0,
      lines: [`hostdev-virtual-functions: ${AT.card}: has 2 already`, 'hostdev-virtual-functions: result: made'],
    });
    expect(guest.step('other-number').status).toBe(1);
    expect(guest.step('other-number').lines[0]).toContain(`${AT.card}: refused: it has 2 of them, 1 are declared`);
    expect(guest.step('card').lines).toContain(
      `${PROGRAM}: ${AT.card}: refused: 2 of its virtual functions are enabled`,
    );
    expect(driversOf(guest.step('card'), [AT.card, ...VIRTUAL])).toEqual(['nvme', 'vfio-pci', 'vfio-pci']);
  });

  it('takes the NIC that carries the default route as well, when its id is listed by hand', () => {
    // and a second list replaces the first
    expect(driversOf(guest.step('hazard'), [AT.nic, AT.uplink, AT.display])).toEqual(['vfio-pci', 'vfio-pci', 'none']);
  });
});
