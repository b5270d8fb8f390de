import {
  apiVersionOf,
  complaintHistory,
  hasSchema,
  isDeprecatedApiVersion,
  KUBEVIRT_RELEASES,
  validateFragment,
  validateObject,
  type KubeVirtRelease,
  type SchemaComplaint,
} from '../../../src/kubevirt';
import type { JsonObject, JsonValue } from '../../../src/model';
import { GPU_VM, GPUS_VMI, KUBEVIRT, MACHINE_CONFIG, MACHINE_CONFIG_POOL, NVME_VMI } from './objects';

/** The object with the value at a path replaced; undefined takes the member out. */
function withAt(object: JsonObject, path: readonly (string | number)[], value: JsonValue | undefined): JsonObject {
  const copy = structuredClone(object) as Record<string, unknown>;
  let at = copy;
  for (const step of path.slice(0, -1)) at = at[step] as Record<string, unknown>;
  const last = path.at(-1) ?? '';
  if (value === undefined) Reflect.deleteProperty(at, last);
  else Object.defineProperty(at, last, { value, enumerable: true, writable: true, configurable: true });
  return copy as JsonObject;
}

const SPEC = ['spec', 'template', 'spec'];
const DEVICES = [...SPEC, 'domain', 'devices'];

function complaintsIn(release: KubeVirtRelease, object: JsonObject): SchemaComplaint[] {
  return validateObject({ release }, object);
}

/** The only complaint about the VM with one value replaced. */
function complaintAbout(
  path: readonly (string | number)[],
  value: JsonValue | undefined,
  release: KubeVirtRelease = '1.9',
) {
  const complaints = complaintsIn(release, withAt(GPU_VM, path, value));
  expect(complaints).toHaveLength(1);
  return complaints[0];
}

describe.each(KUBEVIRT_RELEASES)('in KubeVirt %s', (release) => {
  test.each([
    ['a VM with a GPU', GPU_VM],
    ['the VMI of the user guide with an NVMe drive', NVME_VMI],
    ['the VMI of the user guide with GPUs', GPUS_VMI],
    ['permitted host devices', KUBEVIRT],
    ['a MachineConfig', MACHINE_CONFIG],
    ['a MachineConfigPool', MACHINE_CONFIG_POOL],
  ])('accepts %s', (_, object) => {
    expect(complaintsIn(release, object)).toEqual([]);
  });

  test('accepts numbers and texts for quantities and ports', () => {
    const requests = { memory: 1_073_741_824, cpu: '500m', 'nvidia.com/gpu': 1 };
    const probe = { tcpSocket: { port: 22 } };
    const vm = withAt(
      withAt(GPU_VM, [...SPEC, 'domain', 'resources'], { requests }),
      [...SPEC, 'readinessProbe'],
      probe,
    );

    expect(complaintsIn(release, vm)).toEqual([]);
    expect(complaintsIn(release, withAt(vm, [...SPEC, 'readinessProbe', 'tcpSocket', 'port'], 'ssh'))).toEqual([]);
  });

  test('refuses a misspelt field and names the one that was meant', () => {
    const vm = withAt(GPU_VM, [...DEVICES, 'gpu'], []);

    expect(complaintsIn(release, vm)).toEqual([
      {
        pointer: '/spec/template/spec/domain/devices/gpu',
        kind: 'unknown-field',
        expected: 'a field of v1.Devices',
        found: 'the text "gpu"',
        suggestion: 'gpus',
      },
    ]);
  });
});

