import { placeAt } from '../../source';
import { mediatedConfiguration } from '../configurations';
import { exampleKubeVirt } from '../example';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';

const switches = (enabled: string): string =>
  exampleKubeVirt(`
developerConfiguration: { featureGates: [DisableMDEVConfiguration] }
mediatedDevicesConfiguration: { enabled: ${enabled} }
`);

export const twoSwitches = defineRule({
  code: 'MDV224',
  slug: 'mdev/two-switches',
  severity: 'error',
  needs: [],
  manifests: [],
  manifestsOnly: true,
  summary: 'the handling of mediated devices is turned off in one place and on in another',
  why: `
From KubeVirt 1.8 on \`mediatedDevicesConfiguration.enabled\` says whether virt-handler makes and removes mediated devices, and it beats the older gate
\`DisableMDEVConfiguration\`. With \`enabled: true\` and the gate the handling is on, and devices that others made are removed.`,
  sources: [
    {
      claim: 'the field beats the gate (MediatedDevicesHandlingDisabled)',
      url: `${KUBEVIRT}/pkg/virt-config/virt-config.go`,
    },
  ],
  examples: {
    bad: [{ name: 'on and off', reads: 'manifests', yaml: switches('«true»') }],
    good: [{ name: 'off twice', reads: 'manifests', yaml: switches('false') }],
  },
  *check({ fleet }) {
    const configuration = mediatedConfiguration(fleet);
    const gate = fleet.cluster.kubevirt.featureGates.find(({ name }) => name === 'DisableMDEVConfiguration');
    if (configuration?.value['enabled'] !== true || gate === undefined) return;
    yield {
      message: 'the handling of mediated devices is on in spite of `DisableMDEVConfiguration`',
      primary: { at: placeAt(configuration.place, 'enabled'), text: 'this counts' },
      secondary: [{ at: gate.place, text: 'does nothing beside it' }],
      notes: ['virt-handler removes mediated devices that it is not told to create'],
      help: ['remove the gate, or set `enabled: false`'],
    };
  },
});
