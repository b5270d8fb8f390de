import fc from 'fast-check';
import { analyse, type BindingRow, type RowScope } from '../../src/analysis';
import { makeManifests } from '../../src/manifests';
import { bindUnit } from '../../src/manifests/node-preparation/bind-unit';
import { bindingTable, bindingTableLines, tableSerial } from '../../src/manifests/node-preparation/binding-table';
import type { BdfAddress, Fleet, JsonObject, PciClass, PciId } from '../../src/model';
import { SourceFile } from '../../src/source';
import { emitYaml, readYaml } from '../../src/yaml';
import { compiled } from '../unit/manifests/compiled';
import { LAB_FLEET, LAB_INVENTORIES } from '../unit/manifests/lab-fleet';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 200);

/** Text that tries to leave the place it is put in. */
const hostile = fc.oneof(
  fc.constantFrom(
    '$(reboot)',
    '`id`',
    'a; rm -rf /',
    'x\nany 0000:00:00.0 8086:0000 - - - - boot',
    'x\r\n- evil: 1',
    '"; exit 0; "',
    "' || true '",
    '../../etc/passwd',
    '..',
    '__proto__',
    'constructor',
    '${HOME}',
    '%n',
    '-',
    '# comment',
    'a\u2028b\u0085c',
    '\u001b[2J',
    '\ud800',
    'é'.repeat(50),
    '',
    ' ',
    '{{ x }}',
    'null',
    '0x10',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

const address = fc.constantFrom('0000:5e:00.0', '10000:e1:00.0', '0000:65:1f.7').map((text) => text as BdfAddress);
const id = fc.constantFrom('8086:5845', '10de:1eb8').map((text) => text as PciId);
const safeRow: fc.Arbitrary<BindingRow> = fc.record({
  scope: fc.oneof(
    fc.constant<RowScope>({ kind: 'any' }),
    fc.record({ kind: fc.constant('uuid' as const), uuid: fc.uuid(), node: hostile }),
    fc.record({ kind: fc.constant('host' as const), hostName: hostile, node: hostile }),
  ),
  address,
  ids: fc.array(id, { maxLength: 3 }),
  subsystem: fc.option(id, { nil: undefined }),
  class: fc.option(
    fc.constantFrom('0108', '010802').map((text) => text as PciClass),
    { nil: undefined },
  ),
  serial: fc.option(hostile, { nil: undefined }),
  companionClasses: fc.subarray(['0403', '0c03', '0c80']),
  purpose: hostile,
});

/** What the bind program accepts as a line of its table. */
const ROW =
  /^(any|uuid=[0-9a-f-]{36}|host=[a-z0-9._-]*) ([0-9a-f]{4,8}:[0-9a-f]{2}:[01][0-9a-f]\.[0-7]) ([0-9a-f:,]+|-) ([0-9a-f:]+|-) ([0-9a-f]{4,6}|-) ([A-Za-z0-9._-]+|-) ([0-9a-f,]+|-) ([A-Za-z0-9 ._-]+)$/;

it('reads every row back from its table, whatever devices, nodes and people are called', () => {
  fc.assert(
    fc.property(fc.array(safeRow, { maxLength: 5 }), (rows) => {
      const text = bindingTable(rows);
      const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
      expect(text).toMatch(/^[ -~\n]*$/);
      expect(lines).toHaveLength(rows.length);
      rows.forEach((row, i) => {
        const fields = ROW.exec(lines[i] ?? '');
        expect(fields?.slice(1, 8)).toEqual([
          scopeWord(row.scope),
          row.address,
          row.ids.join(',') || '-',
          row.subsystem ?? '-',
          row.class ?? '-',
          row.serial === undefined ? '-' : tableSerial(row.serial),
          row.companionClasses.join(',') || '-',
        ]);
      });
    }),
    { numRuns: RUNS },
  );
});

function scopeWord(scope: RowScope): string {
  if (scope.kind === 'any') return 'any';
  if (scope.kind === 'uuid') return `uuid=${scope.uuid}`;
  return `host=${scope.hostName.toLowerCase().replace(/[^a-z0-9._-]/g, '_')}`;
}

const UNIT = bindUnit([]).contents;
const UNIT_BY_NAME = UNIT.replace(/^After=.*$/m, '$& node-valid-hostname.service');

it('writes nothing into a table or a unit that a shell or systemd could act on', () => {
  const anything = fc.record({
    scope: fc.oneof(
      fc.record({ kind: fc.constant('uuid' as const), uuid: hostile, node: hostile }),
      fc.record({ kind: fc.constant('host' as const), hostName: hostile, node: hostile }),
    ),
    address: hostile,
    ids: fc.array(hostile, { maxLength: 2 }),
    subsystem: hostile,
    class: hostile,
    serial: hostile,
    companionClasses: fc.array(hostile, { maxLength: 2 }),
    purpose: hostile,
  });
  fc.assert(
    fc.property(fc.array(anything, { maxLength: 4 }), (wild) => {
      const rows = wild as unknown as BindingRow[];
      const lines = bindingTableLines(rows);
      for (const line of lines) expect(line).toMatch(/^(?:# [A-Za-z0-9 ._-]+|[A-Za-z0-9 ._:=,-]+)$/);
      expect(lines.filter((line) => !line.startsWith('#'))).toHaveLength(rows.length);
      const byName = rows.some(({ scope }) => scope.kind === 'host');
      expect(bindUnit(rows).contents).toBe(byName ? UNIT_BY_NAME : UNIT);
    }),
    { numRuns: RUNS },
  );
});

const lab = compiled(LAB_FLEET, LAB_INVENTORIES).analysis.fleet;

/** The lab with names that no check of the fleet would let through. */
const wildFleet = fc.record({ name: hostile, text: hostile, key: hostile }).map(({ name, text, key }): Fleet => ({
  ...lab,
  name,
  cluster: {
    ...lab.cluster,
    nodePlatformVersion: text,
    kubevirt: { ...lab.cluster.kubevirt, name, namespace: text, featureGates: [{ name: text, place: lab.place }] },
    current: [
      {
        apiVersion: 'kubevirt.io/v1',
        kind: 'KubeVirt',
        name,
        namespace: text,
        content: {
          spec: { configuration: { permittedHostDevices: { pciHostDevices: [wildObject(key, text), null, text] } } },
        },
        place: lab.place,
      },
    ],
  },
  devices: lab.devices.map((device) => ({ ...device, resourceName: text })),
  nvidiaPlugin: { ...lab.nvidiaPlugin, image: text, namespace: name, imagePullSecrets: [text] },
  nodePools: lab.nodePools.map((pool) => ({
    ...pool,
    name: `${name}${pool.name}`,
    machineConfigPool: name,
    nodes: pool.nodes.map((node) => ({ ...node, name: `${text}${node.name}` })),
    nodeSelector: wildObject(key, text) as Record<string, string>,
    machineConfigNames: { kernelArguments: name, vfio: text },
    kernelArguments: [{ text, place: lab.place }],
    taints: [{ key, value: text, effect: 'NoSchedule' as const }],
  })),
  virtualMachines: lab.virtualMachines.map((machine) => ({
    ...machine,
    id: key,
    name,
    namespace: text,
    node: text,
    metadata: { labels: wildObject(key, text) },
    machine: wildObject(key, text),
    spec: { nodeSelector: wildObject(key, text), domain: text, [key]: text },
  })),
}));

function wildObject(key: string, value: string): JsonObject {
  return Object.fromEntries([[key, value]]);
}

it('keeps every name in its place: paths in their folders, texts in their scalars, comments in their lines', () => {
  fc.assert(
    fc.property(wildFleet, (fleet) => {
      const { manifests, files } = makeManifests(analyse(fleet));
      const paths = [...manifests, ...files].map(({ path }) => path);
      expect(new Set(paths).size).toBe(paths.length);
      for (const path of paths) expect(path).toMatch(/^(?:(?!\.+\/)[A-Za-z0-9._-]+\/)+(?!\.+$)[A-Za-z0-9._-]+\.yaml$/);
      for (const { path, content, comments } of manifests) {
        const [document] = readYaml(new SourceFile(path, emitYaml(content, { comments }))).documents;
        expect(document?.value).toEqual(content);
      }
    }),
    { numRuns: RUNS },
  );
});
