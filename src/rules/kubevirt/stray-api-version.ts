import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { HYPERCONVERGED } from '../sources';

const fleet = (kubevirt: string): string =>
  exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.9", ${kubevirt} } }
`);

export const strayApiVersion = defineRule({
  code: 'KUB543',
  slug: 'kubevirt/stray-api-version',
  severity: 'warning',
  needs: [],
  summary: "a version of HyperConverged's API is stated where KubeVirt's own object is written",
  why: `
\`apiVersion\` says in which of its two layouts HyperConverged is written. Without \`managedBy: hyperconverged\` the configuration goes into KubeVirt's own object, which has
one layout, and the statement does nothing. Where HyperConverged is there all the same, it overwrites that object.`,
  sources: [
    { claim: 'the layouts of v1 and v1beta1', url: `${HYPERCONVERGED}/api/v1/hyperconverged_types.go` },
    {
      claim: 'the KubeVirt object is overwritten (UpdateCR)',
      url: `${HYPERCONVERGED}/controllers/handlers/kubevirt.go`,
    },
  ],
  examples: {
    bad: [{ name: 'no owner', yaml: fleet('apiVersion: «hco.kubevirt.io/v1»') }],
    good: [{ name: 'HyperConverged', yaml: fleet('managedBy: hyperconverged, apiVersion: hco.kubevirt.io/v1') }],
  },
  *check({ fleet: { cluster } }) {
    const { managedBy, apiVersion, place } = cluster.kubevirt;
    if (managedBy === 'hyperconverged' || apiVersion === undefined) return;
    yield {
      message: `\`apiVersion\` ${apiVersion} is stated, and KubeVirt's own object is written`,
      primary: { at: placeAt(place, 'apiVersion'), text: 'does nothing here' },
      help: ['add `managedBy: hyperconverged`, or remove it'],
    };
  },
});
