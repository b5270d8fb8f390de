import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadFleet } from '../../src/load';
import { hostdev } from '../support/hostdev';
import { memoryFiles } from '../support/fleet-of';
import { ROOT, temporaryFolder } from '../support/lab';

const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

function fenced(language: string, part: string): string {
  const block = [...README.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].find(([, text]) =>
    text?.includes(part),
  );
  if (block?.[1] === undefined) throw new Error(`the README has no ${language} block with ${part}`);
  return block[1];
}

test('the picture is what the program draws', () => {
  const [, command = '', picture = ''] = /^\$ hostdev (.*)\n([\s\S]*)$/.exec(fenced('text', 'boot disk')) ?? [];
  const run = hostdev(command.split(' '));
  expect(run.status).toBe(1);
  expect(run.stdout).toContain(picture.trim());
});

test('the fleet by example is one that the loader takes', () => {
  const { fleet, problems } = loadFleet(
    memoryFiles({ 'fleet.yaml': fenced('yaml', 'kind: Fleet'), 'inventory/.keep': '', 'cluster/.keep': '' }),
    'fleet.yaml',
  );
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(fleet?.nodePools.map(({ name }) => name)).toEqual(['gpu', 'storage', 'vgpu']);
});

test('the TypeScript by example compiles and writes', () => {
  const folder = inProject(temporaryFolder());
  mkdirSync(join(folder, 'inventory'));
  writeFileSync(join(folder, 'main.ts'), fenced('ts', 'app.synth()'));
  const run = hostdev(['synth', 'main.ts'], { cwd: folder });
  expect(run.stderr).toBe('');
  expect(run.status).toBe(0);
  expect(
    readFileSync(join(folder, 'dist/virtual-machines/default/virtualmachineinstance.vmi-nvme.yaml'), 'utf8'),
  ).toContain('deviceName: devices.kubevirt.io/nvme');
});

/** A folder in which `cdk8s-hostdev` and its peers resolve to this repository. */
function inProject(folder: string): string {
  mkdirSync(join(folder, 'node_modules'));
  for (const name of ['cdk8s', 'cdk8s-plus-28', 'constructs', 'tsx'])
    symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
  symlinkSync(ROOT, join(folder, 'node_modules', 'cdk8s-hostdev'));
  return folder;
}

test('the test by example is the one that runs beside this file', () => {
  const ran = readFileSync(join(__dirname, 'readme-fleet.test.ts'), 'utf8');
  expect(ran).toContain(fenced('ts', 'findingsOf'));
});
