import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { analyse, type PreparationUnit } from '../../src/analysis';
import { makeManifests, type ManifestSet } from '../../src/manifests';
import { bindingTable } from '../../src/manifests/node-preparation/binding-table';
import { jsonAt, type Fleet, type JsonObject, type JsonValue, type NodePlatform } from '../../src/model';
import { SourceFile } from '../../src/source';
import { readYaml } from '../../src/yaml';
import { compiled } from '../unit/manifests/compiled';
import { LAB_FLEET, LAB_INVENTORIES } from '../unit/manifests/lab-fleet';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 60);
/** A process for each run costs more than the rest of it. */
const PROGRAM_RUNS = Math.ceil(RUNS / 8);

/** Text that tries to leave the place it is put in. */
const hostile = fc.oneof(
  fc.constantFrom(
    '$(reboot)',
    '`id`',
    "'; rm -rf / #",
    'x\nHOSTDEV-END\nrm -rf /',
    'HOSTDEV-END',
    'HOSTDEV-END-2',
    '"; exit 0; "',
    '../../etc/passwd',
    '..',
    '__proto__',
    'constructor',
    '${HOME}',
    '%n %s',
    '---\nmachine: {}',
    '# comment',
    'a\u2028b\u0085c',
    '\u001b[2J',
    '\ud800',
    '{{ x }}',
    'null',
    '',
    ' ',
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
);

const lab = compiled(LAB_FLEET, LAB_INVENTORIES).analysis.fleet;

/** The lab on another platform, with names, serials, reasons and arguments that no check of the fleet would let through. */
const wildFleet = (platform: NodePlatform): fc.Arbitrary<Fleet> =>
  fc.record({ name: hostile, text: hostile, serial: hostile }).map(({ name, text, serial }) => {
    const renamed = new Map(lab.devices.map((device) => [device.name, `${name}${device.name}`]));
    return {
      ...lab,
      name,
      cluster: { ...lab.cluster, nodePlatform: platform, nodePlatformVersion: '1.12' },
      devices: lab.devices.map((device) => ({ ...device, name: renamed.get(device.name) ?? '', resourceName: text })),
      inventories: lab.inventories.map((inventory) => ({
        ...inventory,
        hostName: text,
        functions: inventory.functions.map((fact) => ({ ...fact, serial })),
      })),
      nodePools: lab.nodePools.map((pool) => ({
        ...pool,
        name: `${name}${pool.name}`,
        nodePlatform: platform,
        nodePlatformVersion: '1.12',
        kernelArguments: [{ text, place: lab.place }],
        kubelet: { [text]: name, topologyManagerPolicy: text },
        passthrough: pool.passthrough.map((one) => ({ ...one, device: renamed.get(one.device) ?? '' })),
      })),
    };
  });

interface Prepared {
  readonly unit: PreparationUnit;
  readonly set: ManifestSet;
  /** The texts of the unit's own files, by name. */
  readonly files: ReadonlyMap<string, string>;
}

function prepared(fleet: Fleet): Prepared[] {
  const analysis = analyse(fleet);
  const set = makeManifests(analysis);
  const paths = [...set.manifests, ...set.files].map(({ path }) => path);
  expect(new Set(paths).size).toBe(paths.length);
  for (const path of paths) expect(path).toMatch(/^(?:(?!\.+\/)[A-Za-z0-9._-]+\/)+(?!\.+$)[A-Za-z0-9._-]+$/);
  return analysis.units.map((unit) => {
    const folder = `node-prep/${safeWord(unit.name)}/apply-by-hand/`;
    const own = set.files.filter(({ path }) => path.startsWith(folder));
    for (const { path, text } of own) if (path.endsWith('.txt')) expect(text).toMatch(/^(?:[^\p{Cc}]|\n)*$/u);
    return { unit, set, files: new Map(own.map(({ path, text }) => [path.slice(folder.length), text])) };
  });
}

function safeWord(word: string): string {
  const safe = word.replace(/[^A-Za-z0-9._-]/g, '-');
  return /^\.*$/.test(safe) ? `-${safe}` : safe;
}

const argumentsOf = ({ effects }: PreparationUnit): string[] => effects.kernelArguments.map(({ argument }) => argument);

const tableOf = ({ effects }: PreparationUnit): string | undefined =>
  effects.rows.length === 0 ? undefined : bindingTable(effects.rows);

/** The text of a file of an Ignition config. */
function ignitionText(config: JsonValue | undefined, path: string): string | undefined {
  const files = (jsonAt(config, 'storage', 'files') ?? []) as readonly JsonObject[];
  const source = jsonAt(
    files.find((file) => file['path'] === path),
    'contents',
    'source',
  );
  return typeof source === 'string'
    ? Buffer.from(source.slice(source.indexOf(',') + 1), 'base64').toString()
    : undefined;
}

it('has something to read back: rows, ids, arguments and settings', () => {
  const effects = analyse(lab).units.map((unit) => unit.effects);
  expect(effects.some(({ rows }) => rows.length > 0)).toBe(true);
  expect(effects.some(({ ids }) => ids.length > 0)).toBe(true);
  expect(effects.some(({ kernelArguments }) => kernelArguments.length > 0)).toBe(true);
});

it('reads the effects back from an Ignition config', () => {
  fc.assert(
    fc.property(wildFleet('ignition'), (fleet) => {
      for (const { unit, files } of prepared(fleet)) {
        const text = files.get('config.ign');
        const config = (text === undefined ? {} : JSON.parse(text)) as JsonObject;
        expect(jsonAt(config, 'kernelArguments', 'shouldExist') ?? []).toEqual(
          // JSON has no half of a pair
          JSON.parse(JSON.stringify(argumentsOf(unit))),
        );
        expect(ignitionText(config, '/etc/hostdev/bindings')).toBe(tableOf(unit));
      }
    }),
    { numRuns: RUNS },
  );
});

it('reads the effects back from MachineConfigs', () => {
  fc.assert(
    fc.property(wildFleet('openshift'), (fleet) => {
      for (const { unit, set } of prepared(fleet)) {
        const contentOf = (key: string): JsonObject | undefined =>
          set.manifests.find((manifest) => manifest.key === `unit/${unit.name}/${key}`)?.content;
        expect(jsonAt(contentOf('kernel-arguments'), 'spec', 'kernelArguments') ?? []).toEqual(argumentsOf(unit));
        const config = jsonAt(contentOf('vfio'), 'spec', 'config');
        expect(ignitionText(config, '/etc/hostdev/bindings')).toBe(tableOf(unit));
      }
    }),
    { numRuns: RUNS },
  );
});

it('reads the effects back from documents of Talos', () => {
  fc.assert(
    fc.property(wildFleet('talos'), (fleet) => {
      for (const { unit, files } of prepared(fleet)) {
        const documents = (name: string): JsonObject[] =>
          readYaml(new SourceFile(name, files.get(name) ?? '')).documents.map(({ value }) => value as JsonObject);
        const patches = [...files.keys()].filter((name) => name.startsWith('machineconfig'));
        const addresses = patches
          .flatMap(documents)
          .filter(({ kind }) => kind === 'PCIDriverRebindConfig')
          .map((document) => document['name']);
        const expected = unit.effects.bindings.filter(({ strategy }) => strategy === 'address');
        expect(new Set(addresses)).toEqual(new Set(expected.map(({ address }) => address)));
        const [schematic] = documents('schematic.yaml');
        expect(jsonAt(schematic, 'customization', 'extraKernelArgs') ?? []).toEqual(argumentsOf(unit));
        const extra = patches
          .flatMap(documents)
          .map((document) => jsonAt(document, 'machine', 'kubelet', 'extraConfig'));
        expect(extra.find((config) => config !== undefined)).toEqual(
          Object.fromEntries(unit.effects.kubelet.map(({ field, value }) => [field, value])),
        );
      }
    }),
    { numRuns: RUNS },
  );
});

it.each(['linux', 'cloud-init'] as const)('reads the effects back from the program of platform %s', (platform) => {
  fc.assert(
    fc.property(wildFleet(platform), (fleet) => {
      for (const { unit, files } of prepared(fleet)) {
        const program = platform === 'linux' ? files.get('install.sh') : ofUserData(files.get('user-data.yaml'));
        if (program === undefined) continue;
        const { stdout, stderr, status } = spawnSync('sh', ['-s', '--', '--list'], {
          input: program,
          encoding: 'utf8',
        });
        expect([status, stderr]).toEqual([0, '']);
        const lines = stdout.split('\n');
        const listed = (kind: string): string[] =>
          lines.filter((line) => line.startsWith(`${kind} `)).map((line) => line.slice(kind.length + 1));
        expect(listed('argument')).toEqual(argumentsOf(unit).map((text) => text.replace(/[^!-~]/g, '?') || '?'));
        expect(listed('ids').join()).toBe(unit.effects.ids.join(','));
        const table = tableOf(unit);
        const sums = listed('file').filter((line) => line.endsWith(' /etc/hostdev/bindings'));
        expect(sums.map((line) => line.split(' ')[2])).toEqual(
          table === undefined ? [] : [createHash('sha256').update(table).digest('hex')],
        );
        expect(listed('unit')).toEqual(unit.effects.units.map(({ name }) => name));
      }
    }),
    { numRuns: PROGRAM_RUNS },
  );
});

function ofUserData(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const [document] = readYaml(new SourceFile('user-data.yaml', text)).documents;
  return (document?.value as { readonly write_files: readonly { readonly content: string }[] }).write_files[0]?.content;
}
