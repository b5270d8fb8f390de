import { NVIDIA_DRA_DRIVER } from '../../kubevirt';
import { placeAt } from '../../source';
import { claimedDevices, claimedExample } from '../claimed';
import { defineRule } from '../rule';
import { fitting } from '../words';

const NEEDED = ['PassthroughSupport', 'DeviceMetadata'] as const;
const EXCLUDED: ReadonlySet<string> = new Set(['DynamicMIG', 'NVMLDeviceHealthCheck']);

const withGates = (gates: string): string =>
  claimedExample({
    dra: `{ driver: gpu.nvidia.com, deviceClassName: vfio.gpu.nvidia.com, driverFeatureGates: ${gates} }`,
  });

export const missingDriverGate = defineRule({
  code: 'RES690',
  slug: 'resource/missing-driver-gate',
  severity: 'error',
  needs: [],
  concerns: ({ analysis }) => claimedDevices(analysis).some(({ dra }) => dra.driverFeatureGates !== undefined),
  summary: 'NVIDIA’s driver of resource claims lacks a gate, or has one that excludes passthrough',
  why: `
NVIDIA's driver hands whole GPUs to VMs under its gate \`PassthroughSupport\`, and tells virt-launcher which one it was under \`DeviceMetadata\`. Both are off by default:
without the first a claim is never allocated, without the second the VM does not start. \`DynamicMIG\` and \`NVMLDeviceHealthCheck\` exclude the first, and
the driver ends when both are on.`,
  sources: [
    {
      claim: 'the gates and what excludes what',
      url: 'https://github.com/NVIDIA/k8s-dra-driver-gpu/blob/03af824603ff1b1c3c3193cb25cc584690f4785c/pkg/featuregates/featuregates.go',
    },
  ],
  examples: {
    bad: [
      { name: 'without metadata', yaml: withGates('«[PassthroughSupport]»') },
      { name: 'one that excludes it', yaml: withGates('[PassthroughSupport, DeviceMetadata, «DynamicMIG»]') },
    ],
    good: [{ name: 'both', yaml: withGates('[PassthroughSupport, DeviceMetadata]') }],
  },
  *check({ analysis }) {
    for (const { device, dra } of claimedDevices(analysis)) {
      const { driver, driverFeatureGates: gates, place } = dra;
      if (driver !== NVIDIA_DRA_DRIVER || gates === undefined) continue;
      const missing = NEEDED.filter((gate) => !gates.some(({ name }) => name === gate));
      if (missing.length > 0) {
        yield {
          message: fitting(
            `driver ${driver} lacks ${missing.join(' and ')} for device ${device.name}`,
            `driver ${driver} lacks ${missing.join(' and ')}`,
          ),
          primary: { at: placeAt(place, 'driverFeatureGates'), text: 'a gate is not among them' },
          notes: ['both gates are off by default'],
          help: ['turn the gate on in the driver’s installation, and list it here'],
        };
      }
      for (const { name, place: at } of gates) {
        if (!EXCLUDED.has(name)) continue;
        yield {
          message: `driver gate ${name} excludes PassthroughSupport`,
          primary: { at, text: 'the driver ends with both on' },
          help: ['turn it off in the driver’s installation'],
        };
      }
    }
  },
});
