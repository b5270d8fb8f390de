import { compileFleet, renderOutputs, SourceSet } from '../../../src/compile';
import type { AnalysedMachine, MachineShape } from '../../../src/analysis';
import { LikeObjects } from '../../../src/compile/like-objects';
import { scalarCheck, validateObject } from '../../../src/kubevirt';
import { loadFleet } from '../../../src/load';
import type { ManifestSet } from '../../../src/manifests';
import type { JsonObject, JsonValue } from '../../../src/model';
import { memoryFiles } from '../../support/fleet-of';

const TARGET = { release: '1.6' };

const vm = (name: string, spec: JsonObject = {}, labels: JsonObject = { app: name }): JsonObject => ({
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachineInstance',
  metadata: { name, namespace: 'default', labels },
  spec: {
    domain: { cpu: { cores: 2 }, devices: {}, memory: { guest: '4Gi' } },
    terminationGracePeriodSeconds: 30,
    ...spec,
  },
});

const replaced = (object: JsonObject, [key = '', ...rest]: readonly string[], value: unknown): JsonObject => ({
  ...object,
  [key]: (rest.length === 0 ? value : replaced(object[key] as JsonObject, rest, value)) as JsonValue,
});

describe('a scalar of a valid object', () => {
  const valid = vm('a', { evictionStrategy: 'None' });

  it.each<[readonly string[], unknown, boolean]>([
    [['metadata', 'name'], 'b', true],
    [['metadata', 'name'], '', false],
    [['metadata', 'labels', 'app'], 'b', true],
    [['metadata', 'labels', 'app'], 7, false],
    [['spec', 'domain', 'memory', 'guest'], '8Gi', true],
    [['spec', 'domain', 'memory', 'guest'], '8 GB', false],
    [['spec', 'domain', 'cpu', 'cores'], 4, true],
    [['spec', 'domain', 'cpu', 'cores'], 1.5, false],
    [['spec', 'domain', 'cpu', 'cores'], null, false],
    [['spec', 'terminationGracePeriodSeconds'], '30', false],
  ])('%j may be %j: %j', (path, value, expected) => {
    const check = scalarCheck(TARGET, valid, path);
    const other = replaced(valid, path, value);

    expect(validateObject(TARGET, valid)).toEqual([]);
    expect(check?.(value)).toBe(expected);
    // null is taken for absent, which the check of one scalar leaves to the validation of the whole
    if (value !== null) expect(validateObject(TARGET, other).length === 0).toBe(expected);
  });

  it('is not judged by itself where it says what the object is', () => {
    expect(scalarCheck(TARGET, valid, ['kind'])).toBeUndefined();
    expect(scalarCheck(TARGET, valid, ['apiVersion'])).toBeUndefined();
    expect(scalarCheck(TARGET, valid, ['spec', 'nothing', 'known'])).toBeUndefined();
  });
});

describe('objects that are alike', () => {
  const one = {} as AnalysedMachine;
  const shape = { machines: [one, one] };
  const learned = (...objects: readonly JsonObject[]): LikeObjects => {
    const like = new LikeObjects('1.6');
    for (const one of objects) like.learn(shape, one, 'virtualMachines.any');
    return like;
  };

  const textIn = (like: LikeObjects, of: MachineShape, object: JsonObject): string | undefined =>
    like.fileOf(of, object, 'virtualMachines.any')?.text;

  it('are written from the first of them', () => {
    expect(textIn(learned(), shape, vm('b'))).toBeUndefined();
    expect(textIn(learned(vm('a')), shape, vm('b'))).toContain('name: b\n');
    expect(textIn(learned(vm('a')), { machines: [one, one] }, vm('b'))).toBeUndefined();
  });

  it('are no group where there is one of a kind', () => {
    const alone = { machines: [one] };
    const like = new LikeObjects('1.6');
    like.learn(alone, vm('a'), 'virtualMachines.a');

    expect(textIn(like, alone, vm('b'))).toBeUndefined();
  });

  it('are looked at in full where a scalar is not valid, or something else differs', () => {
    const like = learned(vm('a'));

    expect(textIn(like, shape, vm('c', { terminationGracePeriodSeconds: 'soon' }))).toBeUndefined();
    expect(textIn(like, shape, vm('c', { hostname: 'c' }))).toBeUndefined();
    expect(textIn(like, shape, vm('c', {}, { app: 'c', tier: 'front' }))).toBeUndefined();
    expect(textIn(like, shape, { ...vm('c'), kind: 'VirtualMachine' })).toBeUndefined();
    expect(textIn(like, shape, vm('c'))).toContain('name: c\n');
  });

  it('are given up where they are not', () => {
    const like = learned(vm('a'));
    for (let i = 0; i < 20; i++) textIn(like, shape, vm('c', { hostname: 'c' }));

    like.learn(shape, vm('d'), 'virtualMachines.d');

    expect(textIn(like, shape, vm('e'))).toBeUndefined();
  });
});

describe('a fleet of VMs that are alike', () => {
  const machine = (i: number, grace = '30'): string => `
    vm-${i}:
      kind: VirtualMachineInstance
      spec:
        terminationGracePeriodSeconds: ${grace}
        domain: { devices: {}, memory: { guest: ${i}Gi } }`;
  const compiled = (renders: boolean, machines: readonly string[]): ReturnType<typeof compileFleet> => {
    const access = memoryFiles({
      'fleet.yaml': `apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: alike }
spec:
  cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" } }
  virtualMachines:${machines.join('')}
`,
    });
    const { sources, ...loaded } = loadFleet(access, 'fleet.yaml');
    const set = new SourceSet(sources, access);
    return compileFleet({ ...loaded, renders, locate: (place) => set.locate(place) });
  };

  it('is the same bytes as if each were looked at', () => {
    const machines = [1, 2, 3, 4, 5].map((i) => machine(i));
    const [early, late] = [compiled(true, machines), compiled(false, machines)];
    if (early.manifests === undefined || late.manifests === undefined) throw new Error('the fleet has errors');

    const files = ({ rendered }: typeof early, manifests: ManifestSet): unknown =>
      [...renderOutputs('alike', manifests, { rendered }).files].map(([path, { text, modelPath, sha256 }]) => ({
        path,
        text,
        modelPath,
        sha256,
      }));
    expect(files(early, early.manifests)).toEqual(files(late, late.manifests));
    expect(early.rendered?.size).toBe(machines.length);
  });

  it('has the same findings as if each were looked at', () => {
    const machines = [1, 2, 3, 4, 5].map((i) => machine(i, i === 4 ? '"soon"' : '30'));
    const [early, late] = [compiled(true, machines), compiled(false, machines)];

    expect(early.report.diagnostics.map(({ code, message }) => `${code} ${message}`)).toContainEqual(
      expect.stringContaining('terminationGracePeriodSeconds'),
    );
    expect(early.report).toEqual(late.report);
    expect(early.manifests).toBeUndefined();
  });
});