describe('an unknown field', () => {
  test('is one mistake together with the required field that it means', () => {
    const complaint = complaintAbout([...DEVICES, 'gpus'], [{ nam: 'gpu1', deviceName: 'a.com/b' }]);

    expect(complaint).toMatchObject({ pointer: '/spec/template/spec/domain/devices/gpus/0/nam', suggestion: 'name' });
  });

  test('is refused in an object that takes no field at all', () => {
    const masquerade = { name: 'default', masquerade: { ports: [] } };

    expect(complaintAbout([...DEVICES, 'interfaces'], [masquerade])).toMatchObject({
      pointer: '/spec/template/spec/domain/devices/interfaces/0/masquerade/ports',
      kind: 'unknown-field',
      expected: 'a field of v1.InterfaceMasquerade',
    });
  });

  test('is refused in metadata, labels and annotations are free', () => {
    expect(complaintAbout(['metadata', 'annotation'], {})).toMatchObject({ suggestion: 'annotations' });
    expect(complaintsIn('1.9', withAt(GPU_VM, ['metadata', 'annotations'], { 'a.com/b': 'c' }))).toEqual([]);
  });

  test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])('is refused when it is called %s', (name) => {
    expect(complaintAbout([...SPEC, name], 1)).toMatchObject({
      pointer: `/spec/template/spec/${name}`,
      kind: 'unknown-field',
    });
  });

  test('has its pointer escaped', () => {
    expect(complaintAbout(['spec', 'a/b~c'], 1)).toMatchObject({ pointer: '/spec/a~1b~0c' });
  });

  test('is known from a later release on', () => {
    const complaint = complaintAbout([...DEVICES, 'panicDevices'], [], '1.5');

    expect(complaint).toMatchObject({ kind: 'unknown-field', introducedIn: '1.6' });
    expect(complaint && complaintHistory(complaint)).toBe('known from KubeVirt 1.6 on');
    expect(complaintsIn('1.6', withAt(GPU_VM, [...DEVICES, 'panicDevices'], []))).toEqual([]);
  });

  test('is known below a field whose type changed, from that release on', () => {
    const hyperv = { tlbflush: { direct: {} } };

    expect(complaintAbout([...SPEC, 'domain', 'features'], { hyperv }, '1.7')).toMatchObject({
      pointer: '/spec/template/spec/domain/features/hyperv/tlbflush/direct',
      introducedIn: '1.8',
    });
  });

  test('was known to an earlier release', () => {
    const vmi = withAt(NVME_VMI, ['status'], { deviceStatus: {} });
    const [complaint] = complaintsIn('1.9', vmi);

    expect(complaintsIn('1.7', vmi)).toEqual([]);
    expect(complaint).toMatchObject({ pointer: '/status/deviceStatus', removedIn: '1.8' });
    expect(complaint && complaintHistory(complaint)).toBe('removed in KubeVirt 1.8');
  });

  test('has no history when no release knows it', () => {
    const complaint = complaintAbout([...DEVICES, 'gpu'], []);

    expect(complaint && complaintHistory(complaint)).toBeUndefined();
  });
});

describe('a missing field', () => {
  test('is named by its own pointer', () => {
    expect(complaintAbout([...SPEC, 'domain'], undefined)).toEqual({
      pointer: '/spec/template/spec/domain',
      kind: 'missing-field',
      expected: 'an object',
      found: 'nothing',
    });
  });

  test('says until when it is required', () => {
    const claim = [{ name: 'gpu1', claimName: 'claim', requestName: 'gpu' }];
    const complaints = complaintsIn('1.4', withAt(GPU_VM, [...DEVICES, 'gpus'], claim));

    expect(complaints).toContainEqual({
      pointer: '/spec/template/spec/domain/devices/gpus/0/deviceName',
      kind: 'missing-field',
      expected: 'a text',
      found: 'nothing',
      requiredUntil: '1.5',
    });
    expect(complaints.filter(({ introducedIn }) => introducedIn === '1.6')).toHaveLength(2);
    expect(complaintsIn('1.6', withAt(GPU_VM, [...DEVICES, 'gpus'], claim))).toEqual([]);
  });

  test('is one that is null', () => {
    expect(complaintAbout([...DEVICES, 'gpus', 0, 'name'], null)).toMatchObject({
      kind: 'missing-field',
      found: 'null',
    });
  });

  test('is the name of an object, unless Kubernetes generates one', () => {
    expect(complaintAbout(['metadata'], {})).toMatchObject({ pointer: '/metadata/name', kind: 'missing-field' });
    expect(complaintAbout(['metadata'], undefined)).toMatchObject({ pointer: '/metadata/name' });
    expect(complaintsIn('1.9', withAt(GPU_VM, ['metadata'], { generateName: 'train-' }))).toEqual([]);
  });
});

