import fc from 'fast-check';
import type { AnalysedMachine } from '../../src/analysis';
import { MachineVariants } from '../../src/analysis/machine-variants';
import type { JsonObject } from '../../src/model';

const word = fc.constantFrom('a', 'b');
const maybe = (value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => fc.option(value, { nil: undefined });

/** Specs that differ in few things, some of which are a VM's own. */
export const variedSpec = fc.record(
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

/** VMs of one shape as far as their specs say, each with its variant. */
export function variedMachines(specs: readonly JsonObject[], kind = 'VirtualMachine'): AnalysedMachine[] {
  const shape = { machines: [] };
  const variants = new MachineVariants();
  return specs.map((spec) => {
    const unvaried = { machine: { kind, spec, foreign: undefined }, spec, inherited: undefined, shape };
    const variant = variants.of(unvaried as unknown as AnalysedMachine);
    const one = { ...unvaried, variant } as unknown as AnalysedMachine;
    variant.machines.push(one);
    return one;
  });
}
