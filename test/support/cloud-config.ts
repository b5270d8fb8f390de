import { parse } from 'yaml';

/** What cloud-init makes of user data, as far as ours go: it writes files, runs commands, and reboots where a condition holds. */
export interface CloudConfig {
  readonly files: readonly {
    readonly path: string;
    readonly mode: number;
    readonly owner: string;
    readonly text: string;
  }[];
  /** One command a line, as a shell gets it. */
  readonly commands: readonly string[];
  /** A shell command: with status 0 the machine is rebooted. */
  readonly condition: string;
}

/** User data as the kernel suite plays them; the validators hold this against cloud-init's own modules. */
export function readCloudConfig(text: string): CloudConfig {
  if (!text.startsWith('#cloud-config\n')) throw new Error('user data without #cloud-config');
  const data = parse(text) as {
    readonly write_files: readonly Record<'path' | 'permissions' | 'owner' | 'content', string>[];
    readonly runcmd: readonly (readonly string[])[];
    readonly power_state: { readonly mode: string; readonly condition: string };
  };
  if (data.power_state.mode !== 'reboot') throw new Error(`the machine is to ${data.power_state.mode}`);
  return {
    files: data.write_files.map(({ path, permissions, owner, content }) => ({
      path,
      mode: Number.parseInt(permissions, 8),
      owner,
      text: content,
    })),
    commands: data.runcmd.map((words) => words.map((word) => `'${word.replaceAll("'", `'"'"'`)}'`).join(' ')),
    condition: data.power_state.condition,
  };
}
