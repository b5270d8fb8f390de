import { isJsonObject, jsonAt } from '../../model';
import { keyPlace, placeAt } from '../../source';
import { defineRule } from '../rule';
import { HYPERCONVERGED } from '../sources';

const hyperconverged = (version: string, spec: string): string => `
apiVersion: hco.kubevirt.io/${version}
kind: HyperConverged
metadata: { name: kubevirt-hyperconverged, namespace: openshift-cnv }
spec:
${spec.replace(/^(?=.)/gm, '  ')}
`;

const PERMITS = 'pciHostDevices: [{ pciDeviceSelector: "10de:1eb8", resourceName: nvidia.com/TU104GL_TESLA_T4 }]';

export const misplacedLists = defineRule({
  code: 'KUB534',
  slug: 'kubevirt/misplaced-lists',
  severity: 'error',
  needs: [],
  manifests: [],
  manifestsOnly: true,
  summary: 'a HyperConverged object keeps its device lists where its version does not look',
  why: `
\`hco.kubevirt.io/v1\` has the lists under \`spec.virtualization\`, \`v1beta1\` right under \`spec\`. Pages of documentation show one version with the layout of the
other. The API server drops a field that the version does not know, or refuses the object; either way nothing is permitted.`,
  sources: [
    { claim: 'v1 has them under `virtualization`', url: `${HYPERCONVERGED}/api/v1/hyperconverged_types.go` },
    { claim: 'v1beta1 has them under `spec`', url: `${HYPERCONVERGED}/api/v1beta1/hyperconverged_types.go` },
  ],
  examples: {
    bad: [
      {
        name: 'v1 in the layout of v1beta1',
        reads: 'manifests',
        yaml: hyperconverged('v1', `«permittedHostDevices»:\n  ${PERMITS}`),
      },
    ],
    good: [
      {
        name: 'v1',
        reads: 'manifests',
        yaml: hyperconverged('v1', `virtualization:\n  permittedHostDevices:\n    ${PERMITS}`),
      },
    ],
  },
  *check({ fleet }) {
    for (const { kind, apiVersion, content, place } of fleet.cluster.current ?? []) {
      if (kind !== 'HyperConverged') continue;
      const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
      const wrong = version === 'v1' ? ['spec'] : version === 'v1beta1' ? ['spec', 'virtualization'] : undefined;
      for (const list of wrong === undefined ? [] : ['permittedHostDevices', 'mediatedDevicesConfiguration']) {
        const path = [...(wrong ?? []), list];
        if (!isJsonObject(jsonAt(content, ...path))) continue;
        yield {
          message: `\`${list}\` stands where \`${apiVersion}\` does not look`,
          primary: { at: keyPlace(placeAt(place, ...path)), text: 'dropped by the API server' },
          secondary: [{ at: placeAt(place, 'apiVersion'), text: 'the version' }],
          help: [
            version === 'v1'
              ? 'move it below `spec.virtualization`'
              : 'move it to `spec`, or write `apiVersion: hco.kubevirt.io/v1`',
          ],
        };
      }
    }
  },
});
