import { behaves, parseKubeVirtVersion } from '../../kubevirt';
import { exampleFleet } from '../example';
import { requestPlace } from '../machines';
import { defineRule } from '../rule';
import { fitting } from '../words';

const fleetWith = (gates: string): string =>
  exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.9", featureGates: [${gates}] } }
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4, externalResourceProvider: true }
virtualMachines:
  train-7:
    gpus: [{ name: gpu1, device: t4 }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`);

export const pluginsWithPci = defineRule({
  code: 'KUB531',
  slug: 'kubevirt/plugins-with-pci',
  severity: 'warning',
  needs: [],
  manifests: ['version'],
  summary: 'the gate Plugins of KubeVirt 1.9 is on, and VMs have PCI devices',
  why: `
In KubeVirt 1.9.0 with the gate \`Plugins\` and any Plugin object in the cluster, every VM with a PCI device fails to start: "Missing 'mode'
attribute on domain hostdev". Without a Plugin object nothing happens; hostdev does not see those, so this is a warning.`,
  sources: [{ claim: 'VMs with PCI devices fail', url: 'https://github.com/kubevirt/kubevirt/issues/18861' }],
  examples: {
    bad: [{ name: 'the gate on', yaml: fleetWith('«Plugins»') }],
    good: [{ name: 'the gate off', yaml: fleetWith('CPUManager') }],
  },
  *check({ fleet, analysis }) {
    const { featureGates, version: text } = fleet.cluster.kubevirt;
    const version = parseKubeVirtVersion(text);
    const gate = featureGates.find(({ name }) => name === 'Plugins');
    if (!version.ok || !behaves(version.value, 'plugins-break-pci') || gate === undefined) return;
    for (const { machine, requests } of analysis.machines) {
      const asked = requests.find(({ resource }) => resource?.device.kind === 'pci');
      if (asked === undefined) continue;
      yield {
        message: fitting(
          `feature gate Plugins keeps VM ${machine.id}, which has a PCI device, from starting`,
          'feature gate Plugins keeps VMs with PCI devices from starting',
        ),
        primary: { at: gate.place, text: 'where there is any Plugin object' },
        secondary: [{ at: requestPlace(asked), text: 'a PCI device' }],
        help: ['leave the gate out until a later patch release'],
      };
      return;
    }
  },
});
