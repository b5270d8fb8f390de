/*
 * What is in the files and units that effects name, the same on every platform that takes files.
 */
import {
  BIND_PROGRAM_PATH,
  BIND_UNIT_NAME,
  FUNCTIONS_TABLE_PATH,
  FUNCTIONS_UNIT_NAME,
  functionsProgramPath,
  VERIFY_UNIT_NAME,
  VGPUS_TABLE_PATH,
  VGPUS_UNIT_NAME,
  vgpusProgramPath,
  type Effects,
  type FileEffect,
  type PreparationUnit,
  type UnitEffect,
} from '../../analysis';
import type { NodePlatform } from '../../model';
import { BINDING_TABLE_PATH } from '../../openshift';
import { commentText } from '../comment';
import { BIND_PROGRAM } from './bind-program.generated';
import { bindUnit } from './bind-unit';
import { bindingTable, bindingTableLines } from './binding-table';
import { FUNCTIONS_PROGRAM } from './functions-program.generated';
import { functionsTable, functionsTableLines } from './functions-table';
import type { NodeFile, NodeUnit } from './ignition';
import { functionsUnit, vgpusUnit } from './maker-units';
import { verifyUnit } from './verify-unit';
import { VGPUS_PROGRAM } from './vgpus-program.generated';
import { vgpusTable, vgpusTableLines } from './vgpus-table';

/** A file with what a reviewer cannot read where its contents are encoded. */
export interface CommentedFile extends NodeFile {
  readonly kind: FileEffect['kind'];
  readonly comment: string;
}

/** Where hostdev's own programs and tables are on OpenShift: nobody else writes there. */
export const HOSTDEV_PATHS: ReadonlySet<string> = new Set([
  BIND_PROGRAM_PATH,
  BINDING_TABLE_PATH,
  FUNCTIONS_TABLE_PATH,
  functionsProgramPath('openshift') ?? '',
  VGPUS_TABLE_PATH,
  vgpusProgramPath('openshift') ?? '',
]);

/** The names of hostdev's own units. */
export const HOSTDEV_UNITS: ReadonlySet<string> = new Set([
  BIND_UNIT_NAME,
  FUNCTIONS_UNIT_NAME,
  VGPUS_UNIT_NAME,
  VERIFY_UNIT_NAME,
]);

/** The files of a unit's effects, in their order. */
export function nodeFiles({ effects }: Pick<PreparationUnit, 'effects'>): CommentedFile[] {
  return effects.files.map((file) => ({ kind: file.kind, ...nodeFile(file, effects) }));
}

/** The units of a unit's effects, enabled at boot. */
export function nodeUnits({ effects, platform }: Pick<PreparationUnit, 'effects' | 'platform'>): NodeUnit[] {
  return effects.units.map(({ kind }) => unitOf(kind, effects, platform));
}

function unitOf(
  kind: UnitEffect['kind'],
  { rows, virtualFunctions, vgpus }: Effects,
  platform: NodePlatform,
): NodeUnit {
  switch (kind) {
    case 'functions':
      return functionsUnit(virtualFunctions, platform);
    case 'vgpus':
      return vgpusUnit(vgpus, platform);
    case 'bind':
      return bindUnit(rows, platform);
    case 'verify':
      return verifyUnit(platform);
  }
}

/** What a reviewer should know of a unit. */
export const UNIT_COMMENTS: Readonly<Record<UnitEffect['kind'], string>> = {
  functions: commentText(
    'Runs at every boot, before anything is bound. A card that has another number of virtual functions already is refused: the unit',
    'fails and says so; the node comes up without them. On a node: hostdev-virtual-functions --check',
  ),
  vgpus: commentText(
    'Runs before kubelet at every boot. What is there already is never changed. When it refuses, the unit fails and says why; the node',
    'comes up without the vGPUs. On a node: hostdev-vgpus --check',
  ),
  bind: commentText(
    'Runs before kubelet at every boot. When it refuses, the unit fails and says why; the node comes up without the',
    'devices. On a node: hostdev-vfio-bind --check',
  ),
  verify: commentText(
    'Compares what is with the table at every boot, and changes nothing: /run/hostdev/verify.status says what it found.',
  ),
};

/** The lines of the file in modprobe.d. */
export function moduleOptions({ ids, softDependencies }: Pick<Effects, 'ids' | 'softDependencies'>): string[] {
  return [
    `options vfio-pci ids=${ids.join(',')}`,
    ...softDependencies.map((module) => `softdep ${module} pre: vfio-pci`),
  ];
}

function nodeFile({ kind, path }: FileEffect, effects: Effects): Omit<CommentedFile, 'kind'> {
  switch (kind) {
    case 'module-options': {
      const lines = moduleOptions(effects);
      return { path, mode: 0o644, text: textOf(lines), comment: commentText(...lines) };
    }
    case 'module-list':
      return { path, mode: 0o644, text: textOf(effects.modules), comment: commentText(...effects.modules) };
    case 'bind-program':
      return {
        path,
        mode: 0o755,
        text: BIND_PROGRAM,
        comment: commentText(
          'The program that binds by address, the same in every fleet. It checks every function of a node first and binds all',
          'of them or none; it never takes one that the host uses.',
        ),
      };
    case 'bind-table':
      return {
        path,
        mode: 0o644,
        text: bindingTable(effects.rows),
        comment: commentText(
          'scope address ids subsystem class serial companions purpose; - is not compared',
          ...bindingTableLines(effects.rows),
        ),
      };
    case 'functions-program':
      return {
        path,
        mode: 0o755,
        text: FUNCTIONS_PROGRAM,
        comment: commentText(
          'The program that makes virtual functions, the same in every fleet. It checks every card of a node first.',
        ),
      };
    case 'functions-table':
      return {
        path,
        mode: 0o644,
        text: functionsTable(effects.virtualFunctions),
        comment: commentText('scope id count', ...functionsTableLines(effects.virtualFunctions)),
      };
    case 'vgpus-program':
      return {
        path,
        mode: 0o755,
        text: VGPUS_PROGRAM,
        comment: commentText(
          'The program that makes vGPUs, the same in every fleet. It checks every card of a node first, and takes nothing from a guest.',
        ),
      };
    case 'vgpus-table':
      return {
        path,
        mode: 0o644,
        text: vgpusTable(effects.vgpus),
        comment: commentText('scope framework parent type count name', ...vgpusTableLines(effects.vgpus)),
      };
  }
}

function textOf(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
