// Benchmarks as ratios, side by side in one run: `npm run bench [-- --json FILE] [--quick]`.
// Each figure is the median of five processes, the two sides alternating, on a tmpfs where there is one.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { benchFleet, inventoryText, nodeName } from './fleet.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const require = createRequire(import.meta.url);
const { values } = parseArgs({ options: { json: { type: 'string' }, quick: { type: 'boolean', default: false } } });
const RUNS = values.quick ? 1 : 5;
const NODES = 1000;
const MACHINES = 10_000;

const work = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'hostdev-bench-'));
try {
  const figures = { ...coldCheck(), ...synthesis(), ...scaling() };
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, undefined, 2)}\n`);
} finally {
  rmSync(work, { recursive: true, force: true });
}

function coldCheck() {
  const times = alternate(
    () => processTime(['-e', '0']),
    () => processTime([join(root, 'lib', 'hostdev.cjs'), 'check', 'examples/lab/fleet.yaml']),
    Math.max(RUNS, 3) * 3,
  );
  const [nodeEmptyMs, checkColdMs] = times;
  const target = 2 * nodeEmptyMs + 100;
  print(
    'cold `hostdev check examples/lab/fleet.yaml`',
    `${ms(checkColdMs)} against ${ms(nodeEmptyMs)} for \`node -e 0\` (target ${ms(target)})`,
  );
  return { checkColdMs, nodeEmptyMs };
}

function synthesis() {
  const inventory = writeInventory(NODES);
  const out = join(work, 'hostdev');
  const plain = join(work, 'cdk8s');
  const hostdev = () => child('hostdev-program.mjs', [NODES, MACHINES, inventory, fresh(out)]);
  hostdev();
  const objects = readObjects(out);
  const objectsFile = join(work, 'objects.json');
  writeFileSync(objectsFile, JSON.stringify(objects));
  const cdk8s = () => child('cdk8s-program.mjs', [objectsFile, fresh(plain)]);
  let peakMiB = 0;
  const [synthMs, cdk8sMs] = alternate(
    () => {
      const run = hostdev();
      peakMiB = Math.max(peakMiB, run.peakMiB);
      return run.milliseconds;
    },
    () => cdk8s().milliseconds,
    RUNS,
  );
  assertSame(objects, readObjects(plain));
  const ratio = cdk8sMs / synthMs;
  const withoutWritingMs = median(
    times(RUNS, () => child('hostdev-program.mjs', [NODES, MACHINES, inventory, fresh(out), 'no-write']).milliseconds),
  );
  const fromYamlMs = fromYaml(inventory);
  print(
    `synthesis of ${NODES} nodes and ${MACHINES} VMs (${objects.length} objects)`,
    `${ms(synthMs)} against ${ms(cdk8sMs)} for plain cdk8s: ${ratio.toFixed(1)} times faster (target 5), the parsed objects are equal`,
  );
  print('  the same without writing', ms(withoutWritingMs));
  print('  the same from YAML text, whole process', ms(fromYamlMs));
  print('  peak memory', `${peakMiB.toFixed(0)} MiB (target below 1024)`);
  return { synthMs, cdk8sMs, ratio, withoutWritingMs, fromYamlMs, peakMiB };
}

function fromYaml(inventory) {
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
  writeFileSync(file, require('yaml').stringify(fleet));
  return median(
    times(RUNS, () => processTime([join(root, 'lib', 'hostdev.cjs'), 'synth', file, '-o', fresh(join(work, 'yaml'))])),
  );
}

function scaling() {
  const perObjectMicroseconds = {};
  for (const machines of [1000, 10_000, 50_000]) {
    const nodes = machines / 10;
    const inventory = writeInventory(nodes);
    const run = child('hostdev-program.mjs', [nodes, machines, inventory, fresh(join(work, 'scale'))]);
    perObjectMicroseconds[machines] = (run.milliseconds * 1000) / machines;
    print(
      `${machines} VMs on ${nodes} nodes`,
      `${perObjectMicroseconds[machines].toFixed(0)} µs per VM, peak ${run.peakMiB.toFixed(0)} MiB`,
    );
  }
  return { perObjectMicroseconds };
}

function writeInventory(count) {
  const folder = join(work, `inventory-${count}`);
  if (existsSync(folder)) return folder;
  mkdirSync(folder);
  for (let i = 0; i < count; i++) writeFileSync(join(folder, `${nodeName(i)}.yaml`), inventoryText(i));
  return folder;
}

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

function print(what, value) {
  process.stdout.write(`${what}: ${value}\n`);
}
