import type { AnalysedMachine } from '../../analysis';
import { isJsonObject, jsonAt } from '../../model';
import { exampleMachine } from '../example';
import {
  itemsIn,
  machineFindings,
  machinesLike,
  inSpec,
  specPlace,
  type MachineStatement,
} from '../machine-statements';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting } from '../words';

const machineWith = (networks: string, interfaces: string): string =>
  exampleMachine(`
networks: ${networks}
domain:
  memory: { guest: 4Gi }
  devices: { interfaces: ${interfaces} }
`);

const NETWORKS = ['networks'];
const INTERFACES = ['domain', 'devices', 'interfaces'];

export const unpairedNetwork = defineRule({
  code: 'VMI511',
  slug: 'vm/unpaired-network',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: 'a network of a VM has no interface, or an interface no network',
  why: `
An entry of \`networks\` and one of \`interfaces\` belong together by their name, and each has exactly one of the other. virt-api refuses a VM with one that is alone, "not found", and with two
of one name. A VM that has neither list gets the pod's network by itself.`,
  sources: [
    { claim: 'each has the other, and names are there once', url: `${KUBEVIRT}/pkg/network/admitter/netiface.go` },
  ],
  examples: {
    bad: [
      { name: 'a network alone', yaml: machineWith('[{ name: «storage», multus: { networkName: storage } }]', '[]') },
      {
        name: 'an interface alone',
        yaml: machineWith(
          '[{ name: default, pod: {} }]',
          '[{ name: default, masquerade: {} }, { name: «fast», sriov: {} }]',
        ),
      },
      {
        name: 'one network twice',
        yaml: machineWith(
          '[{ name: a, pod: {} }, { name: «a», multus: { networkName: b } }]',
          '[{ name: a, masquerade: {} }]',
        ),
      },
    ],
    good: [
      { name: 'a pair', yaml: machineWith('[{ name: default, pod: {} }]', '[{ name: default, masquerade: {} }]') },
      { name: 'neither', yaml: machineWith('[]', '[]') },
    ],
  },
  *check({ analysis }) {
    const statesSome = (one: AnalysedMachine): boolean =>
      [NETWORKS, INTERFACES].some((path) => inSpec(one, ...path) !== undefined);
    yield* machineFindings(machinesLike(analysis, statesSome), function* (machine) {
      yield* unpaired(machine, NETWORKS, INTERFACES, 'network', 'interface');
      yield* unpaired(machine, INTERFACES, NETWORKS, 'interface', 'network');
    });
  },
});

function* unpaired(
  machine: AnalysedMachine,
  path: readonly string[],
  partnerPath: readonly string[],
  what: string,
  partner: string,
): Iterable<MachineStatement> {
  const partners = new Set(itemsIn(machine, ...partnerPath).map((item) => jsonAt(item, 'name')));
  const names = new Set<unknown>();
  for (const [index, item] of itemsIn(machine, ...path).entries()) {
    const name = jsonAt(item, 'name');
    if (!isJsonObject(item) || typeof name !== 'string') continue;
    const isRepeated = names.has(name);
    names.add(name);
    if (!isRepeated && partners.has(name)) continue;
    yield {
      message: (vm) =>
        isRepeated
          ? fitting(`${vm} has 2 ${what}s ${name}`, `${vm} has 2 ${what}s of one name`)
          : fitting(`${what} ${name} of ${vm} has no ${partner}`, `a ${what} of ${vm} has no ${partner}`),
      at: specPlace(machine, ...path, index, 'name'),
      label: isRepeated ? 'the second one' : `no ${partner} has this name`,
      notes: ['virt-api refuses such a VM'],
    };
  }
}
