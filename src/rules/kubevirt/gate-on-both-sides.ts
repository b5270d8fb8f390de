import { gatesOnBothSides } from '../configurations';
import { exampleKubeVirt } from '../example';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting } from '../words';

const gates = (disabled: string): string =>
  exampleKubeVirt(`
developerConfiguration:
  featureGates: [HostDevices]
  disabledFeatureGates: [${disabled}]
`);

export const gateOnBothSides = defineRule({
  code: 'KUB530',
  slug: 'kubevirt/gate-on-both-sides',
  severity: 'error',
  needs: [],
  manifests: [],
  manifestsOnly: true,
  summary: 'a feature gate is listed and turned off in one object',
  why: `
From KubeVirt 1.8 on a gate can be turned off under \`disabledFeatureGates\`. An object that lists one gate on both sides is refused, "exists on
both FeatureGates and DisabledFeatureGates", so nothing of the update takes effect.`,
  sources: [
    {
      claim: 'a gate on both sides is refused',
      url: `${KUBEVIRT}/pkg/virt-operator/webhooks/kubevirt-update-admitter.go`,
    },
  ],
  examples: {
    bad: [{ name: 'on and off', reads: 'manifests', yaml: gates('«HostDevices»') }],
    good: [{ name: 'another one is off', reads: 'manifests', yaml: gates('VMExport') }],
  },
  *check({ fleet }) {
    for (const { name, on, off } of gatesOnBothSides(fleet)) {
      yield {
        message: fitting(`feature gate ${name} is listed and turned off`, 'a feature gate is listed and turned off'),
        primary: { at: off, text: 'turned off here' },
        secondary: [{ at: on, text: 'listed here' }],
        notes: ['virt-operator refuses an object that lists a gate on both sides'],
        help: ['remove it from one of the lists'],
      };
    }
  },
});
