import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { guestOutput, ignitionFiles, type IgnitionConfig } from '../kernel/artefacts';
import { BY_ID, MADE_BY_HOST } from '../kernel/fleet';
import type { GuestFile } from '../kernel/guest';
import { hostdev, readTree } from '../support/hostdev';
import { ROOT } from '../support/lab';

/** Everything that other people's programs read, by where it comes from. */
export interface Emitted {
  /** Shell programs. */
  readonly scripts: ReadonlyMap<string, string>;
  /** Ignition configs as objects. */
  readonly ignition: ReadonlyMap<string, IgnitionConfig>;
  /** MachineConfigs as objects. */
  readonly machineConfigs: ReadonlyMap<string, MachineConfig>;
  /** `#cloud-config` documents. */
  readonly cloudConfigs: ReadonlyMap<string, string>;
  /** Files that a node gets, units among them, each set as one node has it. */
  readonly nodes: ReadonlyMap<string, readonly GuestFile[]>;
}

/** A MachineConfig, as far as Butane makes it. */
export interface MachineConfig {
  readonly kind: 'MachineConfig';
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: { readonly kernelArguments?: readonly string[]; readonly config?: IgnitionConfig };
}

interface UserData {
  readonly write_files: readonly { readonly path: string; readonly content: string }[];
}

/** What the example fleets and the fleets of the kernel suite come out as. */
export function emitted(): Emitted {
  const scripts = new Map<string, string>();
  const ignition = new Map<string, IgnitionConfig>();
  const machineConfigs = new Map<string, MachineConfig>();
  const cloudConfigs = new Map<string, string>();
  const nodes = new Map<string, readonly GuestFile[]>();
  scripts.set('collector', hostdev(['import', '--collector']).stdout);
  for (const [fleet, output] of outputs()) {
    for (const [path, text] of output) {
      const name = `${fleet}: ${path}`;
      if (text.startsWith('#!')) scripts.set(name, text);
      if (text.startsWith('#cloud-config')) {
        cloudConfigs.set(name, text);
        for (const file of (parse(text) as UserData).write_files) scripts.set(`${name}: ${file.path}`, file.content);
      }
      const machineConfig = machineConfigOf(path, text);
      if (machineConfig !== undefined) machineConfigs.set(name, machineConfig);
      const config = path.endsWith('.ign') ? (JSON.parse(text) as IgnitionConfig) : machineConfig?.spec.config;
      if (config !== undefined) {
        ignition.set(name, config);
        nodes.set(name, ignitionFiles(config));
      }
    }
  }
  for (const [name, text] of scripts) {
    const files = installerFiles(text);
    if (files.length > 0) nodes.set(name, files);
  }
  for (const [name, files] of nodes) {
    for (const { path, text } of files) if (text.startsWith('#!')) scripts.set(`${name}: ${path}`, text);
  }
  return { scripts: withoutDoubles(scripts), ignition, machineConfigs, cloudConfigs, nodes };
}

function outputs(): (readonly [string, ReadonlyMap<string, string>])[] {
  return [
    ['examples/lab', new Map(Object.entries(readTree(join(ROOT, 'dist'))))],
    ...['openshift', 'ignition', 'linux', 'cloud-init'].flatMap(
      (platform) =>
        [
          [`${platform} by address`, guestOutput(platform, 'intel')],
          [`${platform} by id`, guestOutput(platform, 'amd', BY_ID)],
          [`${platform} made by the host`, guestOutput(platform, 'intel', MADE_BY_HOST)],
        ] as const,
    ),
  ];
}

/** The files that an installer carries, as its own data section gives them. */
function installerFiles(installer: string): GuestFile[] {
  const [data] = /^# ---- data[^]*?^# ---- end of data/m.exec(installer) ?? [];
  if (data === undefined) return [];
  const list = 'files | while read -r family mode path; do echo "$mode $path $(text_of "$path" | base64 -w0)"; done';
  const { stdout } = spawnSync('sh', ['-s'], { input: `${data}\n${list}\n`, encoding: 'utf8' });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(' '))
    .map(([mode = '', path = '', text = '']) => ({
      path,
      mode: Number.parseInt(mode, 8),
      text: Buffer.from(text, 'base64').toString(),
    }));
}

function machineConfigOf(path: string, text: string): MachineConfig | undefined {
  if (!/\.ya?ml$/.test(path)) return undefined;
  const [object] = parseAllDocuments(text).map((document) => document.toJS() as Partial<MachineConfig> | null);
  return object?.kind === 'MachineConfig' ? (object as MachineConfig) : undefined;
}

/** The bind program is the same in every output. */
function withoutDoubles(scripts: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...new Map([...scripts].map(([name, text]) => [text, name]))].map(([text, name]) => [name, text]));
}

/** Reads a file of the repository. */
export function repositoryFile(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}
