import { keyPlace, placeAt, type Place } from '../../source';
import { exampleFleet } from '../example';
import { isLabelValue, isQualifiedName } from '../kubernetes-names';
import { defineRule } from '../rule';
import { KUBERNETES } from '../sources';
import { fitting } from '../words';

const fleetWith = (selector: string): string =>
  exampleFleet(`
nodePools:
  gpu: { nodes: [node01], ${selector} }
`);

export const invalidLabel = defineRule({
  code: 'NOD476',
  slug: 'node/invalid-label',
  severity: 'error',
  needs: [],
  summary: 'a label or taint of a pool is none that a Node can have',
  why: `
Labels and taints have keys of at most 63 letters, digits, \`-\`, \`_\` and \`.\`, with a DNS name and a slash before them where there is a prefix, and values of the
same letters. No Node has another one: the API server refuses the objects that name it.`,
  sources: [
    {
      claim: 'keys and values (IsQualifiedName, IsValidLabelValue)',
      url: `${KUBERNETES}/staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go`,
    },
  ],
  examples: {
    bad: [
      { name: 'a blank in the key', yaml: fleetWith('nodeSelector: { «"gpu node"»: "" }') },
      { name: 'a slash in the value', yaml: fleetWith('nodeSelector: { tier: «a/b» }') },
      { name: 'two slashes in a taint', yaml: fleetWith('taints: [{ key: «a/b/c», effect: NoSchedule }]') },
    ],
    good: [
      {
        name: 'a role',
        yaml: fleetWith(
          'nodeSelector: { node-role.kubernetes.io/gpu: "" }, taints: [{ key: nvidia.com/gpu, value: present, effect: NoSchedule }]',
        ),
      },
    ],
  },
  *check({ fleet }) {
    for (const pool of fleet.nodePools) {
      const labels = Object.entries(pool.nodeSelector ?? {}).map(([key, value]) => {
        const at = placeAt(pool.place, 'nodeSelector', key);
        return { what: 'label', key, value, atKey: keyPlace(at), atValue: at };
      });
      const taints = pool.taints.map(({ key, value = '' }, i) => {
        const at = placeAt(pool.place, 'taints', i);
        return { what: 'taint', key, value, atKey: placeAt(at, 'key'), atValue: placeAt(at, 'value') };
      });
      for (const { what, key, value, atKey, atValue } of [...labels, ...taints]) {
        const wrong: readonly [string, Place] | undefined = !isQualifiedName(key)
          ? ['key', atKey]
          : isLabelValue(value)
            ? undefined
            : ['value', atValue];
        if (wrong === undefined) continue;
        const [part, at] = wrong;
        yield {
          message: fitting(
            `the ${part} of ${what} ${key} of pool ${pool.name} is not valid`,
            `the ${part} of a ${what} of pool ${pool.name} is not valid`,
            `the ${part} of a ${what} of a pool is not valid`,
          ),
          primary: { at, text: `no Node has such a ${what}` },
          notes: ['the API server refuses such labels and taints'],
          help: ['write it as the Nodes have it'],
        };
      }
    }
  },
});
