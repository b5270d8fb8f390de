// Benchmarks as ratios, side by side in one run: `npm run bench [-- --json FILE] [--quick]`.
// Times are wall times, medians of processes of their own; where two sides are compared they alternate. Files go to a tmpfs where
// there is one. What a figure includes stands beside it.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { benchFleet, HARDWARE, hardwareText, inventoryText, nodeName } from './fleet.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const command = join(root, 'lib', 'hostdev.cjs');
const require = createRequire(import.meta.url);
const { values } = parseArgs({ options: { json: { type: 'string' }, quick: { type: 'boolean', default: false } } });

const RUNS = values.quick ? 1 : 5;
const COLD_RUNS = values.quick ? 3 : 15;
const SCALING_RUNS = values.quick ? 1 : 3;
const NODES = 1000;
const MACHINES = 10_000;
const SIZES = [1000, 10_000, 50_000];
const TARGET_RATIO = 5;
const TARGET_MIB = 1024;

const work = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'hostdev-bench-'));
try {
  const figures = { ...coldCheck(), ...synthesis(), ...scaling() };
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, undefined, 2)}\n`);
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** A whole process, from its start to its end, against one that does nothing. */
function coldCheck() {
  const [nodeEmptyMs, checkColdMs] = alternate(
    () => processTime(['-e', '0']),
    () => processTime([command, 'check', 'examples/lab/fleet.yaml']),
    COLD_RUNS,
  );
  const target = 2 * nodeEmptyMs + 100;
  title('Cold start, whole processes');
  print(
    'hostdev check examples/lab/fleet.yaml',
    ms(checkColdMs),
    verdict(checkColdMs <= target, `at most ${ms(target)}`),
  );
  print('node -e 0', ms(nodeEmptyMs));
  return { checkColdMs, nodeEmptyMs };
}

/** The same objects through our constructs and through plain cdk8s, one file per object, into a folder that is not there yet. */
function synthesis() {
  const inventory = writeInventory(NODES);
  const out = join(work, 'hostdev');
  const plain = join(work, 'cdk8s');
  const hostdev = (...mode) => child('hostdev-program.mjs', [NODES, MACHINES, inventory, fresh(out), ...mode]);
  hostdev();
  const objects = readObjects(out);
  const objectsFile = join(work, 'objects.json');
  writeFileSync(objectsFile, JSON.stringify(objects));
  const cdk8s = () => child('cdk8s-program.mjs', [objectsFile, fresh(plain)]);
  const [synthMs, cdk8sMs] = alternate(
    () => hostdev().milliseconds,
    () => cdk8s().milliseconds,
    RUNS,
  );
  assertSame(objects, readObjects(plain));
  const ratio = cdk8sMs / synthMs;
  const withoutWritingMs = median(times(RUNS, () => hostdev('no-write').milliseconds));
  const fromYamlMs = fromYaml(inventory, objects);

  title(
    `Synthesis of ${MACHINES} VMs on ${NODES} nodes: ${objects.length} objects, equal on both sides when parsed back`,
  );
  print(
    'hostdev, first construct to last byte',
    ms(synthMs),
    'analysis, rules, schema check, index and journal included',
  );
  print('plain cdk8s, the same objects', ms(cdk8sMs), 'their content is at hand: nothing is computed or checked');
  print('ratio', ratio.toFixed(1), verdict(ratio >= TARGET_RATIO, `at least ${TARGET_RATIO}`));
  print('hostdev without writing', ms(withoutWritingMs), 'texts and hashes in memory');
  print('hostdev synth of the same fleet as YAML text', ms(fromYamlMs), 'a whole process; the same bytes');
  return { synthMs, cdk8sMs, ratio, withoutWritingMs, fromYamlMs };
}

function fromYaml(inventory, objects) {
  const { devices, nodePools, virtualMachines } = benchFleet(NODES, MACHINES);
  const fleet = {
    apiVersion: 'hostdev/v1alpha1',
    kind: 'Fleet',
    metadata: { name: 'bench' },
    spec: {
      inventory,
      cluster: { nodePlatform: 'openshift', kubevirt: { version: '1.6' } },
      devices,
      nodePools,
      virtualMachines,
    },
  };
  const file = join(work, 'fleet.yaml');
  const out = join(work, 'yaml');
  writeFileSync(file, require('yaml').stringify(fleet, { lineWidth: 0 }));
  const time = median(times(RUNS, () => processTime([command, 'synth', file, '-o', fresh(out)])));
  assertSame(objects, readObjects(out));
  return time;
}

/** Whether time grows with the number of objects, and what it takes at most. */
function scaling() {
  title('Growth, with writing');
  const perObjectMicroseconds = {};
  const peakMiBByMachines = {};
  for (const machines of SIZES) {
    const nodes = machines / 10;
    const inventory = writeInventory(nodes);
    const runs = times(SCALING_RUNS, () =>
      child('hostdev-program.mjs', [nodes, machines, inventory, fresh(join(work, 'scale'))]),
    );
    const perObject = (median(runs.map(({ milliseconds }) => milliseconds)) * 1000) / machines;
    const peak = Math.max(...runs.map(({ peakMiB }) => peakMiB));
    perObjectMicroseconds[machines] = perObject;
    peakMiBByMachines[machines] = peak;
    print(`${machines} VMs on ${nodes} nodes`, `${perObject.toFixed(0)} µs per VM`, `peak ${mib(peak)}`);
  }
  const peakMiB = Math.max(...Object.values(peakMiBByMachines));
  const note = `${verdict(peakMiB < TARGET_MIB, `below ${mib(TARGET_MIB)}`)}; the program's own VMs included`;
  print('peak memory of all', mib(peakMiB), note);
  return { perObjectMicroseconds, peakMiB, peakMiBByMachines };
}

