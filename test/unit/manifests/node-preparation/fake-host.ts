import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** What a run of the installer left behind. */
export interface InstallerRun {
  readonly status: number | null;
  readonly output: string;
}

/**
 * A host below a folder: its files, and tools that do to them what the real ones do. `update-grub` puts the drop-in's arguments
 * into grub.cfg, `grubby` keeps arguments in a file, the makers of an initramfs count their runs.
 */
export class FakeHost {
  readonly root = mkdtempSync(join(tmpdir(), 'hostdev-host-'));
  private readonly program: string;

  constructor(program: string, release: string, cmdline = 'root=/dev/sda1 ro') {
    this.program = join(this.root, 'install.sh');
    writeFileSync(this.program, program);
    this.write('/etc/os-release', release);
    this.write('/proc/cmdline', cmdline);
    this.write(
      '/lib/modules/6.1.0/modules.dep',
      'kernel/drivers/vfio/pci/vfio-pci.ko.xz: kernel/drivers/vfio/vfio.ko\n',
    );
    this.write('/lib/modules/6.1.0/modules.builtin', 'kernel/fs/ext4/ext4.ko\n');
    this.write('/boot/grub/grub.cfg', '');
    this.write('/boot/grubby.args', 'ro quiet\n');
    this.tool(
      'update-grub',
      `GRUB_CMDLINE_LINUX_DEFAULT=quiet
for file in "$ROOT"/etc/default/grub.d/*.cfg; do [ ! -f "$file" ] || . "$file"; done
{
  echo '### BEGIN /etc/grub.d/10_linux ###'
  echo "	linux /boot/vmlinuz-6.1.0 root=UUID=1 ro $GRUB_CMDLINE_LINUX_DEFAULT"
  echo "	linux /boot/vmlinuz-6.1.0 root=UUID=1 ro single"
  echo '### END /etc/grub.d/10_linux ###'
  echo '### BEGIN /etc/grub.d/30_os-prober ###'
  echo "	linux /boot/vmlinuz-5.0 root=UUID=2 ro"
  echo '### END /etc/grub.d/30_os-prober ###'
} > "$ROOT/boot/grub/grub.cfg"`,
    );
    this.tool(
      'grubby',
      `args=$(cat "$ROOT/boot/grubby.args")
for option; do
  case $option in
    --info=ALL) printf 'index=0\\nargs="%s"\\nroot="/dev/sda1"\\n' "$args" ;;
    --args=*) for word in \${option#--args=}; do case " $args " in *" $word "*) ;; *) args="$args $word" ;; esac; done ;;
    --remove-args=*) for word in \${option#--remove-args=}; do args=$(printf '%s' " $args " | sed "s| $word | |; s/^ //; s/ $//"); done ;;
  esac
done
echo "$args" > "$ROOT/boot/grubby.args"`,
    );
    this.tool('update-initramfs', 'echo run >> "$ROOT/initramfs"');
    this.tool('dracut', 'echo run >> "$ROOT/initramfs"');
    this.tool(
      'systemctl',
      `folder=$ROOT/etc/systemd/system/wanted
mkdir -p "$folder"
case $2 in
  enable) : > "$folder/$3" ;;
  disable) rm -f "$folder/$3" ;;
  is-enabled) [ -f "$folder/$3" ] ;;
esac`,
    );
  }

  /** Runs the installer. */
  run(args: readonly string[] = [], shell: readonly string[] = ['sh']): InstallerRun {
    const [command = 'sh', ...before] = shell;
    const { status, stdout, stderr } = spawnSync(command, [...before, this.program, ...args], {
      encoding: 'utf8',
      env: { HOSTDEV_ROOT: this.root, ROOT: this.root, PATH: process.env['PATH'] ?? '' },
    });
    return { status, output: stdout + stderr };
  }

  /** Puts another program in its place. */
  replaceProgram(program: string): void {
    writeFileSync(this.program, program);
  }

  /** Starts the node anew: the command line is what the boot loader has. */
  reboot(): void {
    const grub = /^\tlinux (.*)$/m.exec(this.read('/boot/grub/grub.cfg') ?? '')?.[1];
    const isDebian = /debian|ubuntu/.test(this.read('/etc/os-release') ?? '');
    this.write('/proc/cmdline', isDebian ? (grub ?? 'ro') : (this.read('/boot/grubby.args') ?? ''));
    rmSync(join(this.root, 'run'), { recursive: true, force: true });
  }

  write(path: string, text: string): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  read(path: string): string | undefined {
    const file = join(this.root, path);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  }

  /** How often an initramfs was made. */
  get initramfsRuns(): number {
    return (this.read('/initramfs') ?? '').split('\n').length - 1;
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  /** A program on the node's path; `$ROOT` is its root. */
  tool(name: string, script: string): void {
    this.write(`/tools/${name}`, `#!/bin/sh\n${script}\n`);
    chmodSync(join(this.root, 'tools', name), 0o755);
  }
}
