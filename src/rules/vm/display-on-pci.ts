import type { Analysis, Resource } from '../../analysis';
import { behaves, parseKubeVirtVersion } from '../../kubevirt';
import { isJsonObject, jsonAt } from '../../model';
import { placeAt } from '../../source';
import { exampleMachine } from '../example';
import { machinesLike, shapeFindings } from '../machine-statements';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';

export const displayOnPci = defineRule({
  code: 'VMI335',
  slug: 'vm/display-on-pci',
  severity: 'error',
  needs: [],
  manifests: ['version'],
  concerns: ({ analysis }) =>
    machinesLike(analysis, ({ requests }) =>
      requests.some(({ request }) => jsonAt(request.options, 'virtualGPUOptions', 'display') !== undefined),
    ).machines.length > 0,
  summary: 'a GPU that is handed over whole is to show a virtual display',
  why: `
\`virtualGPUOptions.display\` is for vGPUs. Through KubeVirt 1.8 it is ignored on a PCI device, in silence. From 1.9 on it is passed on, for vGPUs that
are virtual functions; on a whole card there is no such display, and what QEMU then does was not verified: a warning.`,
  sources: [
    {
      claim: 'PCI devices take the options from 1.9 on (createPCIHostDevice)',
      url: `${KUBEVIRT}/pkg/virt-launcher/virtwrap/device/hostdevice/hostdev.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'KubeVirt 1.6',
        yaml: exampleMachine(
          `
domain: { devices: {}, memory: { guest: 4Gi } }
`,
          { request: 'gpus: [{ name: gpu1, device: t4, virtualGPUOptions: { display: «{ enabled: true }» } }]' },
        ),
      },
    ],
    good: [
      {
        name: 'turned off',
        yaml: exampleMachine(
          `
domain: { devices: {}, memory: { guest: 4Gi } }
`,
          { request: 'gpus: [{ name: gpu1, device: t4, virtualGPUOptions: { display: { enabled: false } } }]' },
        ),
      },
    ],
  },
  *check({ fleet, analysis }) {
    const version = parseKubeVirtVersion(fleet.cluster.kubevirt.version);
    if (!version.ok) return;
    const isPassedOn = behaves(version.value, 'display-on-pci-passed-on');
    yield* shapeFindings(analysis, function* ({ requests }) {
      for (const { list, request, resource } of requests) {
        const display = jsonAt(request.options, 'virtualGPUOptions', 'display');
        if (list !== 'gpus' || !isJsonObject(display) || display['enabled'] === false) continue;
        if (resource?.device.kind !== 'pci' || (isPassedOn && !isWholeCard(analysis, resource))) continue;
        yield {
          ...(isPassedOn ? { severity: 'warning' as const } : {}),
          message: (vm) => `\`display\` is set for a GPU that ${vm} has whole`,
          at: placeAt(request.place, 'virtualGPUOptions', 'display'),
          label: isPassedOn ? 'a whole card has no virtual display' : `ignored by KubeVirt ${version.value.release}`,
          help: ['remove `display`, or ask for a vGPU'],
        };
      }
    });
  },
});

/** Known to be no virtual function, which could be a vGPU. */
function isWholeCard(analysis: Analysis, resource: Resource): boolean {
  const functions = analysis.nodes.flatMap(({ advertised }) =>
    advertised.filter((one) => one.resource === resource).flatMap((one) => one.functions),
  );
  return (
    functions.length > 0 && functions.every(({ fact }) => fact.totalVfs !== undefined || fact.numVfs !== undefined)
  );
}
