import type { AnalysedMachine } from '../../analysis';
import { jsonAt, type JsonValue } from '../../model';
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
    const { machines } = machinesLike(analysis, statesSome);
    yield* machineFindings({ machines: machines.filter((one) => !isInPairs(one)) }, function* (machine) {
      const networks = namesIn(machine, NETWORKS);
      const interfaces = namesIn(machine, INTERFACES);
      yield* unpaired(machine, NETWORKS, networks, interfaces, 'network', 'interface');
      yield* unpaired(machine, INTERFACES, interfaces, networks, 'interface', 'network');
    });
  },
});

/** Whether each network has its interface at the same place of the other list, as in nearly every VM. */
function isInPairs(machine: AnalysedMachine): boolean {
  const networks = itemsIn(machine, ...NETWORKS);
  const interfaces = itemsIn(machine, ...INTERFACES);
  if (networks.length !== interfaces.length) return false;
  for (let i = 0; i < networks.length; i++) {
    const name = nameOf(networks[i]);
    if (name === undefined || name !== nameOf(interfaces[i])) return false;
    for (let before = 0; before < i; before++) if (nameOf(networks[before]) === name) return false;
  }
  return true;
}

type Names = readonly (string | undefined)[];

/** The name of each item of a list; undefined where it has none that is a text. */
function namesIn(machine: AnalysedMachine, path: readonly string[]): Names {
  return itemsIn(machine, ...path).map(nameOf);
}

function nameOf(item: JsonValue | undefined): string | undefined {
  const name = jsonAt(item, 'name');
  return typeof name === 'string' ? name : undefined;
}

function* unpaired(
  machine: AnalysedMachine,
  path: readonly string[],
  names: Names,
  partners: Names,
  what: string,
  partner: string,
): Iterable<MachineStatement> {
  for (let index = 0; index < names.length; index++) {
    const name = names[index];
    if (name === undefined) continue;
    const isRepeated = names.indexOf(name) < index;
    if (!isRepeated && partners.includes(name)) continue;
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
