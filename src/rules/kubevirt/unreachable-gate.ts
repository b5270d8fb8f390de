import { isJsonObject, jsonAt, type JsonValue } from '../../model';
import { keyPlace, placeAt, type Place } from '../../source';
import { defineRule } from '../rule';
import { HYPERCONVERGED } from '../sources';
import { fitting } from '../words';

/** Gates of KubeVirt's that HyperConverged has no switch for. */
const WITHOUT_SWITCH = ['GraceIOVirtualization', 'IOMMUFD', 'PCINUMAAwareTopology', 'Sidecar', 'VGPULiveMigration'];

const listing = (gate: string): string => `
apiVersion: hco.kubevirt.io/v1
kind: HyperConverged
metadata: { name: kubevirt-hyperconverged, namespace: openshift-cnv }
spec:
  featureGates: [{ name: ${gate}, state: Enabled }]
`;

export const unreachableGate = defineRule({
  code: 'KUB538',
  slug: 'kubevirt/unreachable-gate',
  severity: 'error',
  needs: [],
  manifests: [],
  manifestsOnly: true,
  summary: "a HyperConverged object asks for a gate of KubeVirt's that it cannot turn on",
  why: `
The feature gates of HyperConverged are its own; they are not passed on to KubeVirt by name. \`IOMMUFD\`, \`PCINUMAAwareTopology\` and \`GraceIOVirtualization\` come
together with the annotation \`hco.kubevirt.io/deployAIE: "true"\`; for \`VGPULiveMigration\` and \`Sidecar\` there is no switch but a patch in the annotation
\`kubevirt.kubevirt.io/jsonpatch\`, which marks the cluster as tainted.`,
  sources: [{ claim: 'which gates are passed on', url: `${HYPERCONVERGED}/controllers/handlers/kubevirt.go` }],
  examples: {
    bad: [{ name: "a name of KubeVirt's", reads: 'manifests', yaml: listing('«IOMMUFD»') }],
    good: [{ name: 'a name of its own', reads: 'manifests', yaml: listing('downwardMetrics') }],
  },
  *check({ fleet }) {
    for (const { kind, content, place } of fleet.cluster.current ?? []) {
      if (kind !== 'HyperConverged') continue;
      for (const { name, at } of listedGates(
        jsonAt(content, 'spec', 'featureGates'),
        placeAt(place, 'spec', 'featureGates'),
      )) {
        const gate = WITHOUT_SWITCH.find((one) => one.toLowerCase() === name.toLowerCase());
        if (gate === undefined) continue;
        yield {
          message: fitting(`HyperConverged does not turn ${gate} on`),
          primary: { at, text: "a gate of KubeVirt's, not of HyperConverged" },
          help: [
            gate === 'Sidecar' || gate === 'VGPULiveMigration'
              ? 'do without the feature, or patch the KubeVirt object by the annotation'
              : 'set the annotation `hco.kubevirt.io/deployAIE: "true"`',
          ],
        };
      }
    }
  },
});

/** A list of names and states in v1, a map of switches in v1beta1. */
function listedGates(gates: JsonValue | undefined, place: Place): { readonly name: string; readonly at: Place }[] {
  if (Array.isArray(gates)) {
    return (gates as readonly JsonValue[]).flatMap((gate, i) => {
      const name = jsonAt(gate, 'name');
      const isOff = jsonAt(gate, 'state') === 'Disabled';
      return typeof name === 'string' && !isOff ? [{ name, at: placeAt(place, i, 'name') }] : [];
    });
  }
  return Object.entries(isJsonObject(gates) ? gates : {})
    .filter(([, value]) => value === true)
    .map(([name]) => ({ name, at: keyPlace(placeAt(place, name)) }));
}
