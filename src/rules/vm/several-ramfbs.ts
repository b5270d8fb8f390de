import { isJsonObject, jsonAt } from '../../model';
import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { shapeFindings } from '../machine-statements';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';

const fleetWith = (second: string): string =>
  exampleFleet(`
devices:
  t4-1q: { mdev: { name: GRID T4-1Q }, resourceName: nvidia.com/GRID_T4-1Q, externalResourceProvider: true }
virtualMachines:
  train-7:
    gpus:
      - { name: gpu1, device: t4-1q, virtualGPUOptions: { display: { enabled: true } } }
      - { name: gpu2, device: t4-1q, virtualGPUOptions: { display: ${second} } }
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`);

export const severalRamfbs = defineRule({
  code: 'VMI334',
  slug: 'vm/several-ramfbs',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: 'more than one vGPU of a VM is its boot display',
  why: `
A vGPU with \`display\` has a RAM frame buffer unless \`ramFB.enabled\` is false, and a guest can have one only: it shows what firmware prints before
the guest's driver is loaded. virt-api refuses a second one, "configuring multiple displays with ramfb is not valid".`,
  sources: [
    {
      claim: 'how they are counted (countConfiguredMDEVRamFBs)',
      url: `${KUBEVIRT}/pkg/virt-api/webhooks/validating-webhook/admitters/vmi-create-admitter.go`,
    },
    { claim: 'two of them do not boot', url: 'https://github.com/kubevirt/kubevirt/pull/12053' },
  ],
  examples: {
    bad: [
      {
        name: 'two displays as they are by default',
        yaml: fleetWith('«{ enabled: true }»'),
      },
    ],
    good: [
      {
        name: 'the second without',
        yaml: fleetWith('{ enabled: true, ramFB: { enabled: false } }'),
      },
    ],
  },
  *check({ analysis }) {
    yield* shapeFindings(analysis, function* ({ requests }) {
      const displays = requests.filter(({ list, request }) => {
        const display = jsonAt(request.options, 'virtualGPUOptions', 'display');
        return (
          list === 'gpus' &&
          isJsonObject(display) &&
          display['enabled'] !== false &&
          jsonAt(display, 'ramFB', 'enabled') !== false
        );
      });
      const [first, second] = displays;
      if (first === undefined || second === undefined) return;
      yield {
        message: (vm) => `${displays.length} vGPUs of ${vm} are its boot display`,
        at: placeAt(second.request.place, 'virtualGPUOptions', 'display'),
        label: 'another boot display',
        secondary: [{ at: placeAt(first.request.place, 'virtualGPUOptions', 'display'), text: 'the first one' }],
        notes: ['virt-api refuses such a VM'],
        help: ['set `ramFB: { enabled: false }` on all but one'],
      };
    });
  },
});
