/*
 * Fleets changed in known ways, with the effect as the facts have it (numbers of facts: F of node-prep.md, K of kubevirt.md), written down
 * before the plan was made.
 */
import { makePlan, type Baseline, type Plan } from '../../../src/plan';
import { closingOf } from '../../../src/report/plan/plan-view';
import { compiledFrom, planBetween } from '../../support/plan-of';
import { labFiles } from './plans';

const LAB = labFiles();
type Edit = readonly [from: string | RegExp, to: string];

function planAfter(...edits: readonly Edit[]): Plan {
  return planBetween(LAB, edited(LAB, edits));
}

function edited(files: Record<string, string>, edits: readonly Edit[]): Record<string, string> {
  let text = files['fleet.yaml'] ?? '';
  for (const [from, to] of edits) {
    const next = text.replace(from, to);
    if (next === text) throw new Error(`nothing to edit: ${String(from)}`);
    text = next;
  }
  return { ...files, 'fleet.yaml': text };
}

const reboots = ({ disruptions }: Plan): string[] =>
  disruptions
    .filter(({ act, when }) => act === 'reboot' && when === 'merge')
    .map(({ unit, nodes }) => `${unit}: ${nodes.join(' ')}`);
const hazards = (plan: Plan): string[] => [...new Set(plan.hazards.map(({ name }) => name))].sort();
const signs = ({ changes }: Plan): string[] => changes.map(({ sign, kind, name }) => `${sign} ${kind} ${name}`);
const MAX: Edit = ['maxUnavailable: 1', 'maxUnavailable: 2'];

describe('a fleet changed in a known way', () => {
  it.each<[string, Edit[], string[], string[]]>([
    // F12, F15: an argument more reboots every node of the pool
    [
      'an argument more',
      [['maxUnavailable: 1', 'maxUnavailable: 1\n      kernelArguments: [nosmt]']],
      ['gpu-intel: node01'],
      ['reboots-nodes', 'stops-virtual-machines'],
    ],
    // F37: how many at a time is no reason to reboot
    ['more at a time', [MAX], [], []],
    // K54, K55: the type of another name is removed from under its VM; nothing of the node changes
    [
      'another mediated type',
      [
        ['typeId: nvidia-222', 'typeId: nvidia-223'],
        ['name: GRID T4-1Q', 'name: GRID T4-2Q'],
      ],
      [],
      ['keeps-stale-plugin', 'removes-mediated-devices'],
    ],
    // K44: the old plugin stops, another starts; node preparation is the same
    [
      'a resource of another name',
      [['resourceName: devices.kubevirt.io/nvme', 'resourceName: example.com/nvme']],
      [],
      ['needs-vm-restart', 'rebinds-driver', 'reduces-capacity', 'strands-virtual-machines'],
    ],
  ])('%s', (_name, edits, expectedReboots, expectedHazards) => {
    const plan = planAfter(...edits);

    expect({ reboots: reboots(plan), hazards: hazards(plan) }).toEqual({
      reboots: expectedReboots,
      hazards: expectedHazards,
    });
  });

  it('a VM less: nothing of nodes', () => {
    const plan = planAfter([/\n {4}gateway-1:[\s\S]*?(?=\n {4}\S|$)/, '']);

    expect(signs(plan)).toContain('removed machine edge/gateway-1');
    expect(reboots(plan)).toEqual([]);
    expect(hazards(plan)).toEqual(['removes-virtual-machines']);
  });
});

