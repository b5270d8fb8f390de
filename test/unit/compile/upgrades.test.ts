/* One fleet, written for each release: from one to the next only that changes which a difference between the releases demands. */
import { behaves, KUBEVIRT_RELEASES, type KubeVirtRelease, type VersionDifference } from '../../../src/kubevirt';
import { outcomeOf } from '../../support/outcome';

/** Everything that every release can hand out, and every kind of VM. */
const fleetOf = (release: KubeVirtRelease, owner: string): string => `
apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: upgraded }
spec:
  inventory: inventory/
  cluster:
    nodePlatform: openshift
    nodePlatformVersion: "4.20"
    kubernetesVersion: "1.34"
    kubevirt: { version: "${release}"${owner}, featureGates: [DownwardMetrics] }
    gitops: { tool: argocd, repoURL: "https://git.example.com/fleet.git", revision: main, path: dist }
  devices:
    qat: { pci: ["8086:6f54"], resourceName: intel.com/qat }
    t4: { pci: ["10de:1eb8"], resourceName: nvidia.com/TU104GL_TESLA_T4, externalResourceProvider: true, devicePlugin: nvidia }
    t4-1q: { mdev: { name: GRID T4-1Q, typeId: nvidia-222 }, resourceName: nvidia.com/GRID_T4-1Q }
    stick: { usb: { selectors: [{ vendor: "46f4", product: "0001" }] }, resourceName: kubevirt.io/storage }
  nodePools:
    plain: { nodes: [node01], cpuVendor: intel, passthrough: [{ device: qat }, { device: t4 }], usb: [stick] }
    vgpu: { nodes: [node02], cpuVendor: intel, mediatedDevices: [{ device: t4-1q, createdBy: vgpu-device-manager, count: 16 }] }
  virtualMachines:
${['VirtualMachine', 'VirtualMachineInstance', 'VirtualMachineInstanceReplicaSet', 'VirtualMachinePool']
  .map((kind, i) => {
    const request = [
      'hostDevices: [{ name: qat, device: qat }]',
      'gpus: [{ name: gpu, device: t4 }]',
      'gpus: [{ name: vgpu, device: t4-1q }]',
      'hostDevices: [{ name: stick, device: stick }]',
    ][i];
    return `    vm${i}: { kind: ${kind}, ${request}, spec: { domain: { devices: {}, memory: { guest: 4Gi } } } }`;
  })
  .join('\n')}
`;

const INVENTORY = {
  'inventory/node01.yaml': `
apiVersion: hostdev/v1alpha1
kind: NodeInventory
metadata: { name: node01 }
spec:
  productUuid: 4c4c4544-0042-4a10-8057-b3c04f4d3731
  functions:
    - { address: "0000:3d:00.0", class: "0b40", id: "8086:6f54", driver: c6xx, iommuGroup: 40 }
    - { address: "0000:65:00.0", class: "0302", id: "10de:1eb8", driver: nvidia, iommuGroup: 27 }
`,
};

const OWNERS = {
  KubeVirt: '',
  'HyperConverged v1beta1': ', managedBy: hyperconverged, apiVersion: hco.kubevirt.io/v1beta1',
  'HyperConverged v1': ', managedBy: hyperconverged, apiVersion: hco.kubevirt.io/v1',
  'HyperConverged in the version that the release has': ', managedBy: hyperconverged',
} as const;
type Owner = keyof typeof OWNERS;

function compiled(release: KubeVirtRelease, owner: Owner): ReadonlyMap<string, string> {
  const outcome = outcomeOf({ 'fleet.yaml': fleetOf(release, OWNERS[owner]), ...INVENTORY });
  expect([release, owner, outcome.refusedBy, outcome.files.size > 0]).toEqual([release, owner, [], true]);
  return outcome.files;
}

/** Lines that one tree has and another has not, by file and sign. */
function changes(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((path) => {
    const old = linesOf(before.get(path));
    const now = linesOf(after.get(path));
    return [
      ...without(old, now).map((line) => `${path}: -${line.trimStart()}`),
      ...without(now, old).map((line) => `${path}: +${line.trimStart()}`),
    ];
  });
}

function linesOf(text: string | undefined): readonly string[] {
  return (text ?? '').split('\n');
}

/** Each line of a list as often as the other has it less. */
function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return lines.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** What one difference between the releases asks of the output. */
interface Demand {
  readonly because: VersionDifference;
  readonly of: readonly Owner[];
  readonly lines: readonly string[];
}

const POOL = 'virtual-machines/default/virtualmachinepool.vm3.yaml';

const DEMANDS: readonly Demand[] = [
  {
    because: 'pools-v1beta1',
    of: Object.keys(OWNERS) as Owner[],
    lines: [`${POOL}: -apiVersion: pool.kubevirt.io/v1alpha1`, `${POOL}: +apiVersion: pool.kubevirt.io/v1beta1`],
  },
  {
    because: 'mediated-switch-field',
    // either version of HyperConverged has one switch for every release, and writes what the release wants
    of: ['KubeVirt'],
    lines: ['kubevirt/component/kustomization.yaml', 'kubevirt/kubevirt.kubevirt.yaml'].flatMap((path) => [
      `${path}: -- DisableMDEVConfiguration`,
      `${path}: +mediatedDevicesConfiguration:`,
      `${path}: +enabled: false`,
    ]),
  },
];

const STEPS = KUBEVIRT_RELEASES.slice(1).map((to, i) => [KUBEVIRT_RELEASES[i] ?? to, to] as const);

describe.each(STEPS)('from %s to %s', (from, to) => {
  const demanded = (owner: Owner): string[] =>
    DEMANDS.filter(
      ({ because, of }) =>
        of.includes(owner) && behaves({ release: to }, because) && !behaves({ release: from }, because),
    )
      .flatMap(({ lines }) => lines)
      .sort();

  it.each(['KubeVirt', 'HyperConverged v1beta1', 'HyperConverged v1'] as const)('%s', (owner) => {
    expect(changes(compiled(from, owner), compiled(to, owner)).sort()).toEqual(demanded(owner));
  });
});

it('the object of HyperConverged changes once, from the one version to the other', () => {
  const owner = 'HyperConverged in the version that the release has';
  expect(changes(compiled('1.8', owner), compiled('1.8', 'HyperConverged v1beta1'))).toEqual([]);
  expect(changes(compiled('1.9', owner), compiled('1.9', 'HyperConverged v1'))).toEqual([]);
});

it('every demand is met somewhere', () => {
  const met = STEPS.flatMap(([from, to]) => changes(compiled(from, 'KubeVirt'), compiled(to, 'KubeVirt')));
  expect(met.sort()).toEqual(DEMANDS.flatMap(({ lines }) => lines).sort());
});
