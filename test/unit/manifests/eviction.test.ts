import { makeManifests } from '../../../src/manifests';
import { jsonAt, type JsonValue } from '../../../src/model';
import { emitYaml } from '../../../src/yaml';
import { analysisOf } from '../../support/fleet-of';

const LIVE = (strategy: string): Record<string, string> => ({
  'cluster/kubevirt.yaml': `apiVersion: kubevirt.io/v1\nkind: KubeVirt\nmetadata: { name: kubevirt, namespace: kubevirt }\nspec: { configuration: { evictionStrategy: ${strategy} } }\n`,
});
const MANIFEST = {
  'vm.yaml': `apiVersion: kubevirt.io/v1\nkind: VirtualMachine\nmetadata: { name: vm, namespace: default }\nspec:\n  runStrategy: Halted\n  template: { spec: { domain: { devices: {}, memory: { guest: 4Gi } } } }\n`,
};

interface Cluster {
  readonly owner?: string;
  readonly version?: string;
  readonly gates?: string;
  readonly live?: Readonly<Record<string, string>>;
}

/** What a VM's `evictionStrategy` is written as; `vm` is its entry's text. */
function written(
  vm: string,
  { owner = '', version = '1.6', gates = '[]', live = {} }: Cluster = {},
): JsonValue | undefined {
  return jsonAt(objectOf(vm, { owner, version, gates, live }).content, 'spec', 'template', 'spec', 'evictionStrategy');
}

function objectOf(vm: string, { owner = '', version = '1.6', gates = '[]', live = {} }: Cluster) {
  const analysis = analysisOf(
    `  cluster:
    nodePlatform: openshift
    kubevirt: { version: "${version}", featureGates: ${gates}${owner} }
${Object.keys(live).length === 0 ? '' : '    current: cluster/\n'}  devices:
    t4: { pci: ["10de:1eb8"], resourceName: example.com/t4, externalResourceProvider: true }
    t4-1q: { mdev: { name: GRID T4-1Q, typeId: nvidia-222 }, resourceName: example.com/t4-1q }
  virtualMachines:
    vm: ${vm}
`,
    {},
    { ...live, ...MANIFEST },
  );
  const object = makeManifests(analysis).manifests.find(({ content }) => content['kind'] === 'VirtualMachine');
  if (object === undefined) throw new Error('the VM is not written');
  return object;
}

const SPEC = 'spec: { domain: { devices: {}, memory: { guest: 4Gi } } }';
const GPU = `{ gpus: [{ name: g, device: t4 }], ${SPEC} }`;
const VGPU = `{ gpus: [{ name: g, device: t4-1q }], ${SPEC} }`;
const HCO = ', managedBy: hyperconverged';

describe('evictionStrategy', () => {
  it.each<[string, string, Cluster, string | undefined]>([
    ['is left alone where the default lets the VM be stopped', GPU, {}, undefined],
    [
      'is written where the live default would block the drain',
      GPU,
      { live: LIVE('LiveMigrate') },
      'LiveMigrateIfPossible',
    ],
    ['is left alone under a live default that does not', GPU, { live: LIVE('LiveMigrateIfPossible') }, undefined],
    ['is left alone for a VM without devices', `{ ${SPEC} }`, { live: LIVE('LiveMigrate') }, undefined],
    ['is written under HyperConverged, whose default is LiveMigrate', GPU, { owner: HCO }, 'LiveMigrateIfPossible'],
    ['is written for a vGPU through 1.8', VGPU, { live: LIVE('LiveMigrate'), version: '1.8' }, 'LiveMigrateIfPossible'],
    [
      'is left alone for a vGPU that can be migrated',
      VGPU,
      { live: LIVE('LiveMigrate'), version: '1.9', gates: '[VGPULiveMigration]' },
      undefined,
    ],
    [
      'is left alone in an object that is kept as it stands',
      '{ manifest: vm.yaml, gpus: [{ name: g, device: t4 }] }',
      { live: LIVE('LiveMigrate') },
      undefined,
    ],
    [
      'stays as it is stated',
      GPU.replace('spec: {', 'spec: { evictionStrategy: External,'),
      { live: LIVE('LiveMigrate') },
      'External',
    ],
  ])('%s', (_, vm, cluster, expected) => {
    expect(written(vm, cluster)).toBe(expected);
  });

  it('says why it is there', () => {
    const { content, comments } = objectOf(GPU, { live: LIVE('LiveMigrate') });

    expect(emitYaml(content, { comments })).toContain(
      '# by the default of the cluster its device would block the drain of the node\n      evictionStrategy: LiveMigrateIfPossible',
    );
  });
});
