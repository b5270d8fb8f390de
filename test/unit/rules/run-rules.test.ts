import { defineRule } from '../../../src/rules/rule';
import { judge } from '../../rules/harness';
import { exampleFleet, exampleFunction, exampleInventory } from '../../../src/rules/example';

const DRIVES = exampleFleet(`
inventory: inventory/
devices:
  nvme: { pci: ["8086:5845"], resourceName: example.com/nvme }
nodePools:
  storage:
    nodes: [node03, node04]
    cpuVendor: intel
    passthrough:
      - device: nvme
        addresses: ["0000:5e:00.0"]
        acknowledge: { pci/unknown-host-use: "both drives are empty" }
`);
const DRIVE = exampleFunction('0000:5e:00.0', '0108', '8086:5845', { group: 31, driver: 'nvme' });
const FREE_DRIVE = exampleFunction('0000:5e:00.0', '0108', '8086:5845', { group: 31, driver: 'nvme', free: true });

const base = {
  severity: 'error',
  needs: [],
  summary: 'a test rule',
  why: '',
  sources: [],
  examples: { bad: [], good: [] },
} as const;
const failing = defineRule({
  ...base,
  code: 'TST101',
  slug: 'test/failing',
  *check({ fleet }) {
    yield { message: 'never shown', primary: { at: fleet.place, text: 'here' } };
    throw new Error('a pool without nodes');
  },
});
const finding = defineRule({
  ...base,
  code: 'TST102',
  slug: 'test/finding',
  *check({ fleet }) {
    yield { message: 'shown', primary: { at: fleet.place, text: 'here' } };
  },
});
const current = defineRule({ ...finding, code: 'TST103', slug: 'test/current', needs: ['current'] });
const irrelevant = defineRule({ ...current, code: 'TST104', slug: 'test/irrelevant', concerns: () => false });

describe('runRules', () => {
  test('reports a rule that stops as a bug and lets the others go on', () => {
    const { findings } = judge({ 'fleet.yaml': exampleFleet('') }, [failing, finding]);

    expect(findings.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'BUG901 rule test/failing could not judge this fleet',
      'TST102 shown',
    ]);
    expect(findings[0]?.notes).toEqual(['hostdev met a pool without nodes']);
  });

  test('says once which rules did not run without live objects, and not for rules that the fleet does not concern', () => {
    const { findings, skipped } = judge({ 'fleet.yaml': exampleFleet('') }, [current, irrelevant]);

    expect(findings).toEqual([]);
    expect(skipped).toEqual([{ slug: 'test/current', missing: 'no `cluster.current`' }]);
  });

  test('says what a rule had to leave out, and runs it all the same', () => {
    const blinkered = defineRule({ ...finding, code: 'TST105', lacksPartly: () => ['no live Node of node01'] });
    const { findings, skipped } = judge({ 'fleet.yaml': exampleFleet('') }, [blinkered]);

    expect(findings.map(({ code }) => code)).toEqual(['TST105']);
    expect(skipped).toEqual([{ slug: 'test/finding', missing: 'no live Node of node01' }]);
  });

  test('judges the nodes that have an inventory and names those that have none', () => {
    const { skipped } = judge({ 'fleet.yaml': DRIVES, 'inventory/node03.yaml': exampleInventory('node03', [DRIVE]) });

    const blind = skipped.filter(({ missing }) => missing === 'no inventory of node04').map(({ slug }) => slug);
    expect(blind).toContain('pci/unknown-host-use');
    expect(blind).not.toContain('mdev/absent-parent');
    const others = skipped.filter(({ missing }) => missing !== 'no inventory of node04');
    expect(others).toContainEqual({ slug: 'node/control-plane', missing: 'no `cluster.current`' });
    expect([...new Set(others.map(({ missing }) => missing))]).toEqual(['no `cluster.current`']);
  });

  test('takes an acknowledged finding away', () => {
    const files = {
      'fleet.yaml': DRIVES,
      'inventory/node03.yaml': exampleInventory('node03', [DRIVE]),
      'inventory/node04.yaml': exampleInventory('node04', [FREE_DRIVE]),
    };
    const without = { ...files, 'fleet.yaml': DRIVES.replace(/ +acknowledge.*\n/, '') };

    expect(judge(files).diagnostics.filter(({ severity }) => severity !== 'info')).toEqual([]);
    expect(judge(without).findings.map(({ slug }) => slug)).toContain('pci/unknown-host-use');
  });

  test('does not call an acknowledgement unused while a node of the pool has no inventory', () => {
    const known = { 'fleet.yaml': DRIVES, 'inventory/node03.yaml': exampleInventory('node03', [FREE_DRIVE]) };
    const whole = { ...known, 'inventory/node04.yaml': exampleInventory('node04', [FREE_DRIVE]) };

    expect(judge(known).findings.map(({ code }) => code)).not.toContain('SUP911');
    expect(judge(whole).findings.map(({ code }) => code)).toContain('SUP911');
  });

  test('accepts nothing for a rule that has no exception', () => {
    const fleet = DRIVES.replace('nodes: [node03, node04]', 'nodes: [node03]')
      .replace('unknown-host-use', 'host-device-bound')
      .replace('cpuVendor: intel', 'hostUse: [{ addresses: ["0000:5e:00.0"], reason: root disk }]');
    const { findings } = judge({ 'fleet.yaml': fleet, 'inventory/node03.yaml': exampleInventory('node03', [DRIVE]) });

    expect(findings.filter(({ severity }) => severity === 'error').map(({ slug }) => slug)).toEqual([
      'pci/host-address-listed',
      'acknowledge/unacknowledgeable-rule',
    ]);
  });
});
