import { apiVersionOf, isDeprecatedApiVersion, parseKubeVirtVersion } from '../../kubevirt';
import { groupBy, jsonAt } from '../../model';
import { placeAt } from '../../source';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { counted } from '../words';

const machine = (apiVersion: string): string => `
apiVersion: ${apiVersion}
kind: VirtualMachine
metadata: { name: train-7, namespace: training }
spec:
  runStrategy: Always
  template:
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`;

export const deprecatedVersion = defineRule({
  code: 'KUB535',
  slug: 'kubevirt/deprecated-version',
  severity: 'warning',
  needs: [],
  manifests: [],
  manifestsOnly: true,
  summary: "an object is written for a version of KubeVirt's API that is deprecated or not served",
  why: `
\`kubevirt.io/v1alpha3\` is still served, with a warning at every request. \`pool.kubevirt.io/v1alpha1\` came before KubeVirt 1.7, \`v1beta1\` with it; the
other one is not served. hostdev writes the version of the release that it is told.`,
  sources: [{ claim: 'what is registered', url: `${KUBEVIRT}/staging/src/kubevirt.io/api/core/v1/register.go` }],
  examples: {
    bad: [{ name: 'an old version', reads: 'manifests', yaml: machine('«kubevirt.io/v1alpha3»') }],
    good: [{ name: 'the present one', reads: 'manifests', yaml: machine('kubevirt.io/v1') }],
  },
  *check({ fleet }) {
    const version = parseKubeVirtVersion(fleet.cluster.kubevirt.version);
    const old = (fleet.cluster.current ?? []).flatMap((object) => {
      const { apiVersion, kind, content } = object;
      if (jsonAt(content, 'metadata', 'uid') !== undefined) return [];
      const served = version.ok ? apiVersionOf(version.value, kind) : undefined;
      const isOther =
        served !== undefined && served !== apiVersion && sameGroup(served, apiVersion) && kind === 'VirtualMachinePool';
      return isDeprecatedApiVersion(apiVersion, kind) || isOther ? [{ object, served, isOther }] : [];
    });
    for (const [apiVersion, cases] of groupBy(old, ({ object }) => object.apiVersion)) {
      const [first] = cases;
      if (first === undefined) continue;
      const { object, served, isOther } = first;
      yield {
        message: isOther ? `\`${apiVersion}\` is not served by this release` : `\`${apiVersion}\` is deprecated`,
        primary: { at: placeAt(object.place, 'apiVersion'), text: isOther ? 'not served' : 'deprecated' },
        notes: cases.length > 1 ? [`the same holds for ${counted(cases.length - 1, 'more object')}`] : [],
        help: [`write \`apiVersion: ${served ?? 'kubevirt.io/v1'}\``],
      };
    }
  },
});

function sameGroup(a: string, b: string): boolean {
  return a.split('/')[0] === b.split('/')[0];
}