describe('a value of the wrong type', () => {
  test.each<[string, JsonValue, string, string]>([
    ['a list for an object', [], 'an object', 'a list'],
    ['a text for an object', 'x', 'an object', 'the text "x"'],
    ['a number for an object', 5, 'an object', 'the number 5'],
  ])('is %s', (_, value, expected, found) => {
    expect(complaintAbout([...SPEC, 'domain', 'devices'], value)).toMatchObject({
      kind: 'wrong-type',
      expected,
      found,
    });
  });

  test('is an object for a list, at the list', () => {
    expect(complaintAbout([...DEVICES, 'gpus'], { name: 'gpu1' })).toMatchObject({
      pointer: '/spec/template/spec/domain/devices/gpus',
      expected: 'a list',
      found: 'an object',
    });
  });

  test('is a number for a text, a fraction for an integer, a text for a truth value', () => {
    expect(complaintAbout([...DEVICES, 'gpus', 0, 'deviceName'], 5)).toMatchObject({ expected: 'a text' });
    expect(complaintAbout([...SPEC, 'domain', 'cpu', 'cores'], 1.5)).toMatchObject({ expected: 'an integer' });
    expect(complaintAbout([...SPEC, 'domain', 'cpu', 'cores'], '8')).toMatchObject({ found: 'the text "8"' });
    expect(complaintAbout([...DEVICES, 'disableHotplug'], 'yes')).toMatchObject({ expected: 'true or false' });
  });

  test('is a label that is no text, or null, which the API server would drop', () => {
    expect(complaintAbout(['metadata', 'labels', 'rack'], 12)).toMatchObject({ pointer: '/metadata/labels/rack' });
    expect(complaintAbout([...SPEC, 'nodeSelector'], { zone: null })).toMatchObject({ found: 'null' });
  });

  test('is null in a list, but a null field counts as absent', () => {
    expect(complaintAbout([...DEVICES, 'gpus'], [null])).toMatchObject({
      pointer: '/spec/template/spec/domain/devices/gpus/0',
      found: 'null',
    });
    expect(complaintsIn('1.9', withAt(GPU_VM, [...SPEC, 'nodeSelector'], null))).toEqual([]);
  });

  test('may be null where the schema says so', () => {
    expect(complaintsIn('1.9', withAt(GPU_VM, ['metadata', 'creationTimestamp'], null))).toEqual([]);
    expect(complaintsIn('1.9', withAt(MACHINE_CONFIG, ['spec', 'kernelArguments'], null))).toEqual([]);
  });

  test('is shown with at most 40 characters', () => {
    const complaint = complaintAbout([...DEVICES, 'gpus'], 'x'.repeat(1000));

    expect(complaint?.found).toBe(`the text "${'x'.repeat(40)}…"`);
  });

  test('is a number that is none', () => {
    const vm = withAt(GPU_VM, [...SPEC, 'domain', 'memory', 'guest'], Number.NaN);

    expect(complaintsIn('1.9', vm)).toMatchObject([{ kind: 'wrong-type', found: 'the number NaN' }]);
  });
});