/** Two nodes with one QAT each, two VMs. */
const fleet = (
  more: {
    readonly gates?: string;
    readonly version?: string;
    readonly device?: string;
    readonly pool?: string;
    readonly nodes?: string;
    readonly rest?: string;
    readonly machine?: string;
  } = {},
): Record<string, string> => ({
  'fleet.yaml': `apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: lab }
spec:
  cluster: { nodePlatform: openshift, kubevirt: { version: "${more.version ?? '1.6'}"${more.gates ?? ''} } }
  devices:
    qat: { pci: ["8086:6f54"], resourceName: intel.com/qat${more.device ?? ''} }
  nodePools:
    qat:
      nodes: [${more.nodes ?? 'node01, node02'}]
      cpuVendor: intel
      passthrough: [{ device: qat, addresses: ["0000:03:00.0"], binding: address }]
      ${more.pool ?? ''}
  virtualMachines:
    vpn-1:
      runStrategy: Always
      hostDevices: [{ name: qat, device: qat }]
      spec: ${more.machine ?? '{ domain: { devices: {}, memory: { guest: 4Gi } } }'}
${more.rest ?? ''}`,
});

const TOLERANT = '{ tolerations: [{ operator: Exists }], domain: { devices: {}, memory: { guest: 4Gi } } }';

