import { isJsonObject, jsonAt, type CurrentObject, type KubeVirtTarget } from '../../model';
import { placeAt } from '../../source';
import { exampleFleet, exampleKubeVirt } from '../example';
import { defineRule, type FleetFinding } from '../rule';
import { fitting } from '../words';
import { HYPERCONVERGED } from '../sources';

const HCO = `
apiVersion: hco.kubevirt.io/v1beta1
kind: HyperConverged
metadata: { name: kubevirt-hyperconverged, namespace: openshift-cnv }
spec: {}
`;

const fleetOwnedBy = (owner: string): string =>
  exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6", managedBy: ${owner} }, current: cluster/ }
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
`);

export const overwrittenObject = defineRule({
  code: 'KUB533',
  slug: 'kubevirt/overwritten-object',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: 'a KubeVirt object is written by hand where HyperConverged writes it',
  why: `
HyperConverged owns the KubeVirt object: whenever its spec differs from what HyperConverged wants, the whole spec is written again. What a manifest puts
into the KubeVirt object is gone after a moment. The lists of permitted devices belong into the HyperConverged object.`,
  sources: [{ claim: 'the spec is overwritten (UpdateCR)', url: `${HYPERCONVERGED}/controllers/handlers/kubevirt.go` }],
  examples: {
    bad: [
      {
        name: 'both in one repository',
        reads: 'manifests',
        yaml: `${HCO}---${exampleKubeVirt('developerConfiguration: {}').replace('spec:', '«spec»:')}`,
      },
      {
        name: 'a fleet that does not know of it',
        yaml: fleetOwnedBy('kubevirt').replace(/(kubevirt: )(\{.*?\})/, '$1«$2»'),
        files: { 'cluster/hyperconverged.yaml': HCO },
      },
    ],
    good: [
      { name: 'HyperConverged alone', reads: 'manifests', yaml: HCO },
      {
        name: 'a fleet that writes into it',
        yaml: fleetOwnedBy('hyperconverged'),
        files: { 'cluster/hyperconverged.yaml': HCO },
      },
    ],
  },
  *check({ fleet }) {
    const objects = fleet.cluster.current ?? [];
    const owner = objects.find(({ kind }) => kind === 'HyperConverged');
    if (owner === undefined) return;
    if (fleet.origin === 'declared') {
      yield* overwrittenPatch(fleet.cluster.kubevirt, owner);
      return;
    }
    for (const { kind, content, place, name } of objects) {
      // what an API server prints has a uid: it is the object that HyperConverged wrote
      if (kind !== 'KubeVirt' || jsonAt(content, 'metadata', 'uid') !== undefined) continue;
      if (!isJsonObject(content['spec'])) continue;
      const spec = placeAt(place, 'spec');
      yield {
        message: fitting(
          `HyperConverged ${owner.name} overwrites KubeVirt ${name}`,
          'HyperConverged overwrites the KubeVirt object',
        ),
        primary: {
          at: spec.kind === 'document' ? { ...spec, part: 'key' } : spec,
          text: 'written again by HyperConverged',
        },
        secondary: [{ at: placeAt(owner.place, 'metadata', 'name'), text: 'owns the KubeVirt object' }],
        help: ['write it into the HyperConverged object instead'],
      };
    }
  },
});

function* overwrittenPatch({ managedBy, name, place }: KubeVirtTarget, owner: CurrentObject): Iterable<FleetFinding> {
  if (managedBy === 'hyperconverged') return;
  yield {
    message: fitting(
      `HyperConverged ${owner.name} overwrites what the fleet writes into KubeVirt ${name}`,
      'HyperConverged overwrites what the fleet writes into the KubeVirt object',
    ),
    primary: { at: place, text: "written into KubeVirt's own object" },
    secondary: [{ at: placeAt(owner.place, 'metadata', 'name'), text: 'owns the KubeVirt object' }],
    help: ['write `managedBy: hyperconverged`'],
  };
}
