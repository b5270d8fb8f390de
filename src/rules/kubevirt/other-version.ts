import { liveKubeVirt } from '../../analysis';
import { parseKubeVirtVersion } from '../../kubevirt';
import { jsonAt } from '../../model';
import { placeAt } from '../../source';
import { exampleFleet, exampleKubeVirt } from '../example';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting } from '../words';

const FLEET = exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }, current: cluster/ }
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
`);

const live = (version: string): Record<string, string> => ({
  'cluster/kubevirt.yaml': `${exampleKubeVirt('{}')}status: { observedKubeVirtVersion: ${version} }\n`,
});

export const otherVersion = defineRule({
  code: 'KUB575',
  slug: 'kubevirt/other-version',
  severity: 'warning',
  needs: ['current'],
  absentFrom: ['cluster'],
  concerns: ({ fleet }) => observed(fleet) !== undefined,
  summary: 'the live KubeVirt is of another release than the fleet is written for',
  why: `
Feature gates, fields and what the device manager advertises differ from release to release. A field that the running release does not have is pruned in
silence; a gate that it does not know does nothing; a prediction for another release need not hold.`,
  sources: [
    {
      claim: 'virt-operator states the release that it has deployed',
      url: `${KUBEVIRT}/staging/src/kubevirt.io/api/core/v1/types.go`,
    },
  ],
  examples: {
    bad: [{ name: 'one release behind', yaml: FLEET, files: live('«v1.5.2»') }],
    good: [{ name: 'another patch release', yaml: FLEET, files: live('v1.6.3') }],
  },
  *check({ fleet }) {
    const found = observed(fleet);
    const object = liveKubeVirt(fleet);
    const { version, place } = fleet.cluster.kubevirt;
    if (found === undefined || object === undefined || minorOf(version) === found.minor) return;
    yield {
      message: fitting(`KubeVirt ${found.text} is live, and the fleet is written for ${version}`),
      primary: { at: placeAt(object.place, 'status', 'observedKubeVirtVersion'), text: 'what runs' },
      secondary: [{ at: placeAt(place, 'version'), text: 'what the fleet is written for' }],
      help: ['correct `version`, or take the live objects anew after the update'],
    };
  },
});

function observed(
  fleet: Parameters<typeof liveKubeVirt>[0],
): { readonly text: string; readonly minor: string } | undefined {
  const text = jsonAt(liveKubeVirt(fleet)?.content, 'status', 'observedKubeVirtVersion');
  const minor = typeof text === 'string' ? minorOf(text) : undefined;
  return typeof text === 'string' && minor !== undefined ? { text, minor } : undefined;
}

/** Release and minor release of `1.6`, `v1.6.3`, and builds of others with more behind it; undefined for another text. */
function minorOf(text: string): string | undefined {
  const version = /^v?(\d{1,4}\.\d{1,4})(?![\d])/.exec(text)?.[1];
  return version !== undefined && parseKubeVirtVersion(version).ok ? version : undefined;
}