describe('a pool with a device by address', () => {
  it.each<[string, Parameters<typeof fleet>[0], Parameters<typeof fleet>[0], string[], string[]]>([
    // DESIGN 3: the table is by address for all nodes, so the config stays; F47: a node that joins reboots into the pool
    ['a node joins', { nodes: 'node01' }, {}, ['qat: node02'], ['reboots-nodes']],
    ['a node leaves', {}, { nodes: 'node01' }, [], ['reduces-capacity']],
    // it keeps its label, so it gets what the pool gets
    [
      'a node leaves as the pool changes',
      {},
      { nodes: 'node01', pool: 'kernelArguments: [nosmt]' },
      ['qat: node01 node02'],
      ['reboots-nodes', 'reduces-capacity', 'stops-virtual-machines'],
    ],
    [
      'two arguments change places',
      { pool: 'kernelArguments: [a=1, b=1]' },
      { pool: 'kernelArguments: [b=1, a=1]' },
      ['qat: node01 node02'],
      ['reboots-nodes', 'reorders-kernel-arguments', 'stops-virtual-machines'],
    ],
    // F4, F41 and F42: another pool is another rendered config
    [
      'another machine config pool',
      {},
      { pool: 'machineConfigPool: edge' },
      ['edge: node01 node02'],
      ['moves-nodes', 'reboots-nodes', 'stops-virtual-machines'],
    ],
    // F9: a config of another name comes before the old one is deleted
    [
      'a config of another name',
      { pool: 'machineConfigNames: { kernelArguments: 50-a }' },
      {},
      ['qat: node01 node02'],
      ['leaves-node-preparation', 'reboots-nodes', 'renames-machine-config', 'stops-virtual-machines'],
    ],
    // K41
    ['somebody else serves it', {}, { device: ', externalResourceProvider: true' }, [], ['changes-provider']],
    // K76 and K89: memory is live for what can be migrated only, firmware is not
    ['more memory', {}, { machine: '{ domain: { devices: {}, memory: { guest: 8Gi } } }' }, [], ['needs-vm-restart']],
    [
      'other firmware',
      {},
      { machine: '{ domain: { devices: {}, machine: { type: q35 }, memory: { guest: 4Gi } } }' },
      [],
      ['needs-vm-restart'],
    ],
    [
      'it may not be stopped',
      {},
      { machine: '{ evictionStrategy: External, domain: { devices: {}, memory: { guest: 4Gi } } }' },
      [],
      ['needs-vm-restart'],
    ],
    ['a gate more', {}, { gates: ', featureGates: [Sidecar]' }, [], []],
    ['a gate less', { gates: ', featureGates: [Sidecar]' }, {}, [], ['turns-off-gates']],
    ['a later release', {}, { version: '1.7' }, [], []],
    // F147: a KubeletConfig is a MachineConfig in the end
    [
      'kubelet settings',
      {},
      { pool: 'kubelet: { maxPods: 100 }' },
      ['qat: node01 node02'],
      ['reboots-nodes', 'stops-virtual-machines'],
    ],
    [
      'a taint that its VMs tolerate',
      { machine: TOLERANT },
      { machine: TOLERANT, pool: 'taints: [{ key: a, effect: NoSchedule }]' },
      [],
      [],
    ],
  ])('%s', (_name, before, after, expectedReboots, expectedHazards) => {
    const plan = planBetween(fleet(before), fleet(after));

    expect({ reboots: reboots(plan), hazards: hazards(plan) }).toEqual({
      reboots: expectedReboots,
      hazards: expectedHazards,
    });
  });

  // F47 and F12: those that are in the pool and those that come to it reboot for reasons of their own
  it('tells the nodes that join from those that are there', () => {
    const messages = (before: string, after: string, nodes = 'node01, node02'): string[] =>
      planBetween(fleet({ nodes: 'node01', pool: before }), fleet({ nodes, pool: after }))
        .hazards.filter(({ name }) => name === 'reboots-nodes')
        .map(({ message }) => message);

    expect(messages('', 'kernelArguments: [nosmt]')).toEqual([
      '1 node of machine config pool qat reboots',
      '1 node that joins machine config pool qat reboots',
    ]);
    expect(messages('', '', 'node01, node02, node03')).toEqual([
      '2 nodes that join machine config pool qat reboot, 1 at a time',
    ]);
  });

  // F107, F122; the installer and talosctl are run by people
  it.each([
    ['ignition', 'reinstall'],
    ['cloud-init', 'reinstall'],
    ['linux', 'run-installer'],
  ])('on %s an argument more takes effect by: %s', (platform, act) => {
    const on = (pool: string): Record<string, string> => ({
      'fleet.yaml': (fleet({ pool })['fleet.yaml'] ?? '').replace(
        'nodePlatform: openshift',
        `nodePlatform: ${platform}`,
      ),
    });
    const plan = planBetween(on(''), on('kernelArguments: [nosmt]'));

    expect(plan.disruptions).toMatchObject([{ act, unit: 'qat', nodes: ['node01', 'node02'] }]);
  });

  it('on talos it takes effect by: apply-config', () => {
    const on = (pool: string): Baseline => {
      const { baseline } = compiledFrom({
        'fleet.yaml': (fleet({ pool })['fleet.yaml'] ?? '').replace('nodePlatform: openshift', 'nodePlatform: linux'),
      });
      return { ...baseline, units: baseline.units.map((unit) => ({ ...unit, platform: 'talos' })) };
    };

    expect(makePlan(on(''), on('kernelArguments: [nosmt]')).disruptions).toMatchObject([
      { act: 'apply-config', needsReboot: true },
    ]);
  });

  it('on linux another address is bound at the next boot', () => {
    const on = (address: string): Record<string, string> => ({
      'fleet.yaml': (fleet()['fleet.yaml'] ?? '')
        .replace('nodePlatform: openshift', 'nodePlatform: linux')
        .replace('0000:03:00.0', address),
    });

    expect(planBetween(on('0000:03:00.0'), on('0000:04:00.0')).disruptions).toMatchObject([{ needsReboot: true }]);
  });

  // K86 and K87
  it('a VM that only something else may evict may block the drain; one that may be stopped is', () => {
    const with_ = (strategy: string, pool: string): Record<string, string> =>
      fleet({ pool, machine: `{ evictionStrategy: ${strategy}, domain: { devices: {}, memory: { guest: 4Gi } } }` });
    const fate = (strategy: string): string | undefined =>
      planBetween(with_(strategy, ''), with_(strategy, 'kernelArguments: [nosmt]')).machines[0]?.fate;

    expect(['External', 'None', 'LiveMigrateIfPossible'].map(fate)).toEqual(['left-to-others', 'stopped', 'stopped']);
  });

  // F41 and DESIGN 3: what worker gets a custom pool gets too
  it('what worker gets reboots a custom pool too', () => {
    const two = (more: string): Record<string, string> => ({
      'fleet.yaml': (fleet()['fleet.yaml'] ?? '').replace(
        '  nodePools:',
        `  nodePools:
    w: { nodes: [node09], cpuVendor: intel, machineConfigPool: worker${more} }`,
      ),
    });
    const plan = planBetween(two(''), two(', kernelArguments: [nosmt]'));

    expect(reboots(plan)).toEqual(['qat: node01 node02', 'worker: node09']);
    expect(plan.disruptions.find(({ unit }) => unit === 'qat')?.inheritedFrom).toBe('worker');
  });

  it.each([
    ['one VM', '', []],
    [
      'as many VMs as there are devices',
      '    vpn-2: { hostDevices: [{ name: qat, device: qat }], spec: { domain: { devices: {}, memory: { guest: 4Gi } } } }',
      [{ resource: 'intel.com/qat', count: 1 }],
    ],
  ])('while a node is out: %s', (_what, rest, missing) => {
    const inventory = (name: string): string => `apiVersion: hostdev/v1alpha1
kind: NodeInventory
metadata: { name: ${name} }
spec:
  cpuVendor: intel
  functions: [{ address: "0000:03:00.0", class: "0b40", id: "8086:6f54", iommuGroup: 1, driver: vfio-pci }]
`;
    const files = (pool: string): Record<string, string> => ({
      'fleet.yaml': (fleet({ pool, rest })['fleet.yaml'] ?? '').replace('spec:\n', 'spec:\n  inventory: inventory/\n'),
      'inventory/node01.yaml': inventory('node01'),
      'inventory/node02.yaml': inventory('node02'),
    });

    expect(planBetween(files(''), files('kernelArguments: [nosmt]')).machines).toMatchObject([
      { fate: 'stopped', hasElsewhere: true, missing },
    ]);
  });

  // F148: stop, withdraw, prepare
  it('is given up in the order that is safe', () => {
    const gone = {
      'fleet.yaml': (fleet()['fleet.yaml'] ?? '')
        .replace(/ {2}virtualMachines:[\s\S]*$/, '')
        .replace(/passthrough: .*\n/, '\n')
        .replace(/ {2}devices:\n.*\n/, ''),
    };
    const { sequence } = planBetween(fleet(), gone);

    expect(sequence.map(({ title }) => title.split(/[ :]/)[0])).toEqual(['stop', 'withdraw', 'prepare']);
  });
});

