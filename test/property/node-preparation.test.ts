import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { analyse, type PreparationUnit } from '../../src/analysis';
import { makeManifests, type ManifestSet } from '../../src/manifests';
import { bindingTable } from '../../src/manifests/node-preparation/binding-table';
import { nodeUnits } from '../../src/manifests/node-preparation/node-files';
import { vgpusTable } from '../../src/manifests/node-preparation/vgpus-table';
import { jsonAt, type Fleet, type JsonObject, type JsonValue, type NodePlatform } from '../../src/model';
import { SourceFile } from '../../src/source';
import { readYaml } from '../../src/yaml';
import { compiled } from '../unit/manifests/compiled';
import { FakeHost } from '../unit/manifests/node-preparation/fake-host';
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
  fc.record({ name: hostile, text: hostile, serial: hostile }).map((texts) => fleetWith(platform, texts));

const tameFleet = (platform: NodePlatform): Fleet => fleetWith(platform, { name: 'a', text: 'b', serial: 'c' });

function fleetWith(
  platform: NodePlatform,
  { name, text, serial }: { readonly name: string; readonly text: string; readonly serial: string },
): Fleet {
  const renamed = new Map(lab.devices.map((device) => [device.name, `${name}${device.name}`]));
  return {
    ...lab,
    name,
    cluster: { ...lab.cluster, nodePlatform: platform, nodePlatformVersion: '1.12' },
    devices: lab.devices.map((device) => ({
      ...device,
      name: renamed.get(device.name) ?? '',
      resourceName: text,
      ...(device.kind === 'mdev' ? { typeName: text, typeId: serial } : {}),
    })),
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
      mediatedDevices: pool.mediatedDevices.map((one) => ({
        ...one,
        device: renamed.get(one.device) ?? '',
        createdBy: 'host' as const,
      })),
    })),
  };
}

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

const vgpusOf = ({ effects }: PreparationUnit): string | undefined =>
  effects.vgpus.length === 0 ? undefined : vgpusTable(effects.vgpus);

/** The units of a fleet that nobody wrote with ill intent: no text of the input is in any of them. */
const tameUnits = (platform: NodePlatform): Set<string> => new Set(unitsOf(analyse(tameFleet(platform)).units));

const unitsOf = (units: readonly PreparationUnit[]): string[] =>
  units.flatMap((unit) => nodeUnits(unit)).map(({ name, contents }) => `${name}\n${contents}`);

/** The lines of a table that are for some node; each has to be one that the program on the node understands. */
function expectRows(text: string | undefined, form: RegExp): void {
  for (const line of (text ?? '').split('\n')) if (!/^(?:#[ -~]*)?$/.test(line)) expect(line).toMatch(form);
}

const VGPU_ROW =
  /^(any|uuid=[0-9a-f-]{36}|host=[a-z0-9._-]+) (mdev|vendor-vfio) ([0-9a-f]{4}:[0-9a-f]{4}|-) [A-Za-z0-9._-]+ ([1-9][0-9]*|all) [A-Za-z0-9 ._-]+$/;

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
        expect(ignitionText(config, '/etc/hostdev/vgpus')).toBe(vgpusOf(unit));
        expect(ignitionUnits(config)).toEqual(unitsOf([unit]));
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
        expect(ignitionText(config, '/etc/hostdev/vgpus')).toBe(vgpusOf(unit));
        expect(ignitionUnits(config)).toEqual(unitsOf([unit]));
      }
    }),
    { numRuns: RUNS },
  );
});

it.each(['openshift', 'ignition', 'linux', 'cloud-init'] as const)(
  'lets no text of the input into units of %s',
  (platform) => {
    const tame = tameUnits(platform);
    expect(tame.size).toBeGreaterThan(2);
    fc.assert(
      fc.property(wildFleet(platform), (fleet) => {
        const { units } = analyse(fleet);
        for (const unit of unitsOf(units)) expect(tame).toContain(unit);
        for (const unit of units) expectRows(vgpusOf(unit), VGPU_ROW);
      }),
      { numRuns: RUNS },
    );
  },
);

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

it('leaves a host as it was: refused, or installed and undone', () => {
  fc.assert(
    fc.property(wildFleet('linux'), fc.boolean(), (fleet, isTame) => {
      // arguments that no boot loader would keep are refused at once, so half of the runs have none
      const pools = fleet.nodePools.map((pool) => (isTame ? { ...pool, kernelArguments: [] } : pool));
      for (const { files } of prepared({ ...fleet, nodePools: pools })) {
        const program = files.get('install.sh');
        if (program === undefined) continue;
        const host = new FakeHost(program, 'ID=debian\nVERSION_ID="12"\n');
        try {
          host.run(['--undo']);
          const before = contentsBelow(host.root);
          const { status, output } = host.run();
          if (status === 0) {
            expect(contentsBelow(host.root)).not.toEqual(before);
            host.reboot();
            expect(host.run(['--check']).output).toBe('hostdev-node-prep: as listed\n');
            expect(host.run(['--undo']).status).toBe(0);
          } else {
            expect(output).toMatch(/nothing was changed\n$/);
          }
          host.reboot();
          expect(contentsBelow(host.root)).toEqual(before);
        } finally {
          host.remove();
        }
      }
    }),
    { numRuns: Math.ceil(RUNS / 30) },
  );
});

/** What is below a host's root by path, without what tools of the test count and what a reboot shows of the boot loader. */
function contentsBelow(root: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
      .filter((path) => !['/initramfs', '/proc/cmdline', '/boot/grub/grub.cfg'].includes(path))
      .sort()
      .map((path) => [path, readFileSync(join(root, path), 'utf8')]),
  );
}

/** The units of an Ignition config. */
function ignitionUnits(config: JsonValue | undefined): string[] {
  const units = (jsonAt(config, 'systemd', 'units') ?? []) as readonly {
    readonly name: string;
    readonly contents: string;
  }[];
  return units.map(({ name, contents }) => `${name}\n${contents}`);
}

function ofUserData(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const [document] = readYaml(new SourceFile('user-data.yaml', text)).documents;
  return (document?.value as { readonly write_files: readonly { readonly content: string }[] }).write_files[0]?.content;
}