describe('a value outside a closed list', () => {
  const toleration = (effect: string): JsonValue => [{ key: 'gpu', operator: 'Exists', effect }];

  test('is named with the list and the nearest member', () => {
    expect(complaintAbout([...SPEC, 'tolerations'], toleration('NoScheduled'))).toEqual({
      pointer: '/spec/template/spec/tolerations/0/effect',
      kind: 'not-in-enum',
      expected: 'one of NoExecute, NoSchedule, PreferNoSchedule',
      found: 'the text "NoScheduled"',
      suggestion: 'NoSchedule',
    });
  });

  test('says from which release on it is known', () => {
    const template = { metadata: { name: 'disk' }, spec: { pvc: { volumeMode: 'FromStorageProfile' } } };

    expect(complaintAbout(['spec', 'dataVolumeTemplates'], [template], '1.4')).toMatchObject({
      kind: 'not-in-enum',
      introducedIn: '1.5',
    });
  });
});

describe('bounds and forms', () => {
  test.each(['16Gi', '500m', '1e3', '1.5', '.5G', '+1', '-0.5k', '12E', '1E6', ' 1Gi '])(
    'quantity %j is one',
    (text) => {
      expect(complaintsIn('1.9', withAt(GPU_VM, [...SPEC, 'domain', 'memory', 'guest'], text))).toEqual([]);
    },
  );

  test.each(['16 Gi', '16GB', '', 'lots', '1,5', '0x10', '16gi'])('quantity %j is none', (text) => {
    expect(complaintAbout([...SPEC, 'domain', 'memory', 'guest'], text)).toMatchObject({
      kind: 'malformed',
      expected: 'a quantity such as 500m or 16Gi',
    });
  });

  test('integers keep to their width', () => {
    const replicas = (value: number) => withAt(KUBEVIRT, ['spec', 'infra'], { replicas: value });

    expect(complaintsIn('1.9', replicas(255))).toEqual([]);
    expect(complaintsIn('1.9', replicas(256))).toMatchObject([
      { pointer: '/spec/infra/replicas', kind: 'out-of-bounds', expected: '0 to 255', found: 'the number 256' },
    ]);
    expect(complaintAbout([...SPEC, 'terminationGracePeriodSeconds'], 1e30)).toMatchObject({ kind: 'out-of-bounds' });
  });

  test('custom resources have ranges, lengths and patterns', () => {
    const pool = (images: JsonValue) => withAt(MACHINE_CONFIG_POOL, ['spec', 'pinnedImageSets'], images);
    const kubelet = (logLevel: number): JsonObject => ({
      apiVersion: 'machineconfiguration.openshift.io/v1',
      kind: 'KubeletConfig',
      metadata: { name: 'gpu' },
      spec: { logLevel, kubeletConfig: { cpuManagerPolicy: 'static', anything: [1] } },
    });

    expect(complaintsIn('1.9', pool([{ name: 'a.b' }]))).toEqual([]);
    expect(complaintsIn('1.9', pool([{ name: 'A b' }]))).toMatchObject([{ kind: 'malformed' }]);
    expect(complaintsIn('1.9', pool([{ name: '' }]))).toMatchObject([{ expected: '1 to 253 characters' }]);
    expect(complaintsIn('1.9', pool(Array.from({ length: 101 }, () => ({ name: 'a' }))))).toMatchObject([
      { pointer: '/spec/pinnedImageSets', kind: 'out-of-bounds', expected: 'at most 100 items', found: '101 items' },
    ]);
    expect(complaintsIn('1.9', kubelet(10))).toEqual([]);
    expect(complaintsIn('1.9', kubelet(11))).toMatchObject([{ kind: 'out-of-bounds', expected: '0 to 10' }]);
  });
});