describe('the order of merges', () => {
  const titles = ({ sequence }: Plan): string[] => sequence.map(({ title }) => title);

  // K44: node preparation knows no resource names, so no node is prepared and none reboots
  it('prepares no node for a resource of another name, and says the new one', () => {
    const plan = planAfter([/intel\.com\/qat/g, 'intel.com/quickassist']);

    expect(titles(plan)).toEqual([
      'stop edge/gateway-1 (`runStrategy: Halted`), and take the devices out of it',
      'permit what is new: intel.com/quickassist',
      'let VMs ask for it, and start them',
    ]);
    expect(new Set(plan.sequence.flatMap(({ changes }) => changes))).toEqual(
      new Set(plan.changes.map(({ key }) => key)),
    );
    expect(plan.hazards.find(({ name }) => name === 'rebinds-driver')?.message).toBe(
      '1 PCI function is kept on driver vfio-pci and handed out as intel.com/quickassist from then on',
    );
    expect(closingOf({ plan, from: 'a', to: 'b', allowed: new Set() })[1]).toBe('0 nodes reboot, 1 device changes');
  });

  it('speaks of plugins, and of no reboot, where KubeVirt serves a device itself from then on', () => {
    const plan = planAfter(['      externalResourceProvider: true\n      devicePlugin: nvidia\n', '']);

    expect(plan.disruptions).toEqual([]);
    expect(titles(plan)[1]).toMatch(/^change the device plugins: \d+ changes under device-plugins$/);
    expect(JSON.stringify(plan.sequence)).not.toContain('reboot');
  });

  it('starts what no longer asks for a device without promising it another', () => {
    const plan = planAfter(
      ['        - device: qat\n', ''],
      ['      hostDevices:\n        - { name: quickassist1, device: qat }\n', ''],
    );

    expect(titles(plan).slice(1)).toEqual([
      'prepare the nodes: 1 change under node-prep',
      'start edge/gateway-1 again',
    ]);
  });
});

