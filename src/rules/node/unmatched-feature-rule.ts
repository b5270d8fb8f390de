import { isJsonObject, jsonAt, type JsonObject, type JsonValue } from '../../model';
import { listAt } from '../../openshift';
import { keyPlace, placeAt, type Place } from '../../source';
import { defineRule, type FleetFinding } from '../rule';
import { fitting } from '../words';

const rule = (label: string, device: string): string => `
apiVersion: nfd.k8s-sigs.io/v1alpha1
kind: NodeFeatureRule
metadata: { name: gpus }
spec:
  rules:
    - name: t4
      labels: { ${label}: "true" }
      matchFeatures:
        - feature: pci.device
          matchExpressions:
            vendor: { op: In, value: ["10de"] }
            device: { op: In, value: [${device}] }
`;

export const unmatchedFeatureRule = defineRule({
  code: 'NOD468',
  slug: 'node/unmatched-feature-rule',
  severity: 'error',
  needs: [],
  manifests: [],
  manifestsOnly: true,
  summary: 'a rule of node-feature-discovery never labels a node',
  why: `
node-feature-discovery compares ids as texts: four hexadecimal digits in lower case. \`1EB8\` or \`0x1eb8\` matches nothing. A label needs a domain, and one of
Kubernetes' own, \`node-role.kubernetes.io\` among them, is refused unless it is \`feature.node.kubernetes.io\` or \`profile.node.kubernetes.io\`. Nodes without
the label get no pods that select it.`,
  sources: [
    {
      claim: 'what is compared, and which labels are refused',
      url: 'https://github.com/kubernetes-sigs/node-feature-discovery/blob/v0.17.0/docs/usage/customization-guide.md',
    },
  ],
  examples: {
    bad: [
      { name: 'upper case', reads: 'manifests', yaml: rule('example.com/t4', '«"1EB8"»') },
      {
        name: 'a role',
        reads: 'manifests',
        yaml: rule('«node-role.kubernetes.io/gpu»', '"1eb8"'),
      },
    ],
    good: [{ name: 'lower case and a domain', reads: 'manifests', yaml: rule('example.com/t4', '"1eb8"') }],
  },
  *check({ fleet }) {
    for (const { kind, content, place } of fleet.cluster.current ?? []) {
      if (kind !== 'NodeFeatureRule') continue;
      for (const [i, one] of listAt(content, 'spec', 'rules').entries()) {
        const at = placeAt(place, 'spec', 'rules', i);
        yield* refusedLabels(one, at);
        yield* unmatchedIds(one, at);
      }
    }
  },
});

function* refusedLabels(one: JsonValue, at: Place): Iterable<FleetFinding> {
  const labels = jsonAt(one, 'labels');
  for (const name of Object.keys(isJsonObject(labels) ? labels : {})) {
    const domain = name.includes('/') ? name.slice(0, name.indexOf('/')) : '';
    const isOwn = /(?:^|\.)(?:feature|profile)\.node\.kubernetes\.io$/.test(domain);
    const isRefused = domain === '' || (/(?:^|\.)kubernetes\.io$/.test(domain) && !isOwn);
    if (!isRefused) continue;
    yield {
      message: fitting(
        `label ${name} is refused by node-feature-discovery`,
        'a label is refused by node-feature-discovery',
      ),
      primary: {
        at: keyPlace(placeAt(at, 'labels', name)),
        text: domain === '' ? 'needs a domain' : "Kubernetes' own domain",
      },
      help: ['use a domain of your own, `example.com/gpu`'],
    };
  }
}

const FIELDS = ['vendor', 'device', 'class', 'subsystem_vendor', 'subsystem_device'];

function* unmatchedIds(one: JsonValue, at: Place): Iterable<FleetFinding> {
  const holders = [
    { value: listAt(one, 'matchFeatures'), at: placeAt(at, 'matchFeatures') },
    ...listAt(one, 'matchAny').map((any, i) => ({
      value: listAt(any, 'matchFeatures'),
      at: placeAt(at, 'matchAny', i, 'matchFeatures'),
    })),
  ];
  for (const holder of holders) {
    for (const [i, feature] of holder.value.entries()) {
      const expressions = jsonAt(feature, 'matchExpressions');
      if (jsonAt(feature, 'feature') !== 'pci.device' || !isJsonObject(expressions)) continue;
      yield* unmatchedIn(expressions, placeAt(holder.at, i, 'matchExpressions'));
    }
  }
}

function* unmatchedIn(expressions: JsonObject, at: Place): Iterable<FleetFinding> {
  for (const field of FIELDS) {
    if (jsonAt(expressions, field, 'op') !== 'In') continue;
    for (const [i, text] of listAt(expressions, field, 'value').entries()) {
      if (typeof text !== 'string' || /^[0-9a-f]{4}$/.test(text)) continue;
      const place = placeAt(at, field, 'value', i);
      const digits = text.toLowerCase().replace(/^0x/, '');
      yield {
        message: fitting(`${field} ${text} matches no PCI device`, 'an id matches no PCI device'),
        primary: { at: place, text: 'four hexadecimal digits in lower case' },
        fixes: /^[0-9a-f]{4}$/.test(digits)
          ? [{ title: 'write it in lower case', safe: true, edits: [{ at: place, text: JSON.stringify(digits) }] }]
          : [],
      };
    }
  }
}