describe('custom resources', () => {
  test('have ObjectMeta as metadata', () => {
    expect(complaintsIn('1.6', withAt(MACHINE_CONFIG, ['metadata', 'lables'], {}))).toMatchObject([
      { pointer: '/metadata/lables', suggestion: 'labels' },
    ]);
    expect(complaintsIn('1.6', withAt(MACHINE_CONFIG, ['metadata', 'name'], undefined))).toHaveLength(1);
  });

  test('leave free what the CRD leaves free, and close the rest', () => {
    expect(complaintsIn('1.6', withAt(MACHINE_CONFIG, ['spec', 'config', 'passwd'], { users: [] }))).toEqual([]);
    expect(complaintsIn('1.6', withAt(MACHINE_CONFIG, ['spec', 'config'], 'x'))).toMatchObject([
      { expected: 'an object' },
    ]);
    expect(complaintsIn('1.6', withAt(MACHINE_CONFIG, ['spec', 'kernelArgument'], []))).toMatchObject([
      { suggestion: 'kernelArguments' },
    ]);
    expect(complaintsIn('1.6', withAt(MACHINE_CONFIG_POOL, ['spec', 'maxUnavailable'], true))).toMatchObject([
      { expected: 'a number or a text' },
    ]);
  });
});

describe('a kind', () => {
  test('without schema is said to be one', () => {
    expect(hasSchema({ release: '1.9' }, 'apps/v1', 'DaemonSet')).toBe(false);
    expect(complaintsIn('1.9', { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: {} })).toEqual([
      {
        pointer: '/kind',
        kind: 'unknown-kind',
        expected: 'a kind that KubeVirt 1.9 or a known component serves',
        found: 'DaemonSet of apps/v1',
      },
    ]);
  });

  test('that is misspelt has a suggestion', () => {
    expect(complaintsIn('1.9', withAt(GPU_VM, ['kind'], 'VirtualMachin'))).toMatchObject([
      { pointer: '/kind', suggestion: 'VirtualMachine' },
    ]);
    expect(complaintsIn('1.9', withAt(MACHINE_CONFIG, ['kind'], 'MachineConf'))).toMatchObject([
      { pointer: '/kind', suggestion: 'MachineConfig' },
    ]);
  });

  test('under another version has the version of the target as suggestion', () => {
    const pool = { apiVersion: 'pool.kubevirt.io/v1beta1', kind: 'VirtualMachinePool', metadata: { name: 'a' } };

    expect(apiVersionOf({ release: '1.7' }, 'VirtualMachinePool')).toBe('pool.kubevirt.io/v1beta1');
    expect(complaintsIn('1.6', pool)).toMatchObject([
      { pointer: '/apiVersion', suggestion: 'pool.kubevirt.io/v1alpha1', introducedIn: '1.7' },
    ]);
    expect(complaintsIn('1.7', pool)).toMatchObject([{ pointer: '/spec', kind: 'missing-field' }]);
  });

  test('under v1alpha3 is deprecated and validated', () => {
    const old = withAt(GPU_VM, ['apiVersion'], 'kubevirt.io/v1alpha3');

    expect(isDeprecatedApiVersion('kubevirt.io/v1alpha3', 'VirtualMachine')).toBe(true);
    expect(isDeprecatedApiVersion('kubevirt.io/v1', 'VirtualMachine')).toBe(false);
    expect(complaintsIn('1.9', old)).toEqual([]);
    expect(complaintsIn('1.9', withAt(old, ['spec', 'x'], 1))).toHaveLength(1);
  });

  test('and apiVersion are asked for', () => {
    expect(complaintsIn('1.9', {})).toMatchObject([
      { pointer: '/apiVersion', kind: 'missing-field' },
      { pointer: '/kind', kind: 'missing-field' },
    ]);
    expect(complaintsIn('1.9', { apiVersion: 1, kind: 'VirtualMachine' })).toMatchObject([
      { pointer: '/apiVersion', kind: 'wrong-type' },
    ]);
  });

  test.each(['constructor', '__proto__', 'toString'])('called %s is unknown', (kind) => {
    expect(complaintsIn('1.9', { apiVersion: 'kubevirt.io/v1', kind })).toMatchObject([{ kind: 'unknown-kind' }]);
  });
});

