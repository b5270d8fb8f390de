import { guestArtefacts } from './artefacts';
import { AT, boot, driversOf, type GuestResult } from './guest';
import { PROGRAM, tableOf, unitState } from './programs';
import { describeKernel } from './suite';

const NVME = { ids: ['1b36:0010'], class: '0108' };
const TABLE = '/etc/hostdev/bindings';

/** The compiled files, with the table of somebody who listed the boot disk. */
function withBootDisk(address: string): ReturnType<typeof guestArtefacts> {
  const { files, kernelArguments } = guestArtefacts('intel');
  const table = tableOf({ address, ...NVME }, { address: AT.nic, ids: ['8086:10d3'] });
  return { kernelArguments, files: files.map((file) => (file.path === TABLE ? { ...file, text: table } : file)) };
}

describeKernel('a boot disk that is declared by mistake', ({ cache }) => {
  describe.each([
    ['multipath', AT.boot, /nvme0n1 is mounted on \/$/],
    ['lvm', AT.data2, /nvme\dn1 is held by dm-0 hostvg-root$/],
  ] as const)('with the root on %s', (root, address, reason) => {
    let guest: GuestResult;
    beforeAll(async () => {
      guest = await boot(cache, {
        iommu: 'intel',
        root,
        ...withBootDisk(address),
        steps: {
          booted: 'state',
          mounted: 'findmnt -no SOURCE /; touch /still-there',
          bind: unitState('hostdev-vfio-bind.service'),
          verify: unitState('hostdev-vfio-verify.service'),
          kubelet: unitState('kubelet.service'),
          result: 'cat /run/hostdev/bind.status',
          journal: 'journalctl -b -o cat -u hostdev-vfio-bind.service',
        },
      });
    });

    it('stays with the host, which comes up', () => {
      expect(guest.trouble).toBe('');
      console.info(`booted, checked and powered off in ${guest.seconds.toFixed(0)} s`);
      expect(driversOf(guest.step('booted'), [address, AT.nic])).toEqual(['nvme', 'e1000e']);
      expect(guest.step('mounted').status).toBe(0);
      expect(guest.step('kubelet').lines).toEqual(['active', 'success']);
    });

    it('fails the units loudly, with the reason', () => {
      expect(guest.step('bind').lines).toEqual(['failed', 'exit-code']);
      expect(guest.step('verify').lines).toEqual(['failed', 'exit-code']);
      const [outcome, , ...reasons] = guest.step('result').lines;
      expect(outcome).toBe('refused');
      expect(reasons).toContainEqual(expect.stringMatching(reason));
      expect(guest.step('journal').lines.join('\n')).toContain(`${PROGRAM}: ${address}: refused: `);
    });
  });
});
