import { jsonAt } from '../../model';
import { exampleFleet } from '../example';
import { inSpec, machineFindings, machinesStating, specPlace } from '../machine-statements';
import { requestPlace } from '../machines';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';

export const unwantedDisplay = defineRule({
  code: 'VMI336',
  slug: 'vm/unwanted-display',
  severity: 'info',
  needs: [],
  manifests: [],
  summary: 'a VM without a graphics device gets a display with its vGPU',
  why: `
Where no GPU of a VM says \`display\`, the first mediated device gets one, with a frame buffer. A VM with \`autoattachGraphicsDevice: false\` is meant
to have none: \`virtualGPUOptions: { display: { enabled: false } }\` says so.`,
  sources: [
    {
      claim: 'the first mediated device gets the display (CreateMDEVHostDevices)',
      url: `${KUBEVIRT}/pkg/virt-launcher/virtwrap/device/hostdevice/hostdev.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'headless, as far as it says',
        yaml: exampleFleet(`
devices:
  t4-1q: { mdev: { name: GRID T4-1Q }, resourceName: nvidia.com/GRID_T4-1Q, externalResourceProvider: true }
virtualMachines:
  train-7:
    gpus: [{ name: gpu1, device: «t4-1q» }]
    spec: { domain: { devices: { autoattachGraphicsDevice: false }, memory: { guest: 4Gi } } }
`),
      },
    ],
    good: [
      {
        name: 'headless',
        yaml: exampleFleet(`
devices:
  t4-1q: { mdev: { name: GRID T4-1Q }, resourceName: nvidia.com/GRID_T4-1Q, externalResourceProvider: true }
virtualMachines:
  train-7:
    gpus: [{ name: gpu1, device: t4-1q, virtualGPUOptions: { display: { enabled: false } } }]
    spec: { domain: { devices: { autoattachGraphicsDevice: false }, memory: { guest: 4Gi } } }
`),
      },
    ],
  },
  *check({ analysis }) {
    yield* machineFindings(
      machinesStating(analysis, 'domain', 'devices', 'autoattachGraphicsDevice'),
      function* (machine) {
        if (inSpec(machine, 'domain', 'devices', 'autoattachGraphicsDevice') !== false) return;
        const says = machine.requests.some(
          ({ request }) => jsonAt(request.options, 'virtualGPUOptions', 'display') !== undefined,
        );
        const first = machine.requests.find(({ resource }) => resource?.device.kind === 'mdev');
        if (says || first === undefined) return;
        yield {
          message: (vm) => `${vm} has no graphics device and gets a display with its vGPU`,
          at: requestPlace(first),
          label: 'gets a display and a frame buffer',
          secondary: [
            { at: specPlace(machine, 'domain', 'devices', 'autoattachGraphicsDevice'), text: 'no graphics device' },
          ],
          help: ['set `virtualGPUOptions: { display: { enabled: false } }` on the entry'],
        };
      },
    );
  },
});