describe('the report', () => {
  test('is sorted by pointer in natural order, whatever the order of keys', () => {
    const gpus = Array.from({ length: 11 }, () => ({}));
    const one = complaintsIn('1.9', withAt(withAt(GPU_VM, [...DEVICES, 'gpus'], gpus), ['metadata', 'zone'], 1));
    const reversed = Object.fromEntries(Object.entries(GPU_VM).reverse());
    const other = complaintsIn('1.9', withAt(withAt(reversed, [...DEVICES, 'gpus'], gpus), ['metadata', 'zone'], 1));

    expect(one.map(({ pointer }) => pointer.split('/').slice(-2).join('/')).slice(0, 4)).toEqual([
      'metadata/zone',
      '0/name',
      '1/name',
      '2/name',
    ]);
    expect(one.at(-1)?.pointer).toBe('/spec/template/spec/domain/devices/gpus/10/name');
    expect(other).toEqual(one);
  });

  test('takes a patch release for its minor one, and refuses what is none', () => {
    expect(validateObject({ release: '1.6.3' }, GPU_VM)).toEqual([]);
    expect(() => validateObject({ release: '1.3' }, GPU_VM)).toThrow('cannot validate for KubeVirt 1.3');
  });

  test('has one complaint for each of very many mistakes', () => {
    const gpus = Array.from({ length: 10_000 }, () => ({ nam: 'gpu' }));
    const complaints = complaintsIn('1.9', withAt(GPU_VM, [...DEVICES, 'gpus'], gpus));

    expect(complaints).toHaveLength(10_000);
    expect(complaints.at(-1)?.pointer).toBe('/spec/template/spec/domain/devices/gpus/9999/nam');
  });

  test('does not descend into what it refuses, however deep that is', () => {
    let deep: JsonValue = 'end';
    for (let level = 0; level < 100_000; level++) deep = level % 2 === 0 ? { a: deep } : [deep];
    const shallow = { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachineInstance', metadata: { name: 'a' } };

    expect(complaintsIn('1.9', { ...shallow, spec: { domain: deep } })).toMatchObject([{ pointer: '/spec/domain' }]);
    expect(complaintsIn('1.9', { ...shallow, spec: { domain: { devices: {} }, x: deep } })).toHaveLength(1);
    const config = {
      apiVersion: 'machineconfiguration.openshift.io/v1',
      kind: 'MachineConfig',
      metadata: { name: 'a' },
    };
    expect(complaintsIn('1.9', { ...config, spec: { config: { deep } } })).toEqual([]);
  });
});

describe('a fragment', () => {
  const target = { release: '1.6' };

  test('is validated like the object that it is taken from, with pointers that begin at it', () => {
    const spec = { domain: { devices: { gpus: [{ name: 'gpu1', devicename: 'x' }] } }, serviceAccountName: 'vm' };

    expect(validateFragment(target, 'v1.VirtualMachineInstanceSpec', spec)).toMatchObject([
      { pointer: '/domain/devices/gpus/0/devicename', suggestion: 'deviceName' },
      { pointer: '/serviceAccountName', introducedIn: '1.9' },
    ]);
    expect(validateFragment(target, 'v1.VirtualMachineInstanceSpec', NVME_VMI['spec'])).toEqual([]);
  });

  test('may be anything', () => {
    for (const value of [null, undefined, 1, 'x', [], true]) {
      expect(validateFragment(target, 'v1.GPU', value)).toMatchObject([{ pointer: '', kind: 'wrong-type' }]);
    }
    expect(validateFragment(target, 'core.Toleration', { key: 'a', operator: 'Exist' })).toMatchObject([
      { suggestion: 'Exists' },
    ]);
  });

  test('needs a definition that the release has', () => {
    expect(() => validateFragment(target, 'v1.TLBFlush', {})).toThrow('holds no definition v1.TLBFlush');
    expect(() => validateFragment(target, 'constructor', {})).toThrow('holds no definition');
  });
});
