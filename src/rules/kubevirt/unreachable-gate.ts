import { isTurnedOnInHyperConverged } from '../../analysis';
import { gateStage, hyperConvergedGate, nearestGate, parseKubeVirtVersion } from '../../kubevirt';
import { isJsonObject, jsonAt, type Fleet, type JsonValue } from '../../model';
import { keyPlace, placeAt, type Place } from '../../source';
import { exampleFleet } from '../example';
import { defineRule, type FleetFinding } from '../rule';
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

const fleetWith = (gates: string, more = ''): string =>
  exampleFleet(`
cluster:
  nodePlatform: openshift
  kubevirt: { version: "1.9", managedBy: hyperconverged, featureGates: [${gates}] }
${more}`);

export const unreachableGate = defineRule({
  code: 'KUB538',
  slug: 'kubevirt/unreachable-gate',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: "a HyperConverged object asks for a gate of KubeVirt's that it cannot turn on",
  why: `
The feature gates of HyperConverged are its own; they are not passed on to KubeVirt by name. \`IOMMUFD\`, \`PCINUMAAwareTopology\` and \`GraceIOVirtualization\` come
together with the annotation \`hco.kubevirt.io/deployAIE: "true"\`; for \`VGPULiveMigration\` and \`Sidecar\` there is no switch but a patch in the annotation
\`kubevirt.kubevirt.io/jsonpatch\`, which marks the cluster as tainted.`,
  sources: [{ claim: 'which gates are passed on', url: `${HYPERCONVERGED}/controllers/handlers/kubevirt.go` }],
  examples: {
    bad: [
      { name: "a name of KubeVirt's", reads: 'manifests', yaml: listing('«IOMMUFD»') },
      { name: 'a gate that a fleet wants', yaml: fleetWith('«VGPULiveMigration»') },
      { name: 'a gate that nobody has heard of', yaml: fleetWith('«ExampleGate»') },
    ],
    good: [
      { name: 'a name of its own', reads: 'manifests', yaml: listing('downwardMetrics') },
      { name: 'a gate that is always on, and one with a switch', yaml: fleetWith('CPUManager, DownwardMetrics') },
      {
        name: 'turned on by the annotation',
        yaml: fleetWith('IOMMUFD', '  current: cluster/\n'),
        files: {
          'cluster/hyperconverged.yaml': listing('downwardMetrics').replace(
            'namespace: openshift-cnv',
            'namespace: openshift-cnv, annotations: { hco.kubevirt.io/deployAIE: "true" }',
          ),
        },
      },
    ],
  },
  *check({ fleet }) {
    if (fleet.origin === 'declared') {
      yield* wantedGates(fleet);
      return;
    }
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

function* wantedGates(fleet: Fleet): Iterable<FleetFinding> {
  const { managedBy, version: text, featureGates } = fleet.cluster.kubevirt;
  const version = parseKubeVirtVersion(text);
  if (managedBy !== 'hyperconverged' || !version.ok) return;
  for (const { name, place } of featureGates) {
    const { kind } = hyperConvergedGate(version.value, name);
    // a gate that this version does not have is kubevirt/unknown-gate, and so is a misspelt one
    if (gateStage(version.value, name) === 'unregistered' || nearestGate(name) !== undefined) continue;
    if ((kind !== 'bundle' && kind !== 'none' && kind !== 'unknown') || isTurnedOnInHyperConverged(fleet, name))
      continue;
    yield {
      ...(kind === 'unknown' ? { severity: 'warning' as const } : {}),
      message: fitting(
        kind === 'unknown'
          ? `no switch of HyperConverged is known for feature gate ${name}, so it is not written`
          : `HyperConverged does not turn ${name} on`,
        'a feature gate is left out: HyperConverged has no known switch for it',
      ),
      primary: {
        at: place,
        text: kind === 'bundle' ? 'comes by an annotation only' : 'HyperConverged has no switch for it',
      },
      notes: ["HyperConverged does not pass KubeVirt's gates on by name"],
      help: [
        kind === 'bundle'
          ? 'set the annotation `hco.kubevirt.io/deployAIE: "true"`, which also deploys a webhook and a device plugin'
          : 'do without it, or patch the KubeVirt object by the annotation `kubevirt.kubevirt.io/jsonpatch`',
      ],
    };
  }
}

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
