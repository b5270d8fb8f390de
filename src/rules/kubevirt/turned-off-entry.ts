import { liveConfiguration } from '../../analysis';
import { hyperConvergedGate, parseKubeVirtVersion } from '../../kubevirt';
import { isJsonObject, jsonAt, type JsonValue } from '../../model';
import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { defineRule, type FleetFinding, type RuleInput } from '../rule';
import { HYPERCONVERGED } from '../sources';
import { fitting, fittingLabel } from '../words';

const FLEET = exampleFleet(`
cluster:
  nodePlatform: openshift
  kubevirt: { version: "1.9", managedBy: hyperconverged, featureGates: [DownwardMetrics] }
  current: cluster/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
`);

const live = (spec: string): Record<string, string> => ({
  'cluster/hyperconverged.yaml': `
apiVersion: hco.kubevirt.io/v1
kind: HyperConverged
metadata: { name: kubevirt-hyperconverged, namespace: openshift-cnv }
spec:
${spec.replace(/^/gm, '  ')}
`,
});

const permitting = (more: string): string => `virtualization:
  permittedHostDevices:
    pciHostDevices: [{ pciDeviceSelector: "10de:1eb8", resourceName: example.com/t4${more} }]`;

export const turnedOffEntry = defineRule({
  code: 'KUB541',
  slug: 'kubevirt/turned-off-entry',
  severity: 'warning',
  needs: [],
  summary: 'the fleet turns on what the live HyperConverged object turns off',
  why: `
An entry of HyperConverged with \`disabled: true\` is not passed on to KubeVirt, and a feature gate with \`state: Disabled\` is off: somebody has decided so. The fleet
declares the device or the gate, so what it writes says the opposite. If that somebody applies their object from elsewhere, the two will take turns.`,
  sources: [
    {
      claim: 'a disabled entry is not passed on (toKvPciHostDevices)',
      url: `${HYPERCONVERGED}/controllers/handlers/kubevirt.go`,
    },
    { claim: 'gates have a state', url: `${HYPERCONVERGED}/api/v1/featuregates/feature_gates.go` },
  ],
  examples: {
    bad: [
      { name: 'a device', yaml: FLEET, files: live(permitting(', disabled: «true»')) },
      {
        name: 'a gate',
        yaml: FLEET,
        files: live(`featureGates: [{ name: downwardMetrics, state: «Disabled» }]\n${permitting('')}`),
      },
    ],
    good: [{ name: 'both on', yaml: FLEET, files: live(permitting('')) }],
  },
  *check(input) {
    for (const entries of input.analysis.permitted.values()) {
      for (const { entry, place, disabledAt } of entries) {
        const name = entry['resourceName'];
        if (disabledAt === undefined || typeof name !== 'string') continue;
        yield {
          message: fitting(
            `the fleet turns on \`${name}\`, which is turned off now`,
            'the fleet turns on a resource that is off',
          ),
          primary: { at: placeAt(disabledAt, 'disabled'), text: 'turned off by somebody' },
          secondary:
            place === undefined ? [] : [{ at: place, text: fittingLabel(`permitted as \`${name}\``, 'permitted') }],
          help: ['ask who turned it off, or take the device out of the fleet'],
        };
      }
    }
    yield* turnedOffGates(input);
  },
});

function* turnedOffGates({ fleet, analysis }: RuleInput): Iterable<FleetFinding> {
  const owner = liveConfiguration(fleet);
  const version = parseKubeVirtVersion(fleet.cluster.kubevirt.version);
  if (owner?.layout.kind !== 'HyperConverged' || !version.ok) return;
  const { layout, object } = owner;
  const listed = jsonAt(object.content, ...layout.gates);
  for (const gate of analysis.featureGates) {
    const way = hyperConvergedGate(version.value, gate);
    if (way.kind !== 'switch') continue;
    const path = switchedOff(listed, way.name);
    if (path === undefined) continue;
    const wanted = fleet.cluster.kubevirt.featureGates.find(({ name }) => name === gate);
    yield {
      message: fitting(
        `the fleet turns on feature gate ${gate}, which is turned off now`,
        'the fleet turns on a gate that is off',
      ),
      primary: { at: placeAt(object.place, ...layout.gates, ...path), text: 'turned off by somebody' },
      secondary: wanted === undefined ? [] : [{ at: wanted.place, text: 'the fleet wants it on' }],
      help: ['ask who turned it off, or take the gate out of the fleet'],
    };
  }
}

/** The path below the gates to what turns one off. In v1beta1 a gate that is off may as well be a default. */
function switchedOff(gates: JsonValue | undefined, name: string): (string | number)[] | undefined {
  if (!Array.isArray(gates)) return undefined;
  const index = (gates as readonly JsonValue[]).findIndex((gate) => {
    const listed = isJsonObject(gate) ? gate['name'] : undefined;
    return typeof listed === 'string' && listed.toLowerCase() === name.toLowerCase();
  });
  return index >= 0 && jsonAt(gates as readonly JsonValue[], index, 'state') === 'Disabled'
    ? [index, 'state']
    : undefined;
}