function writeInventory(count) {
  const folder = join(work, `inventory-${count}`);
  if (existsSync(folder)) return folder;
  mkdirSync(join(folder, 'hardware'), { recursive: true });
  writeFileSync(join(folder, 'hardware', `${HARDWARE}.yaml`), hardwareText());
  for (let i = 0; i < count; i++) writeFileSync(join(folder, `${nodeName(i)}.yaml`), inventoryText(i));
  return folder;
}

/** Every Kubernetes object of a tree, parsed by a reader that is not ours. */
function readObjects(folder) {
  const { load } = require('js-yaml');
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.yaml') && !name.endsWith('kustomization.yaml'))
    .map((name) => load(readFileSync(join(folder, name), 'utf8')));
}

function assertSame(ours, theirs) {
  const key = ({ kind, metadata }) => `${kind}/${metadata.namespace ?? ''}/${metadata.name}`;
  const byKey = new Map(theirs.map((object) => [key(object), object]));
  for (const object of ours) {
    if (!isDeepStrictEqual(object, byKey.get(key(object)))) throw new Error(`the two outputs differ at ${key(object)}`);
  }
  if (byKey.size !== ours.length) throw new Error(`${ours.length} objects against ${byKey.size}`);
}

function child(program, args) {
  return JSON.parse(
    execFileSync(process.execPath, [join(here, program), ...args.map(String)], {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    }),
  );
}

function processTime(args) {
  const start = performance.now();
  execFileSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 28 });
  return performance.now() - start;
}

function fresh(folder) {
  rmSync(folder, { recursive: true, force: true });
  return folder;
}

function alternate(a, b, runs) {
  const left = [];
  const right = [];
  for (let i = 0; i < runs; i++) {
    left.push(a());
    right.push(b());
  }
  return [median(left), median(right)];
}

function times(count, run) {
  return Array.from({ length: count }, run);
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

function ms(value) {
  return `${value.toFixed(0)} ms`;
}

function mib(value) {
  return `${value.toFixed(0)} MiB`;
}

function verdict(isMet, target) {
  return `${isMet ? 'target met' : 'TARGET MISSED'}: ${target}`;
}

function title(text) {
  process.stdout.write(`\n${text}\n`);
}

function print(what, value, note = '') {
  process.stdout.write(`  ${what.padEnd(46)}${value.padStart(14)}  ${note}`.trimEnd() + '\n');
}
