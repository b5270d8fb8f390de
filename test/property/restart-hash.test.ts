import fc from 'fast-check';
import type { JsonObject } from '../../src/model';
import { RestartHashes } from '../../src/plan/baseline/restart-hash';
import { variedMachines, variedSpec } from '../support/varied-machines';

function hashesOf(specs: readonly JsonObject[], kind?: string): (string | undefined)[] {
  const hashes = new RestartHashes();
  return variedMachines(specs, kind).map((one) => hashes.of(one));
}

test('the hash of a VM does not depend on the VMs before it', () => {
  fc.assert(
    fc.property(fc.array(variedSpec, { minLength: 2, maxLength: 6 }), (specs) => {
      expect(hashesOf(specs)).toEqual(specs.flatMap((one) => hashesOf([one])));
    }),
  );
});

test('what KubeVirt changes in a running VM does not count, and everything else does', () => {
  const hashOf = (one: JsonObject): string | undefined => hashesOf([one])[0];
  const before = { domain: { cpu: { sockets: 1, cores: 2 }, devices: { disks: [], gpus: [] } }, networks: [] };

  expect(hashOf({ ...before, networks: [{ name: 'default' }], nodeSelector: { zone: 'a' } })).toBe(hashOf(before));
  expect(hashOf({ ...before, domain: { ...before.domain, cpu: { sockets: 2, cores: 2 } } })).toBe(hashOf(before));
  expect(hashOf({ ...before, domain: { ...before.domain, cpu: { sockets: 1, cores: 4 } } })).not.toBe(hashOf(before));
  expect(hashOf({ ...before, domain: { ...before.domain, devices: { disks: [] } } })).not.toBe(hashOf(before));
  expect(hashOf({ ...before, hostname: 'a' })).not.toBe(hashOf(before));
});

test('everything counts in an instance, which cannot be changed', () => {
  const hashOf = (one: JsonObject): string | undefined => hashesOf([one], 'VirtualMachineInstance')[0];

  expect(hashOf({ domain: {}, networks: [] })).not.toBe(hashOf({ domain: {} }));
  expect(hashOf({ domain: {}, networks: [] })).toBe(hashOf({ networks: [], domain: {} }));
});