describe('a machine config pool that is paused', () => {
  const pool = (paused: boolean): string => `apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfigPool
metadata: { name: gpu-intel }
spec: { paused: ${paused} }
status: { machineCount: 1 }
`;
  const kernelArgument: Edit = ['maxUnavailable: 1', 'maxUnavailable: 1\n      kernelArguments: [nosmt]'];

  it.each([true, false])('paused %s: the plan says whether anything moves', (paused) => {
    const live = { ...LAB, 'cluster/pool.yaml': pool(paused) };
    const plan = planBetween(live, edited(live, [kernelArgument]));

    expect(plan.disruptions.map(({ unit, isPaused }) => [unit, isPaused])).toEqual([['gpu-intel', paused]]);
    const notes = plan.hazards.find(({ name }) => name === 'reboots-nodes')?.notes ?? [];
    expect(notes.some((note) => note.includes('is paused: nothing moves'))).toBe(paused);
  });

  it('that was let go since is no change of the fleet', () => {
    const later = { ...LAB, 'cluster/pool.yaml': pool(false) };
    expect(planBetween({ ...LAB, 'cluster/pool.yaml': pool(true) }, later).changes).toEqual([]);
  });
});

// virt-config.go of each release, and syncRestartRequired: what LiveUpdate lets reach a VM that runs
describe('a VM without devices that gets', () => {
  const files = (kubevirt: string, machine: string, live?: string): Record<string, string> => ({
    'fleet.yaml': `apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: lab }
spec:
  cluster: { nodePlatform: linux, kubevirt: { version: "${kubevirt}" }${live === undefined ? '' : ', current: cluster/'} }
  nodePools: { a: { nodes: [node01], nodeSelector: { a: "1" } }, b: { nodes: [node02], nodeSelector: { b: "1" } } }
  virtualMachines:
    web: { ${machine} }
`,
    ...(live === undefined
      ? {}
      : {
          'cluster/kubevirt.yaml': `apiVersion: kubevirt.io/v1
kind: KubeVirt
metadata: { name: kubevirt, namespace: kubevirt }
spec: { configuration: { vmRolloutStrategy: ${live} } }
`,
        }),
  });
  const machine = (memory: string, sockets: number, pool = 'a'): string =>
    `pool: ${pool}, spec: { domain: { cpu: { sockets: ${sockets} }, memory: { guest: ${memory} }, devices: {} } }`;

  it.each([
    ['more memory', '1.6', machine('8Gi', 2), undefined, false],
    ['less memory', '1.6', machine('2Gi', 2), undefined, true],
    ['more sockets', '1.6', machine('4Gi', 4), undefined, false],
    ['fewer sockets', '1.6', machine('4Gi', 1), undefined, true],
    ['other nodes, where it is not migrated by itself', '1.6', machine('4Gi', 2, 'b'), undefined, true],
    ['more memory, when changes were staged by default', '1.5', machine('8Gi', 2), undefined, true],
    ['other nodes, when changes were staged by default', '1.5', machine('4Gi', 2, 'b'), undefined, true],
    ['more memory, where the live object says Stage', '1.9', machine('8Gi', 2), 'Stage', true],
    ['more memory, where the live object says LiveUpdate', '1.5', machine('8Gi', 2), 'LiveUpdate', false],
  ])('%s (KubeVirt %s)', (_what, version, later, live, restarts) => {
    const plan = planBetween(files(version, machine('4Gi', 2), live), files(version, later, live));
    expect(hazards(plan).includes('needs-vm-restart')).toBe(restarts);
  });
});

