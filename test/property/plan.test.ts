import fc from 'fast-check';
import { diffBaselines, explainedPaths, makePlan, mirrored, type Baseline, type Change } from '../../src/plan';
import { compiledFrom, type Compiled } from '../support/plan-of';

/** What fleets of these tests differ in. */
interface Wish {
  readonly nodes: number;
  readonly pool: string;
  readonly unit: string;
  readonly kernelArguments: readonly string[];
  readonly maxUnavailable: number | string | undefined;
  readonly resourceName: string;
  readonly selectors: readonly string[];
  readonly external: boolean;
  readonly version: string;
  readonly gates: readonly string[];
  readonly platform: string;
  readonly tool: string;
  readonly image: string;
  readonly vgpu: string | undefined;
  readonly machines: readonly {
    readonly name: string;
    readonly memory: number;
    readonly eviction: string;
    readonly strategy: string;
  }[];
}

const wish: fc.Arbitrary<Wish> = fc.record({
  nodes: fc.integer({ min: 1, max: 3 }),
  pool: fc.constantFrom('qat', 'edge'),
  unit: fc.constantFrom('qat', 'edge', 'worker'),
  kernelArguments: fc
    .subarray(['iommu.strict=1', 'nosmt', 'quiet'])
    .chain((items) => fc.shuffledSubarray(items, { minLength: items.length })),
  maxUnavailable: fc.constantFrom(undefined, 1, 2, '50%'),
  resourceName: fc.constantFrom('intel.com/qat', 'intel.com/c62x'),
  selectors: fc.constantFrom(['8086:6f54'], ['8086:6f54', '8086:4941']),
  external: fc.boolean(),
  version: fc.constantFrom('1.6', '1.9'),
  gates: fc.subarray(['Sidecar', 'Snapshot']),
  platform: fc.constantFrom('openshift', 'linux', 'ignition', 'talos', 'cloud-init'),
  tool: fc.constantFrom('none', 'argocd', 'flux'),
  image: fc.constantFrom('example.com/plugin:1', 'example.com/plugin:2'),
  vgpu: fc.constantFrom(undefined, 't4-1q', 't4-2q'),
  machines: fc.uniqueArray(
    fc.record({
      name: fc.constantFrom('vpn-1', 'vpn-2', 'vpn-3'),
      memory: fc.constantFrom(2, 4),
      eviction: fc.constantFrom('None', 'LiveMigrateIfPossible'),
      strategy: fc.constantFrom('Always', 'Halted'),
    }),
    { selector: ({ name }) => name },
  ),
});

function fleetOf(one: Wish): string {
  const nodes = Array.from({ length: one.nodes }, (_, i) => `node0${i + 1}`).join(', ');
  const machines = one.machines.map(
    ({ name, memory, eviction, strategy }) => `
    ${name}:
      runStrategy: ${strategy}
      hostDevices: [{ name: qat, device: qat }]
      spec: { evictionStrategy: ${eviction}, domain: { devices: {}, memory: { guest: ${memory}Gi } } }`,
  );
  return `apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: lab }
spec:
  cluster: { nodePlatform: ${one.platform}, gitops: { tool: ${one.tool}, repoURL: 'https://git.example.com/a/b.git' }, kubevirt: { version: "${one.version}", featureGates: [${one.gates.join(', ')}] } }
  devices:
    qat: { pci: ${JSON.stringify(one.selectors)}, resourceName: ${one.resourceName}, externalResourceProvider: ${one.external} }
    t4: { pci: ["10de:1eb8"], resourceName: nvidia.com/TU104GL_TESLA_T4, externalResourceProvider: true, devicePlugin: nvidia }
    t4-1q: { mdev: { name: GRID T4-1Q, typeId: nvidia-222, parent: "10de:1eb8" }, resourceName: nvidia.com/GRID_T4-1Q }
    t4-2q: { mdev: { name: GRID T4-2Q, typeId: nvidia-223, parent: "10de:1eb8" }, resourceName: nvidia.com/GRID_T4-2Q }
  devicePlugins: { nvidia: { image: "${one.image}" } }
  nodePools:
    ${one.pool}:
      nodes: [${nodes}]
      cpuVendor: intel
      ${one.platform === 'openshift' ? `machineConfigPool: ${one.unit}` : ''}
      ${one.maxUnavailable === undefined || one.unit === 'worker' || one.platform !== 'openshift' ? '' : `maxUnavailable: ${one.maxUnavailable}`}
      kernelArguments: [${one.kernelArguments.join(', ')}]
      passthrough: [{ device: qat, addresses: ["0000:03:00.0"], binding: address }]
    gpu:
      nodes: [gpu01]
      cpuVendor: intel
      passthrough: [{ device: t4, addresses: ["0000:3b:00.0"], binding: address }]
    vgpu:
      nodes: [gpu02]
      cpuVendor: intel
      ${one.vgpu === undefined ? '' : `mediatedDevices: [{ device: ${one.vgpu}, createdBy: kubevirt }]`}
  virtualMachines:${machines.length === 0 ? ' {}' : machines.join('')}
`;
}

const known = new Map<string, Compiled | undefined>();

/** Fleets that the rules refuse have no plan. */
function compiled(one: Wish): Compiled | undefined {
  const text = fleetOf(one);
  if (!known.has(text)) {
    try {
      known.set(text, compiledFrom({ 'fleet.yaml': text }));
    } catch {
      known.set(text, undefined);
    }
  }
  return known.get(text);
}

