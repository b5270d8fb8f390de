import {
  gateEnabled,
  gateStage,
  isKnownGate,
  KUBEVIRT_RELEASES,
  knownGates,
  nearestGate,
  type KubeVirtRelease,
} from '../../../src/kubevirt';

const none = { featureGates: [] };
const listing = (...featureGates: string[]) => ({ featureGates });
const in_ = (release: KubeVirtRelease) => ({ release });

test('asks for HostDevices in every release', () => {
  for (const release of KUBEVIRT_RELEASES) {
    expect(gateEnabled({ release }, none, 'HostDevices')).toBe(false);
    expect(gateEnabled({ release }, listing('HostDevices'), 'HostDevices')).toBe(true);
  }
});

test('has GPU and NUMA on in every release, listed or not', () => {
  for (const release of KUBEVIRT_RELEASES) {
    expect(gateEnabled({ release }, none, 'GPU')).toBe(true);
    expect(gateEnabled({ release }, { featureGates: [], disabledFeatureGates: ['NUMA'] }, 'NUMA')).toBe(true);
  }
});

test('has a beta gate on without being listed from 1.9 on only', () => {
  expect(gateEnabled(in_('1.8'), none, 'GPUsWithDRA')).toBe(false);
  expect(gateEnabled(in_('1.9'), none, 'GPUsWithDRA')).toBe(true);
  expect(gateStage(in_('1.8'), 'LibvirtHooksServerAndClient')).toBe('alpha');
  expect(gateEnabled(in_('1.9'), none, 'LibvirtHooksServerAndClient')).toBe(true);
});

test('lets disabledFeatureGates take a beta gate away, and a listing win over it', () => {
  const disabled = { disabledFeatureGates: ['HostDevicesWithDRA'] };

  expect(gateEnabled(in_('1.9'), { featureGates: [], ...disabled }, 'HostDevicesWithDRA')).toBe(false);
  expect(gateEnabled(in_('1.9'), { featureGates: ['HostDevicesWithDRA'], ...disabled }, 'HostDevicesWithDRA')).toBe(
    true,
  );
});

test('has a listed name on before its release registers it, except from 1.9 on', () => {
  expect(gateStage(in_('1.7'), 'PCINUMAAwareTopology')).toBe('unregistered');
  expect(gateEnabled(in_('1.7'), listing('PCINUMAAwareTopology'), 'PCINUMAAwareTopology')).toBe(true);
  expect(gateEnabled(in_('1.9'), listing('hostDevices'), 'hostDevices')).toBeUndefined();
});

test('keeps a deprecated gate working when it is listed', () => {
  expect(gateStage(in_('1.8'), 'DisableMDEVConfiguration')).toBe('deprecated');
  expect(gateEnabled(in_('1.9'), listing('DisableMDEVConfiguration'), 'DisableMDEVConfiguration')).toBe(true);
  expect(gateEnabled(in_('1.9'), none, 'DisableMDEVConfiguration')).toBe(false);
});

test('does not answer what its table does not know', () => {
  expect(gateEnabled(in_('1.8'), none, 'Sidecar')).toBeUndefined();
  expect(gateEnabled(in_('1.9'), none, 'Sidecar')).toBeUndefined();
  expect(gateEnabled(in_('1.9'), listing('Sidecar'), 'Sidecar')).toBe(true);
  expect(gateEnabled(in_('1.8'), none, 'SomethingElse')).toBeUndefined();
  expect(gateEnabled(in_('1.8'), listing('SomethingElse'), 'SomethingElse')).toBe(true);
});

test.each<[string, KubeVirtRelease, KubeVirtRelease]>([
  ['GPUsWithDRA', '1.5', '1.6'],
  ['WorkloadEncryptionTDX', '1.6', '1.7'],
  ['PCINUMAAwareTopology', '1.7', '1.8'],
  ['VGPULiveMigration', '1.8', '1.9'],
  ['IOMMUFD', '1.8', '1.9'],
])('knows %s not in %s but in %s', (gate, before, from) => {
  expect(isKnownGate(in_(before), gate)).toBe(false);
  expect(isKnownGate(in_(from), gate)).toBe(true);
});

test('compares names with their case, and finds the gate that was meant', () => {
  expect(isKnownGate(in_('1.6'), 'hostdevices')).toBe(false);
  expect(nearestGate('hostdevices')).toBe('HostDevices');
  expect(nearestGate('HostDevice')).toBe('HostDevices');
  expect(nearestGate('HostDevices')).toBeUndefined();
  expect(nearestGate('ExpandDisks')).toBeUndefined();
});

test('is not fooled by names that every object has', () => {
  for (const name of ['constructor', '__proto__', 'toString']) {
    expect(gateStage(in_('1.9'), name)).toBeUndefined();
  }
});

test('lists its gates in natural order', () => {
  expect(knownGates()).toContain('HostDevices');
  expect(knownGates()).toEqual([...knownGates()].sort());
});