// K89: placement is live, and what is live of it is the next start or migration
describe('a VM whose placement changes', () => {
  const files = (pools: string, machine: string): Record<string, string> => ({
    'fleet.yaml': (fleet({ machine: '{ domain: { devices: {}, memory: { guest: 4Gi } } }' })['fleet.yaml'] ?? '')
      .replace('  nodePools:\n', `  nodePools:\n    ${pools}\n`)
      .replace('runStrategy: Always', machine)
      .replace(/ +hostDevices: .*\n/, ''),
  });
  const POOL = (nodes: string): string => `web: { nodes: [${nodes}], nodeSelector: { web: "1" } }`;
  const moved = (pools: readonly [string, string], machine: readonly [string, string]): Plan =>
    planBetween(files(pools[0], machine[0]), files(pools[1], machine[1]));
  const ONE = POOL('node08');
  const TWO = POOL('node08, node09');

  it.each<[string, readonly [string, string], readonly [string, string], boolean]>([
    ['to another pool', [ONE, ONE], ['pool: web', 'pool: qat'], true],
    ['to another node', [TWO, TWO], ['node: node08', 'node: node09'], true],
    ['from a pool to one of its nodes', [TWO, TWO], ['pool: web', 'node: node09'], true],
    ['from one node to its pool', [TWO, TWO], ['node: node08', 'pool: web'], false],
    ['with its pool, which grows', [ONE, TWO], ['pool: web', 'pool: web'], false],
    ['to every node', [ONE, ONE], ['pool: web', 'runStrategy: Always'], false],
    [
      'to another pool while it is halted',
      [ONE, ONE],
      ['runStrategy: Halted, pool: web', 'runStrategy: Halted, pool: qat'].map((one) =>
        one.replace(', ', '\n      '),
      ) as [string, string],
      false,
    ],
  ])('%s', (_what, pools, machine, restarts) => {
    expect(hazards(moved(pools, machine)).includes('needs-vm-restart')).toBe(restarts);
  });

  it('stays where it is until it is migrated or started again', () => {
    const [hazard] = moved([ONE, ONE], ['pool: web', 'pool: qat']).hazards;

    expect(hazard).toMatchObject({
      message: '1 VM has to be started again to move to other nodes',
      notes: ['it stays on the node where it is until then'],
      help: ['migrate or restart default/vpn-1 at a time of your own'],
    });
  });
});

describe('a DaemonSet that gets another image', () => {
  const OTHER: Edit = [
    '\n  nodePools:',
    '\n  devicePlugins: { nvidia: { image: "registry.example.com/kubevirt-gpu-device-plugin:v9" } }\n  nodePools:',
  ];
  const hazardWith = (updateStrategy: string | undefined): Plan['hazards'][number] | undefined => {
    const side = (files: Record<string, string>): Baseline => {
      const { baseline } = compiledFrom(files);
      const objects = baseline.cluster.objects.map((state) =>
        state.kind === 'DaemonSet' && updateStrategy !== state.updateStrategy ? { ...state, updateStrategy } : state,
      );
      return { ...baseline, cluster: { ...baseline.cluster, objects } };
    };
    const plan = makePlan(side(LAB), side(edited(LAB, [OTHER])));
    return plan.hazards.find(({ name }) => name === 'replaces-device-plugin');
  };

  it('does nothing until its pods are deleted, as the fleet writes it', () => {
    const { baseline } = compiledFrom(LAB);

    expect(
      baseline.cluster.objects.filter(({ kind }) => kind === 'DaemonSet').map((state) => state.updateStrategy),
    ).toEqual(['OnDelete']);
    expect(hazardWith('OnDelete')).toMatchObject({
      message: 'DaemonSet nvidia-kubevirt-gpu-device-plugin gets another image',
      notes: expect.arrayContaining([
        'its pods take it when they are deleted: `updateStrategy` is `OnDelete`',
      ]) as string[],
      help: ['delete its pods node by node'],
    });
  });

  it.each(['RollingUpdate', undefined])('is rolled where its strategy is %s', (strategy) => {
    expect(hazardWith(strategy)).toMatchObject({
      message: 'DaemonSet nvidia-kubevirt-gpu-device-plugin is rolled to another image',
      help: [],
    });
  });

  // the fleet has nodes without any GPU
  it('names no nodes that may not run it', () => {
    expect(hazardWith('RollingUpdate')?.radius).toMatchObject({ nodes: [], nodeCount: 0 });
  });
});

