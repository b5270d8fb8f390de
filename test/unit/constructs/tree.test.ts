import { existsSync, readdirSync } from 'node:fs';
import { ApiObject, App, Chart, JsonPatch, Testing } from 'cdk8s';
import { Construct } from 'constructs';
import { Fleet, FleetApp, InvalidFleetError, NodePool, PciDevice, VirtualMachineInstance } from '../../../src';
import { findingsOf, manifestsOf } from '../../../src/testing';
import { smallFleet, temporaryFolder } from '../../support/lab';

describe('rule 1: our classes are told apart by brands', () => {
  test('a chart is no fleet, and a fleet is one', () => {
    const { app, fleet } = smallFleet();
    expect(Fleet.isFleet(new Chart(app, 'plain'))).toBe(false);
    expect(Fleet.isFleet(fleet)).toBe(true);
    expect(Fleet.isFleet({})).toBe(false);
  });

  test('a fleet and an error of another copy of the package are recognised', () => {
    const copy = { [Symbol.for('cdk8s-hostdev.Fleet')]: true };
    expect(Fleet.isFleet(copy)).toBe(true);
    expect(InvalidFleetError.isInvalidFleetError({ [Symbol.for('cdk8s-hostdev.InvalidFleetError')]: true })).toBe(true);
  });
});

describe('rule 2: names share nothing but their own kind', () => {
  test('a device, a pool and a VM may have one name', () => {
    const fleet = new Fleet(new FleetApp({ outdir: temporaryFolder() }), 'f', {
      nodePlatform: 'openshift',
      kubevirt: { version: '1.6' },
    });
    const device = new PciDevice(fleet, 'storage', { selectors: ['8086:5845'], resourceName: 'a.com/b' });
    const pool = new NodePool(fleet, 'storage', { nodes: ['n'], cpuVendor: 'intel' });
    const vm = new VirtualMachineInstance(fleet, 'storage', { spec: { domain: { devices: {} } } });
    expect([device.node.path, pool.node.path, vm.node.path]).toEqual([
      'f/devices/storage',
      'f/pools/storage',
      'f/vms/storage',
    ]);
  });

  test('an id that looks like an integer keeps its place and its name', () => {
    const fleet = new Fleet(new FleetApp({ outdir: temporaryFolder() }), 'f', {
      nodePlatform: 'openshift',
      kubevirt: { version: '1.6' },
    });
    const device = new PciDevice(fleet, '2330', { selectors: ['10de:2330'], resourceName: 'a.com/b' });
    expect(device.node.id).toBe('n2330');
    expect(device.name).toBe('2330');
  });

  test('two devices of one name are refused at once', () => {
    const { fleet } = smallFleet();
    const group = new Construct(fleet, 'group');
    expect(() => new PciDevice(group, 'nvme', { selectors: ['8086:5845'] })).toThrow('`nvme`');
  });
});

describe('rule 3: a fleet is a chart, stages below it are not', () => {
  test('Testing.synth of a fleet gives its objects', () => {
    const { fleet } = smallFleet();
    const kinds = (Testing.synth(fleet) as { kind: string }[]).map(({ kind }) => kind).sort();
    expect(kinds).toEqual([
      'KubeVirt',
      'MachineConfig',
      'MachineConfig',
      'MachineConfigPool',
      'VirtualMachineInstance',
    ]);
  });

  test('a fleet inside a user’s chart belongs to it', () => {
    const app = new App({ outdir: temporaryFolder() });
    const chart = new Chart(app, 'platform');
    const fleet = new Fleet(chart, 'lab', { nodePlatform: 'openshift', kubevirt: { version: '1.6' } });
    new PciDevice(fleet, 'qat', { selectors: ['8086:6f54'], resourceName: 'intel.com/qat' });
    app.synth();
    expect(readdirSync(app.outdir).join(' ')).toContain('lab');
    expect(app.synthYaml()).toContain('intel.com/qat');
  });
});

