import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { IgnitionConfig } from '../kernel/artefacts';
import type { GuestFile } from '../kernel/guest';
import { readCloudConfig } from '../support/cloud-config';
import { ROOT } from '../support/lab';
import { emitted, repositoryFile, type MachineConfig } from './emitted';
import { built, describeWith, installed, run } from './tools';

const { scripts, ignition, machineConfigs, cloudConfigs, nodes } = emitted();

const GUEST_SCRIPTS = ['init', 'state', 'run-steps', 'network'].map((name) => `tools/kernel/guest/${name}`);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hostdev-validators-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(path: string, text: string, mode = 0o644): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

it('there is something to look at', () => {
  expect(scripts.size).toBeGreaterThan(1);
  expect(ignition.size).toBeGreaterThan(1);
  expect(cloudConfigs.size).toBeGreaterThan(1);
  const withUnits = [...nodes].filter(([, files]) => files.some(({ path }) => path.endsWith('.service')));
  for (const platform of ['openshift', 'ignition', 'linux', 'cloud-init']) {
    expect(withUnits.filter(([name]) => name.startsWith(`${platform} by address`))).not.toEqual([]);
  }
});

describeWith('shellcheck', installed('shellcheck', 'shellcheck'), (path) => {
  it.each([...scripts])('has nothing to say about %s', (_name, text) => {
    // what a script takes in from the node is not here to be followed
    expect(run(path, ['--exclude=SC1091', '-'], text)).toEqual({ status: 0, text: '' });
  });

  it.each(['tools/kernel/prepare.sh', 'tools/validators/install.sh', ...GUEST_SCRIPTS])('nor about %s', (name) => {
    expect(run(path, ['-'], repositoryFile(name))).toEqual({ status: 0, text: '' });
  });

  it('has something to say about what is wrong', () => {
    expect(run(path, ['-'], '#!/bin/sh\nrm $1\n').status).toBe(1);
  });
});

describeWith('systemd-analyze verify', installed('systemd-analyze', 'systemd'), (path) => {
  /** The node's files below a root of their own, with what every node has. */
  function verify(files: readonly GuestFile[]): string {
    for (const file of files) write(file.path, file.text, file.mode);
    write('/bin/sh', '#!/bin/true', 0o755);
    for (const target of ['basic', 'sysinit', 'shutdown', 'multi-user', 'network-online', 'kubelet-dependencies']) {
      write(`/usr/lib/systemd/system/${target}.target`, `[Unit]\nDescription=${target}\n`);
    }
    const units = files.map((file) => file.path).filter((name) => name.endsWith('.service'));
    const { status, text } = run(path, ['verify', `--root=${folder}`, '--man=no', ...units]);
    return `${String(status)} ${text}`;
  }

  it.each([...nodes].filter(([, files]) => files.some((file) => file.path.endsWith('.service'))))(
    'has nothing to say about the units of %s',
    (_name, files) => {
      expect(verify(files)).toBe('0 ');
    },
  );

  it('has something to say about a program that is not there', () => {
    const [files = []] = nodes.values();
    expect(verify(files.filter((file) => !file.path.startsWith('/usr/local/')))).not.toBe('0 ');
  });
});

describeWith("Ignition's validator", built('ignition'), (path) => {
  it.each([...ignition])('accepts %s', (_name, config) => {
    expect(run(path, ['-'], JSON.stringify(config))).toEqual({ status: 0, text: '' });
  });

  it('refuses what is wrong', () => {
    expect(run(path, ['-'], '{"ignition":{"version":"3.4.0"},"storage":{"files":[{"path":"etc/x"}]}}').status).toBe(1);
  });
});

/** The release of OpenShift whose variant of Butane has an Ignition version. */
const VARIANTS: Readonly<Record<string, string>> = { '3.2.0': '4.13.0', '3.4.0': '4.18.0', '3.5.0': '4.19.0' };

