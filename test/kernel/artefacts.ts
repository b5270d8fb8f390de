import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { hostdev } from '../support/hostdev';
import { guestFleet, guestInventory } from './fleet';
import type { GuestFile } from './guest';

/** What brings a compiled node preparation onto a machine. */
export interface Artefacts {
  readonly files: readonly GuestFile[];
  readonly kernelArguments: readonly string[];
}

/** An Ignition config, as far as ours go. */
export interface IgnitionConfig {
  readonly ignition: { readonly version: string };
  readonly kernelArguments?: { readonly shouldExist?: readonly string[] };
  readonly storage?: { readonly files?: readonly { path: string; mode: number; contents: { source: string } }[] };
  readonly systemd?: { readonly units?: readonly { name: string; enabled?: boolean; contents: string }[] };
}

interface MachineConfig {
  readonly kind: string;
  readonly spec: { readonly kernelArguments?: readonly string[]; readonly config?: IgnitionConfig };
}

/** The artefacts of a fleet of the one machine. */
export function guestArtefacts(cpuVendor: 'intel' | 'amd', passthrough?: string): Artefacts {
  return openshiftArtefacts(guestOutput('openshift', cpuVendor, passthrough));
}

/** Everything that a fleet of the one machine comes out as on a platform. */
export function guestOutput(platform: string, cpuVendor: 'intel' | 'amd', passthrough?: string): Map<string, string> {
  return synth({
    'fleet.yaml': guestFleet(platform, cpuVendor, passthrough),
    'inventory/node-a.yaml': guestInventory(cpuVendor),
  });
}

/** Runs the built command over a fleet, and gives every file of its output by path. */
export function synth(files: Readonly<Record<string, string>>): Map<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'hostdev-fleet-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const { status, stdout, stderr } = hostdev(['synth', 'fleet.yaml', '-o', 'dist'], { cwd: folder });
    if (status !== 0) throw new Error(`${stdout}${stderr}`);
    const dist = join(folder, 'dist');
    return new Map(
      readdirSync(dist, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((path) => [path.slice(dist.length + 1), readFileSync(path, 'utf8')]),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the machine config operator makes of the MachineConfigs in an output. */
export function openshiftArtefacts(output: ReadonlyMap<string, string>): Artefacts {
  const configs = [...output]
    .filter(([path]) => path.startsWith('node-prep/') && path.includes('/machineconfig.'))
    .map(([, text]) => parse(text) as MachineConfig);
  return {
    kernelArguments: configs.flatMap(({ spec }) => spec.kernelArguments ?? []),
    files: configs.flatMap(({ spec }) => (spec.config === undefined ? [] : ignitionFiles(spec.config))),
  };
}

/** A file of the output that people bring to a node by hand. */
export function byHand(output: ReadonlyMap<string, string>, name: string): string {
  const [found] = [...output].filter(([path]) => path.startsWith('node-prep/') && path.endsWith(`/${name}`));
  if (found === undefined) throw new Error(`there is no ${name} among ${[...output.keys()].join(', ')}`);
  return found[1];
}

/** What Ignition makes of its own config on Flatcar and Fedora CoreOS. */
export function ignitionArtefacts(output: ReadonlyMap<string, string>): Artefacts {
  const config = JSON.parse(byHand(output, 'config.ign')) as IgnitionConfig;
  return { files: ignitionFiles(config), kernelArguments: config.kernelArguments?.shouldExist ?? [] };
}

/** The files that Ignition writes: units go to /etc, and those to be enabled into a preset that systemd reads at first boot. */
export function ignitionFiles({ storage, systemd }: IgnitionConfig): GuestFile[] {
  const units = systemd?.units ?? [];
  const enabled = units.filter((unit) => unit.enabled === true).map(({ name }) => `enable ${name}\n`);
  return [
    ...(storage?.files ?? []).map(({ path, mode, contents }) => ({ path, mode, text: dataUrlText(contents.source) })),
    ...units.map(({ name, contents }) => ({ path: `/etc/systemd/system/${name}`, mode: 0o644, text: contents })),
    ...(enabled.length === 0
      ? []
      : [{ path: '/etc/systemd/system-preset/20-ignition.preset', mode: 0o644, text: enabled.join('') }]),
  ];
}

function dataUrlText(source: string): string {
  const [, base64, data = ''] = /^data:[^,]*?(;base64)?,(.*)$/s.exec(source) ?? [];
  if (base64 === undefined) throw new Error(`not a base64 data URL: ${source.slice(0, 40)}`);
  return Buffer.from(data, 'base64').toString();
}