const pair = fc.tuple(wish, wish);
/** A pair that differs in one thing: most of what is merged is small. */
const near = fc
  .tuple(
    wish,
    wish,
    fc.constantFrom(
      ...([
        'nodes',
        'unit',
        'kernelArguments',
        'image',
        'external',
        'vgpu',
        'machines',
        'version',
        'resourceName',
      ] as const),
    ),
  )
  .map(([a, b, key]): [Wish, Wish] => [a, { ...a, [key]: b[key] }]);
const RUNS = { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 40) };

function withBoth(check: (before: Compiled, after: Compiled) => void): ([a, b]: readonly [Wish, Wish]) => void {
  return ([a, b]) => {
    const [before, after] = [compiled(a), compiled(b)];
    fc.pre(before !== undefined && after !== undefined);
    check(before, after);
  };
}

const isObject = (path: string): boolean => !path.startsWith('baseline/') && !/(?:^|\/)kustomization\.yaml$/.test(path);

const sorted = (changes: readonly Change[]): Change[] =>
  [...changes].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));

describe('a plan', () => {
  it('is empty between a fleet and itself', () => {
    fc.assert(
      fc.property(wish, (one) => {
        const fleet = compiled(one);
        fc.pre(fleet !== undefined);
        const plan = makePlan(fleet.baseline, fleet.baseline);

        expect(plan).toMatchObject({
          changes: [],
          disruptions: [],
          machines: [],
          hazards: [],
          sequence: [],
          capacity: [],
        });
      }),
      RUNS,
    );
  });

  it('turned around is the plan of the fleets turned around', () => {
    fc.assert(
      fc.property(
        fc.oneof(pair, near),
        withBoth(({ baseline: a }, { baseline: b }) => {
          expect(sorted(diffBaselines(b, a))).toEqual(sorted(diffBaselines(a, b).map(mirrored)));
        }),
      ),
      RUNS,
    );
  });

  it('explains every object that differs between the two outputs, and no other', () => {
    fc.assert(
      fc.property(
        fc.oneof(pair, near),
        withBoth((before, after) => {
          const paths = new Set([...before.files.keys(), ...after.files.keys()]);
          const differing = [...paths].filter(
            (path) => isObject(path) && before.files.get(path) !== after.files.get(path),
          );
          const explained = makePlan(before.baseline, after.baseline).changes.flatMap(explainedPaths);

          expect([...new Set(explained)].sort()).toEqual(differing.sort());
        }),
      ),
      RUNS,
    );
  });

  it('puts every change into one merge of the sequence, where one merge is not safe', () => {
    fc.assert(
      fc.property(
        fc.oneof(pair, near),
        withBoth(({ baseline: a }, { baseline: b }) => {
          const { changes, sequence } = makePlan(a, b);
          if (sequence.length === 0) return;

          expect(sequence.flatMap((step) => step.changes).sort()).toEqual(changes.map(({ key }) => key).sort());
        }),
      ),
      RUNS,
    );
  });

  it('does not depend on the order of what has none', () => {
    fc.assert(
      fc.property(
        fc.oneof(pair, near),
        withBoth(({ baseline: a }, { baseline: b }) => {
          expect(makePlan(reversed(a), reversed(b)).changes).toEqual(
            makePlan(a, b).changes.map(
              (change) => expect.objectContaining({ key: change.key, sign: change.sign }) as unknown,
            ),
          );
          expect(diffBaselines(a, reversed(a))).toEqual([]);
        }),
      ),
      RUNS,
    );
  });

  it('loses no hazard when something else changes as well', () => {
    fc.assert(
      fc.property(
        near,
        withBoth((before, after) => {
          const more = withAnotherPool(after.baseline);
          const names = makePlan(before.baseline, after.baseline).hazards.map(
            ({ code, message }) => `${code} ${message}`,
          );
          const withMore = makePlan(before.baseline, more).hazards.map(({ code, message }) => `${code} ${message}`);

          // the one that counts pools says another number
          for (const name of names.filter((one) => !one.startsWith('PLN515'))) expect(withMore).toContain(name);
        }),
      ),
      RUNS,
    );
  });
});

function reversed(baseline: Baseline): Baseline {
  const { cluster, units, pools, machines } = baseline;
  const back = <T>(items: readonly T[]): T[] => [...items].reverse();
  return {
    ...baseline,
    cluster: {
      ...cluster,
      featureGates: back(cluster.featureGates),
      permitted: back(cluster.permitted),
      objects: back(cluster.objects),
    },
    units: back(units).map((unit) => ({
      ...unit,
      configs: back(unit.configs).map((config) => ({
        ...config,
        files: new Map(back([...config.files])),
        units: new Map(back([...config.units])),
      })),
      objects: back(unit.objects),
    })),
    pools: back(pools).map((pool) => ({ ...pool, nodes: back(pool.nodes), mediated: back(pool.mediated) })),
    machines: back(machines).map((machine) => ({
      ...machine,
      gpus: back(machine.gpus),
      candidates: back(machine.candidates),
    })),
  };
}

/** An unrelated pool, with nodes and a unit of its own. */
function withAnotherPool(baseline: Baseline): Baseline {
  const [unit] = baseline.units;
  if (unit === undefined) throw new Error('a fleet without units');
  return {
    ...baseline,
    units: [
      ...baseline.units,
      { ...unit, name: 'other', isCustom: true, liveNodeCount: undefined, inheritedBy: [], configs: [], objects: [] },
    ],
    pools: [
      ...baseline.pools,
      {
        name: 'other',
        unit: 'other',
        mediated: [],
        nodes: [{ name: 'other01', advertises: new Map(), functions: new Map() }],
      },
    ],
  };
}
