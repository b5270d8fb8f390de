import fc from 'fast-check';
import type { AnalysedMachine } from '../../src/analysis';
import type { JsonObject } from '../../src/model';
import { RestartHashes } from '../../src/plan/baseline/restart-hash';

/** A VM as far as its hash is concerned. All are of one shape, so that each is compared with the one before it. */
const SHAPE = { machines: [] };
const machineOf = (spec: JsonObject, kind = 'VirtualMachine'): AnalysedMachine =>
  ({ machine: { kind, spec, foreign: undefined }, shape: SHAPE }) as unknown as AnalysedMachine;

const word = fc.constantFrom('a', 'b');
const maybe = (value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => fc.option(value, { nil: undefined });
/** Specs that differ in few things, some of which count. */
const spec = fc.record(
  {
    domain: fc.oneof(
      fc.record(
        {
          cpu: fc.oneof(word, fc.record({ sockets: fc.nat(1), cores: fc.nat(1) }, { requiredKeys: [] })),
          memory: fc.record({ guest: word, hugepages: maybe(fc.record({ pageSize: word })) }, { requiredKeys: [] }),
          devices: fc.record(
            { disks: fc.array(word, { maxLength: 1 }), interfaces: word, gpus: fc.array(fc.record({ name: word })) },
            { requiredKeys: [] },
          ),
        },
        { requiredKeys: [] },
      ),
      word,
    ),
    nodeSelector: fc.dictionary(word, word),
    volumes: fc.array(word, { maxLength: 2 }),
    tolerations: maybe(fc.constant([])),
    constructor: word,
    hostname: maybe(word),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<JsonObject>;

test('the hash of a VM does not depend on the VMs before it', () => {
  fc.assert(
    fc.property(fc.array(spec, { minLength: 2, maxLength: 6 }), (specs) => {
      const shared = new RestartHashes();
      for (const one of specs) expect(shared.of(machineOf(one))).toBe(new RestartHashes().of(machineOf(one)));
    }),
  );
});

test('what KubeVirt changes in a running VM does not count, and everything else does', () => {
  const hashOf = (one: JsonObject): string | undefined => new RestartHashes().of(machineOf(one));
  const before = { domain: { cpu: { sockets: 1, cores: 2 }, devices: { disks: [], gpus: [] } }, networks: [] };

  expect(hashOf({ ...before, networks: [{ name: 'default' }], nodeSelector: { zone: 'a' } })).toBe(hashOf(before));
  expect(hashOf({ ...before, domain: { ...before.domain, cpu: { sockets: 2, cores: 2 } } })).toBe(hashOf(before));
  expect(hashOf({ ...before, domain: { ...before.domain, cpu: { sockets: 1, cores: 4 } } })).not.toBe(hashOf(before));
  expect(hashOf({ ...before, domain: { ...before.domain, devices: { disks: [] } } })).not.toBe(hashOf(before));
  expect(hashOf({ ...before, hostname: 'a' })).not.toBe(hashOf(before));
});

test('everything counts in an instance, which cannot be changed', () => {
  const hashOf = (one: JsonObject): string | undefined =>
    new RestartHashes().of(machineOf(one, 'VirtualMachineInstance'));

  expect(hashOf({ domain: {}, networks: [] })).not.toBe(hashOf({ domain: {} }));
  expect(hashOf({ domain: {}, networks: [] })).toBe(hashOf({ networks: [], domain: {} }));
});