describe('who has a device', () => {
  const elsewhere: Edit = ["addresses: ['0000:5e:00.0']", "addresses: ['0000:60:00.0']"];
  const titles = (files: Record<string, string>): string[] =>
    planBetween(files, edited(files, [elsewhere])).sequence.map(({ title }) => title);

  it('is deleted where it is an instance, which has no switch', () => {
    expect(titles(LAB)).toEqual([
      'take default/vmi-nvme out of Git and delete it',
      'prepare the nodes: 1 change under node-prep',
      'make default/vmi-nvme anew',
    ]);
  });

  it('is scaled down where it is a set', () => {
    const set = edited(LAB, [
      ['kind: VirtualMachineInstance\n', 'kind: VirtualMachineInstanceReplicaSet\n      replicas: 1\n'],
    ]);
    expect(titles(set)).toEqual([
      'scale default/vmi-nvme down (`replicas: 0`), and take the devices out of it',
      'prepare the nodes: 1 change under node-prep',
      'scale default/vmi-nvme up again',
    ]);
  });
});

describe('what brings the objects into the cluster', () => {
  const GITOPS: Edit = [
    'kubevirt:\n      version:',
    "gitops: { tool: argocd, repoURL: 'https://git.example.com/a/b.git' }\n    kubevirt:\n      version:",
  ];
  const before = edited(LAB, [GITOPS]);
  const plan = planBetween(before, edited(before, [['machineConfigPool: gpu-intel', 'machineConfigPool: edge']]));

  // F42: a node in two custom pools is no longer updated
  it('takes the old label from a node that changes its pool, with the new one', () => {
    const move = plan.hazards.find(({ name }) => name === 'moves-nodes');
    expect(move?.message).toBe('1 node moves from machine config pool gpu-intel to edge');
    expect(move?.help).toEqual([expect.stringContaining('Job under `gitops/node-labels`')]);
  });

  it.each<[string, Edit[], string | undefined]>([
    ['the fleet gets another name', [['metadata:\n  name: lab', 'metadata:\n  name: prod']], 'goes on applying'],
    ['another tool', [['tool: argocd', 'tool: flux']], 'goes on applying'],
    ['no tool', [[/ {4}gitops: .*\n/, '']], 'goes on applying'],
    [
      'no device plugin any more',
      [
        ['      externalResourceProvider: true\n      devicePlugin: nvidia\n', ''],
        ['nvidia.com/TU104GL_TESLA_T4', 'nvidia.com/t4'],
      ],
      'DaemonSet nvidia-kubevirt-gpu-device-plugin',
    ],
    ['reboots that wait no more', [["git' }", "git', reboots: automatic }"]], undefined],
  ])('stays and goes on: %s', (_what, edits, note) => {
    const hazard = planBetween(before, edited(before, edits)).hazards.find(({ name }) => name === 'leaves-objects');
    expect(hazard?.notes.join('; ') ?? '').toContain(note ?? '');
    expect(hazard === undefined).toBe(note === undefined);
  });

  it('goes with what it brings, and withdraws nothing from KubeVirt', () => {
    expect(plan.changes.some(({ kind, name }) => kind === 'object' && name.includes('label-nodes'))).toBe(true);
    expect(plan.sequence.map(({ title }) => title.split(/[ :]/)[0])).toEqual(['stop', 'prepare', 'start']);
    expect(new Set(plan.sequence.flatMap(({ changes }) => changes))).toEqual(
      new Set(plan.changes.map(({ key }) => key)),
    );
  });
});

