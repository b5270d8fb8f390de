import { formatText } from '../../yaml';

/** A fleet as YAML, wired to its schema for editors, and its test, which needs no test runner beside Node's. */
export function yamlFiles(name: string, schema: string): ReadonlyMap<string, string> {
  return new Map([
    ['fleet.yaml', fleetFile(name)],
    ['schema/fleet.schema.json', schema],
    ['.vscode/settings.json', SETTINGS],
    ['test/fleet.test.js', TEST],
  ]);
}

/** For files that have no `yaml-language-server` line of their own. */
const SETTINGS = `{
  "yaml.schemas": {
    "./schema/fleet.schema.json": ["fleet.yaml"]
  }
}
`;

function fleetFile(name: string): string {
  return `# yaml-language-server: $schema=schema/fleet.schema.json
apiVersion: hostdev/v1alpha1
kind: Fleet
metadata:
  name: ${formatText(name)}
spec:
  inventory: inventory/ # one file per node, written by \`hostdev import\`
  cluster:
    nodePlatform: openshift
    nodePlatformVersion: '4.20'
    kubernetesVersion: '1.33'
    kubevirt: { version: '1.6' }
  devices: # what may be handed to VMs
    t4:
      pci: ['10de:1eb8']
      resourceName: nvidia.com/TU104GL_Tesla_T4
  nodePools: # nodes that are prepared alike; on OpenShift a MachineConfigPool
    gpu:
      nodes: [node01]
      cpuVendor: intel
      passthrough:
        - device: t4
  virtualMachines:
    render-1:
      pool: gpu
      runStrategy: Halted
      gpus:
        - { name: gpu, device: t4 }
      spec: # KubeVirt's own, as KubeVirt spells it
        domain:
          memory: { guest: 16Gi }
          devices:
            disks: [{ name: root, disk: { bus: virtio } }]
        volumes:
          - { name: root, containerDisk: { image: 'quay.io/containerdisks/fedora:42' } }
`;
}

const TEST = `const assert = require('node:assert/strict');
const { join } = require('node:path');
const { test } = require('node:test');
const { fleetFile, findingsOf, manifestsOf } = require('cdk8s-hostdev/testing');

const fleet = fleetFile(join(__dirname, '..', 'fleet.yaml'));

test('nothing is wrong with the fleet', () => {
  assert.deepEqual(
    findingsOf(fleet).filter(({ severity }) => severity !== 'info'),
    [],
  );
});

test('the VM asks for a GPU by the name that KubeVirt permits', () => {
  const manifests = manifestsOf(fleet);
  const { permittedHostDevices } = manifests['kubevirt/kubevirt.kubevirt.yaml'].spec.configuration;
  assert.deepEqual(permittedHostDevices.pciHostDevices, [
    { pciVendorSelector: '10de:1eb8', resourceName: 'nvidia.com/TU104GL_Tesla_T4' },
  ]);
  const machine = manifests['virtual-machines/default/virtualmachine.render-1.yaml'];
  assert.deepEqual(machine.spec.template.spec.domain.devices.gpus, [
    { name: 'gpu', deviceName: 'nvidia.com/TU104GL_Tesla_T4' },
  ]);
});
`;
