import { guestArtefacts } from './artefacts';
import { BY_ID } from './fleet';
import { AT, boot, driversOf, seen, type GuestResult } from './guest';
import { unitState } from './programs';
import { describeKernel } from './suite';

describeKernel('without kernel arguments of ours', ({ cache }) => {
  it('the kernel starts with no IOMMU group, so that other tests prove what our arguments do', async () => {
    const guest = await boot(cache, { iommu: 'intel', kernelArguments: ['test_stop=early'] });
    expect(guest.trouble).toBe('');
    console.info(`reported and powered off in ${guest.seconds.toFixed(0)} s`);
    expect(seen(guest.step('state')).groups).toBe(0);
  });
});

describeKernel('binding by id', ({ cache }) => {
  let guest: GuestResult;
  beforeAll(async () => {
    const compiled = guestArtefacts('intel', BY_ID);
    guest = await boot(cache, {
      iommu: 'intel',
      kernelArguments: compiled.kernelArguments,
      devices: ['virtio-gpu-pci,bus=port9'],
      files: compiled.files,
      steps: {
        booted: 'state',
        modules: unitState('systemd-modules-load.service'),
        usable: `vfio-check ${AT.display}`,
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
    expect(guest.step('usable').lines).toEqual([expect.stringMatching(`^vfio ${AT.display} usable`)]);
  });

  it('takes the NIC that carries the default route as well, when its id is listed by hand', () => {
    // and a second list replaces the first
    expect(driversOf(guest.step('hazard'), [AT.nic, AT.uplink, AT.display])).toEqual(['vfio-pci', 'vfio-pci', 'none']);
  });
});
