import { readFileSync, writeFileSync } from 'node:fs';
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
  it.each(['hostdev.cjs', join('cli', 'bin.js')])('is neither cdk8s, nor ajv’s compiler, nor yaml: %s', (program) => {
    const { modules, status } = loadedBy(program, ['check', LAB]);

    expect(status).toBe(0);
    expect(modules.some((file) => file.endsWith(program))).toBe(true);
    expect(modules.filter((file) => LATE.test(file))).toEqual([]);
  });

  it('is one file of ours, and what node brings', () => {
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