describe('rule 4: objects exist from the constructor on', () => {
  test('handles are there before anything is compiled', () => {
    const { fleet, pool, vm } = smallFleet();
    for (const object of [
      fleet.kubevirt,
      pool.kernelArguments,
      pool.machineConfig,
      pool.machineConfigPool,
      vm.apiObject,
    ]) {
      expect(ApiObject.isApiObject(object)).toBe(true);
    }
    expect(vm.apiObject.name).toBe('vmi-nvme');
  });

  test('an object that the analysis leaves out renders as nothing', () => {
    const fleet = new Fleet(new FleetApp({ outdir: temporaryFolder() }), 'f', {
      nodePlatform: 'openshift',
      kubevirt: { version: '1.6' },
    });
    const pool = new NodePool(fleet, 'idle', { nodes: ['n'], cpuVendor: 'intel' });
    expect(pool.machineConfig.toJson()).toBeUndefined();
    expect(Testing.synth(fleet)).not.toContain(undefined);
  });

  test('a patch is applied, validated and reported', () => {
    const { fleet, vm } = smallFleet();
    vm.apiObject.addJsonPatch(JsonPatch.add('/spec/terminationGracePeriodSeconds', 0));
    expect(vm.apiObject.toJson()).toMatchObject({ spec: { terminationGracePeriodSeconds: 0 } });
    expect(findingsOf(fleet)).toContainEqual(
      expect.objectContaining({ slug: 'api/patched-outside-the-model', severity: 'info' }),
    );
    vm.apiObject.addJsonPatch(JsonPatch.add('/spec/terminationGracePeriod', 0));
    expect(() => vm.apiObject.toJson()).toThrow(InvalidFleetError);
  });

  test('what somebody cuts from an object is cut from nothing else', () => {
    const { fleet } = smallFleet();
    const spec = { domain: { cpu: { cores: 2 }, devices: {}, memory: { guest: '1Gi' } } };
    const twins = ['one', 'two'].map((id) => new VirtualMachineInstance(fleet, id, { spec }));
    const cut = twins.map(({ apiObject }) => apiObject.toJson() as unknown as { spec: { domain: { cpu?: unknown } } });
    delete cut[0]?.spec.domain.cpu;

    expect(cut[1]?.spec.domain.cpu).toEqual({ cores: 2 });
    expect(twins[0]?.apiObject.toJson()).toMatchObject({ spec: { domain: { cpu: { cores: 2 } } } });
    expect(spec.domain.cpu).toEqual({ cores: 2 });
    twins[0]?.apiObject.addJsonPatch(JsonPatch.replace('/spec/domain/cpu/cores', 4));
    expect(twins[1]?.apiObject.toJson()).toMatchObject({ spec: { domain: { cpu: { cores: 2 } } } });
  });

  test('a label added to the metadata is in the output, also after a first compile', () => {
    const { fleet, vm } = smallFleet();
    manifestsOf(fleet);
    vm.apiObject.metadata.addLabel('team', 'blue');
    expect(manifestsOf(fleet)['virtual-machines/default/virtualmachineinstance.vmi-nvme.yaml']).toMatchObject({
      metadata: { name: 'vmi-nvme', labels: { team: 'blue' } },
    });
  });
});

describe('rule 5: findings are thrown with their report, and compiled once', () => {
  test('App.synth and Testing.synth throw InvalidFleetError and write nothing', () => {
    const { app, fleet, vm } = smallFleet();
    const other = new PciDevice(fleet, 'other', { selectors: ['8086:0001'], resourceName: 'intel.com/other' });
    vm.addHostDevice('other', other);
    const attempt = (run: () => unknown): unknown => {
      try {
        return run();
      } catch (error) {
        return error;
      }
    };
    for (const error of [attempt(() => app.synth()), attempt((): unknown => Testing.synth(fleet))]) {
      expect(InvalidFleetError.isInvalidFleetError(error)).toBe(true);
      if (InvalidFleetError.isInvalidFleetError(error)) {
        expect(error.report.diagnostics.map(({ severity }) => severity)).toContain('error');
        expect(error.message).toContain('tree.test.ts');
      }
    }
    expect(existsSync(app.outdir) ? readdirSync(app.outdir) : []).toEqual([]);
  });

  test('one compile serves every question until something changes', () => {
    const { fleet, vm, nvme } = smallFleet();
    const first = fleet._compile();
    Testing.synth(fleet);
    expect(fleet._compile()).toBe(first);
    vm.addHostDevice('second', nvme);
    expect(fleet._compile()).not.toBe(first);
  });
});

describe('rule 6: a finding stands at the line that made the construct', () => {
  test('the place of a request is the call', () => {
    const { fleet, vm } = smallFleet();
    const other = new PciDevice(fleet, 'other', { selectors: ['8086:0001'], resourceName: 'intel.com/other' });
    vm.addHostDevice('other', other); // HERE
    const { compilation, sources } = fleet._compile();
    const finding = compilation.report.diagnostics.find(({ severity }) => severity === 'error');
    const source = sources.get(finding?.primary.at.file ?? '');
    const line = source?.positionOf(finding?.primary.at.start ?? 0).line ?? 0;
    expect(source?.lineText(line)).toContain('HERE');
  });
});

describe('rule 7: user values do not pass through cdk8s', () => {
  test('a label named constructor and a null survive', () => {
    const { fleet } = smallFleet();
    new VirtualMachineInstance(fleet, 'odd', {
      metadata: { labels: { constructor: 'x' } },
      spec: { domain: { devices: {}, memory: { guest: '1Gi' } } },
    });
    expect(manifestsOf(fleet)['virtual-machines/default/virtualmachineinstance.odd.yaml']).toMatchObject({
      metadata: { labels: { constructor: 'x' } },
    });
  });
});