describeWith('Butane', built('butane'), (path) => {
  const sections = ({ storage, systemd }: IgnitionConfig): object => ({
    ...(storage === undefined ? {} : { storage }),
    ...(systemd === undefined ? {} : { systemd }),
  });

  /** The sources of a MachineConfig, as somebody would write them for Butane. */
  function butaneOf({ metadata: { name, labels }, spec }: MachineConfig): object {
    const version = spec.config === undefined ? '3.2.0' : spec.config.ignition.version;
    return {
      variant: 'openshift',
      version: VARIANTS[version] ?? `none for ${version}`,
      metadata: { name, labels },
      ...(spec.kernelArguments === undefined ? {} : { openshift: { kernel_arguments: spec.kernelArguments } }),
      ...(spec.config === undefined ? {} : sections(spec.config)),
    };
  }

  it('there is something to translate', () => {
    expect(machineConfigs.size).toBeGreaterThan(2);
    expect([...machineConfigs.values()].some(({ spec }) => spec.kernelArguments !== undefined)).toBe(true);
  });

  it.each([...machineConfigs])('makes %s of its parts', (_name, config) => {
    const { status, text } = run(path, ['--strict'], stringify(butaneOf(config)));
    expect(status === 0 ? '' : text).toBe('');
    const made = parse(text) as MachineConfig;
    expect(made.metadata).toEqual({ name: config.metadata.name, labels: config.metadata.labels });
    expect(made.spec.kernelArguments).toEqual(config.spec.kernelArguments);
    if (config.spec.config !== undefined) expect(made.spec.config).toEqual(config.spec.config);
  });

  it.each([...ignition].filter(([name]) => name.endsWith('.ign')))('makes %s of its parts', (_name, config) => {
    const source = {
      variant: 'flatcar',
      version: '1.0.0',
      ...(config.kernelArguments === undefined
        ? {}
        : { kernel_arguments: { should_exist: config.kernelArguments.shouldExist } }),
      ...sections(config),
    };
    const { status, text } = run(path, ['--strict'], stringify(source));
    expect(status === 0 ? '' : text).toBe('');
    expect(JSON.parse(text)).toEqual(config);
  });

  it('refuses what is wrong', () => {
    for (const config of machineConfigs.values()) {
      const source = { ...butaneOf(config), kernel_arguments: { should_exist: ['x'] } };
      expect(run(path, ['--strict'], stringify(source)).status).toBe(1);
    }
  });
});

describeWith("cloud-init's schema", installed('cloud-init', 'cloud-init'), (path) => {
  it.each([...cloudConfigs, ['the smallest', '#cloud-config\nwrite_files: [{ path: /x, content: y }]\n'] as const])(
    'accepts %s',
    (_name, text) => {
      expect(run(path, ['schema', '--config-file', write('config.yaml', text)]).text).toContain('Valid cloud-config');
    },
  );

  it('refuses what is wrong', () => {
    const file = write('config.yaml', '#cloud-config\nwrite_files: [{ path: 1 }]\n');
    expect(run(path, ['schema', '--config-file', file]).status).not.toBe(0);
  });
});

describeWith("cloud-init's own modules", installed('cloud-init', 'cloud-init'), (path) => {
  // the one that has cloud-init, which need not be the first of the search path
  const interpreter = /^#!(\S+)/.exec(readFileSync(path, 'utf8'))?.[1] ?? 'python3';

  it.each([...cloudConfigs])('write, run and reboot for %s what the kernel suite does', (_name, text) => {
    const said = run(interpreter, [join(ROOT, 'test/validators/cloud-init.py'), write('user-data.yaml', text)]);
    expect(said).toMatchObject({ status: 0 });
    const ours = readCloudConfig(text);
    expect(JSON.parse(said.text)).toEqual({
      files: ours.files.map((file) => ({ ...file, omode: 'wb' })),
      script: { path: '/scripts/runcmd', omode: 'wb', mode: 0o700, text: `#!/bin/sh\n${ours.commands.join('\n')}\n` },
      shutdown: ['shutdown', '-r', 'now', expect.stringContaining('hostdev: ')],
      condition: ours.condition,
    });
  });
});
