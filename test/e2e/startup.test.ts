import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostdev } from '../support/hostdev';
import { ROOT, temporaryFolder } from '../support/lab';
import { spawnSync } from 'node:child_process';

const LAB = 'examples/lab/fleet.yaml';

/** Writes the name of every module that a process asks for into a file. */
const RECORDER = `
const { appendFileSync } = require('node:fs');
const Module = require('node:module');
const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  const file = resolve.call(this, request, ...rest);
  appendFileSync(process.env.LOADED_MODULES, file + '\\n');
  return file;
};
`;

/** What a program of ours loads on the way through a command, as file names; packages without the way to them. */
function loadedBy(
  program: string,
  args: readonly string[],
): { readonly modules: string[]; readonly status: number | null } {
  const folder = temporaryFolder();
  const recorder = join(folder, 'recorder.cjs');
  const list = join(folder, 'modules.txt');
  writeFileSync(recorder, RECORDER);
  writeFileSync(list, '');
  const { status } = spawnSync(process.execPath, ['--require', recorder, join(ROOT, 'lib', program), ...args], {
    cwd: ROOT,
    env: { ...process.env, LOADED_MODULES: list },
  });
  const files = readFileSync(list, 'utf8').trim().split('\n');
  return { modules: files.map((file) => file.replace(/^.*[\\/]node_modules[\\/]/, 'package ')), status };
}

/** The packages that nothing needs for a YAML fleet without errors; of ajv only what its generated code calls. */
const LATE = /^package (?:cdk8s|cdk8s-plus-28|constructs|yaml|tsx|ajv[\\/](?!dist[\\/]runtime[\\/]))/;

describe('what `check` of a good YAML fleet loads', () => {
  it('is neither cdk8s, nor ajv’s compiler, nor yaml', () => {
    const { modules, status } = loadedBy('hostdev.cjs', ['check', LAB]);

    expect(status).toBe(0);
    expect(modules.some((file) => file.endsWith('hostdev.cjs'))).toBe(true);
    expect(modules.filter((file) => LATE.test(file))).toEqual([]);
  });

  it('is one program of ours, and what node brings', () => {
    const { modules } = loadedBy('hostdev.cjs', ['check', LAB]);

    expect(modules.filter((file) => file.startsWith('package '))).toEqual([]);
  });

  it('is another thing for a text that has to be read again', () => {
    const fleet = join(temporaryFolder(), 'fleet.yaml');
    writeFileSync(fleet, 'kind: [Fleet\n');

    expect(loadedBy('hostdev.cjs', ['check', fleet]).modules.some((file) => file.startsWith('package yaml'))).toBe(
      true,
    );
    expect(hostdev(['check', fleet]).status).toBe(1);
  });
});

describe('the compiled form of the program', () => {
  const PROGRAM = ['hostdev.cjs', 'hostdev.program.js'];

  /** A copy of the built command that was never run. */
  function freshCopy(): string {
    const folder = temporaryFolder();
    for (const file of PROGRAM) copyFileSync(join(ROOT, 'lib', file), join(folder, file));
    return folder;
  }

  function run(folder: string, args: readonly string[], env: Record<string, string> = {}): object {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'hostdev.cjs'), ...args], {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1', ...env },
    });
    return { status, stdout, stderr };
  }

  const caches = (folder: string): string[] => readdirSync(folder).filter((name) => !PROGRAM.includes(name));

  it('is there after a build', () => {
    expect(
      caches(join(ROOT, 'lib')).filter((name) => name.endsWith(`.${process.version}-${process.arch}.cache`)),
    ).toHaveLength(1);
  });

  it('is written by the first check, used by the next one, and changes nothing that is printed', () => {
    const folder = freshCopy();
    const expected = { ...hostdev(['check', LAB]) };

    expect(run(folder, ['check', LAB])).toEqual(expected);

    const [name, ...others] = caches(folder);
    expect(name).toMatch(
      new RegExp(`^hostdev\\.program\\.js\\.[0-9a-f]{16}\\.${process.version}-${process.arch}\\.cache$`),
    );
    expect(others).toEqual([]);
    const { mtimeMs, size } = statSync(join(folder, String(name)));
    expect(size).toBeGreaterThan(100_000);
    expect(run(folder, ['check', LAB])).toEqual(expected);
    expect(statSync(join(folder, String(name))).mtimeMs).toBe(mtimeMs);
    truncateSync(join(folder, String(name)), size / 2);
    expect(run(folder, ['check', LAB])).toEqual(expected);
  });

  it('is neither written by a command that calls little, nor where Node is told to keep none', () => {
    const folder = freshCopy();

    expect(run(folder, ['--version'])).toMatchObject({ status: 0 });
    expect(run(folder, ['check', LAB], { NODE_DISABLE_COMPILE_CACHE: '1' })).toMatchObject({ status: 0 });

    expect(caches(folder)).toEqual([]);
  });

  it('is no reason to fail where it cannot be written', () => {
    const folder = freshCopy();
    const [name] = caches(join(ROOT, 'lib')).filter((file) =>
      file.endsWith(`.${process.version}-${process.arch}.cache`),
    );
    // a folder in its place stands for a disk that refuses: tests may run as root
    mkdirSync(join(folder, String(name), 'taken'), { recursive: true });

    expect(run(folder, ['check', LAB])).toMatchObject({ status: 0, stderr: '' });

    expect(caches(folder)).toEqual([name]);
  });
});
