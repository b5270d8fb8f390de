/*
 * The program that prepares a node of a distribution with packages: the same text for every fleet around what one unit installs. Data
 * stand in here-documents whose delimiter no line of them equals, so nothing of them is ever read as shell.
 */
import type { PreparationUnit } from '../../analysis';
import { NODE_PREP_PROGRAM } from './node-prep-program.generated';
import { nodeFiles, nodeUnits } from './node-files';

/** A file of the installer, for the family of distributions that has a use for it. */
interface InstalledFile {
  readonly family: 'any' | 'debian' | 'redhat';
  readonly mode: number;
  readonly path: string;
  readonly text: string;
}

const INITRAMFS_HOOK = [
  '#!/bin/sh',
  '# Written by hostdev: where the driver of a display is in the initramfs, vfio-pci has to be there too, to be first.',
  'case ${1:-} in prereqs) exit 0 ;; esac',
  '. /usr/share/initramfs-tools/hook-functions',
  'manual_add_modules vfio-pci',
  '',
].join('\n');

const DRACUT_CONFIGURATION = [
  '# Written by hostdev: where the driver of a display is in the initramfs, vfio-pci has to be there too, to be first.',
  'force_drivers+=" vfio vfio_iommu_type1 vfio-pci "',
  '',
].join('\n');

/**
 * The installer of a unit: POSIX shell with `--check`, `--undo` and `--list`.
 *
 * Kernel arguments go into a drop-in of GRUB that adds to what is there (node-prep.md fact 119), or through grubby (fact 121). Where ids are
 * used the initramfs is made anew, because it has a copy of modprobe.d of its own (fact 80), and `vfio-pci.ids=` is added where vfio-pci is
 * built in, because options in files never reach it then (fact 74).
 */
export function installer(unit: PreparationUnit): string {
  const { effects } = unit;
  const files = installedFiles(unit);
  const data = [
    `POOL=${word(unit.name)}`,
    `CPU_VENDORS='${unit.cpuVendors.join(' ')}'`,
    `IDS='${effects.ids.map((id) => id.replace(/[^0-9a-f:]/g, '_')).join(',')}'`,
    '',
    '# One kernel argument a line.',
    ...listing(
      'arguments',
      effects.kernelArguments.map(({ argument }) => printable(argument)),
    ),
    '',
    '# One file a line: the family of distributions that it is for, its mode, its path.',
    ...listing(
      'files',
      files.map(({ family, mode, path }) => `${family} ${octal(mode)} ${path}`),
    ),
    '',
    '# The text of each of them.',
    ...texts(files),
    '',
    '# One systemd unit a line; its file is among those above.',
    ...listing(
      'units',
      effects.units.map(({ name }) => name),
    ),
  ];
  return [...NODE_PREP_PROGRAM.before, ...data, ...NODE_PREP_PROGRAM.after, ''].join('\n');
}

function installedFiles(unit: PreparationUnit): InstalledFile[] {
  const files: InstalledFile[] = nodeFiles(unit).map(({ path, mode, text }) => ({ family: 'any', mode, path, text }));
  if (unit.effects.ids.length > 0) {
    files.push(
      { family: 'debian', mode: 0o755, path: '/etc/initramfs-tools/hooks/hostdev', text: INITRAMFS_HOOK },
      { family: 'redhat', mode: 0o644, path: '/etc/dracut.conf.d/90-hostdev.conf', text: DRACUT_CONFIGURATION },
    );
  }
  for (const { name, contents } of nodeUnits(unit)) {
    files.push({ family: 'any', mode: 0o644, path: `/etc/systemd/system/${name}`, text: contents });
  }
  return files;
}

function listing(name: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [`${name}() {`, '  :', '}'];
  return [`${name}() {`, ...hereDocument(lines, '  '), '}'];
}

function texts(files: readonly InstalledFile[]): string[] {
  if (files.length === 0) return ['text_of() {', '  :', '}'];
  return [
    'text_of() {',
    '  case $1 in',
    ...files.flatMap(({ path, text }) => [
      `    ${path})`,
      ...hereDocument(text.replace(/\n$/, '').split('\n'), '      '),
      '      ;;',
    ]),
    '  esac',
    '}',
  ];
}

/** Nothing in it is expanded, and it ends at a line that no line of it is. */
function hereDocument(lines: readonly string[], indent: string): string[] {
  let delimiter = 'HOSTDEV-END';
  for (let number = 2; lines.includes(delimiter); number++) delimiter = `HOSTDEV-END-${number}`;
  return [`${indent}cat << '${delimiter}'`, ...lines, delimiter];
}

/** A word that the shell reads as one word; names of pools are DNS labels by the time they are written. */
function word(text: string): string {
  const safe = text.replace(/[^A-Za-z0-9._-]/g, '-');
  return safe === '' ? '-' : safe;
}

/** One line of ASCII. What is replaced is nothing that the program accepts as an argument, so it says so and changes nothing. */
function printable(text: string): string {
  const safe = text.replace(/[^!-~]/g, '?');
  return safe === '' ? '?' : safe;
}

function octal(mode: number): string {
  return `0${mode.toString(8)}`;
}