// hostdev's own Applications and Kustomizations of VMs: `prune: false`
describe('a VM that is no longer written', () => {
  const removal = (gitops: string, strategy = 'Always'): [notes: readonly string[], help: readonly string[]] => {
    const before = {
      'fleet.yaml': (fleet()['fleet.yaml'] ?? '')
        .replace('version: "1.6" }', `version: "1.6" }${gitops}`)
        .replace('runStrategy: Always', `runStrategy: ${strategy}`),
    };
    const after = { 'fleet.yaml': before['fleet.yaml'].replace(/ {2}virtualMachines:[\s\S]*$/, '') };
    const found = planBetween(before, after).hazards.find(({ name }) => name === 'removes-virtual-machines');
    return [found?.notes ?? [], found?.help ?? []];
  };
  const url = "repoURL: 'https://git.example.com/a/b.git'";

  it.each(['argocd', 'flux'])('goes on running where %s brings the objects as the fleet says', (tool) => {
    expect(removal(`, gitops: { tool: ${tool}, ${url} }`)).toEqual([
      ['the stage of VMs prunes nothing: until somebody deletes them they run on, with their devices: default/vpn-1'],
      ['delete default/vpn-1 by hand'],
    ]);
  });

  it('stays where it is halted', () => {
    expect(removal(`, gitops: { tool: argocd, ${url} }`, 'Halted')[0]).toEqual([
      'the stage of VMs prunes nothing: they are there until somebody deletes them: default/vpn-1',
    ]);
  });

  it('is deleted where others apply the output and prune', () => {
    expect(removal('')).toEqual([['where the output is pruned they are deleted: default/vpn-1'], []]);
  });
});

// F148 and the driver's reboot in between: nobody has the card at that moment, and its passthrough must be deleted first
it('a card that is shared out instead of handed over whole goes by way of the host, and back', () => {
  // without the VM that has the whole card
  const before = edited(LAB, [[/ {4}train-1:\n(?: {5,}.*\n)+/, '']]);
  const whole = "reservedSystemCPUs: '0-3' }\n      passthrough:\n        - device: t4\n";
  const parts =
    "reservedSystemCPUs: '0-3' }\n      mediatedDevices:\n        - { device: t4-1q, createdBy: kubevirt }\n";
  const shared = edited(before, [[whole, parts]]);
  const there = planBetween(before, shared).sequence;
  const back = planBetween(shared, before).sequence;

  expect(there.map(({ title }) => title.split(/[ :]/)[0])).toEqual(['prepare', 'permit']);
  expect(there[0]?.title).toContain('delete 100-gpu-amd-vfiopci by hand');
  expect(there[0]?.waitFor).toBe('gpu-amd is updated');
  expect(back.map(({ title }) => title.split(/[ :]/)[0])).toEqual(['stop', 'withdraw', 'prepare', 'start']);
});

describe('a VM that is halted', () => {
  it('is stopped by the merge, and not asked to be started again for what changes besides', () => {
    const plan = planAfter(
      ['cpu: { cores: 2 }', 'cpu: { cores: 3 }'],
      ['runStrategy: RerunOnFailure', 'runStrategy: Halted'],
    );

    expect(hazards(plan)).toEqual(['stops-virtual-machines']);
    expect(plan.hazards[0]).toMatchObject({ message: '1 VM is halted', radius: { machines: ['desktops/desktop-1'] } });
  });
});

it('a platform that is given up leaves behind what was written for it', () => {
  const later = edited(LAB, [
    ['nodePlatform: openshift', 'nodePlatform: linux'],
    [/ +nodePlatformVersion: .*\n/, ''],
    [/ +machineConfigPool: .*\n/g, ''],
    [/ +maxUnavailable: .*\n/, ''],
  ]);
  const plan = planBetween(LAB, later);

  expect(plan.hazards.filter(({ name }) => name === 'leaves-node-preparation').map(({ message }) => message)).toEqual(
    expect.arrayContaining([
      '4 objects that prepared gpu-amd are left behind',
      '2 objects that prepared vgpu are left behind',
    ]),
  );
});
