/*
 * Effects as OpenShift takes them: a MachineConfig for kernel arguments, one for files and the unit, and the
 * MachineConfigPool where it is not one that comes with the cluster. Facts: node-prep.md part 1.
 */
import {
  BIND_PROGRAM_PATH,
  BINDING_TABLE_PATH,
  MODPROBE_PATH,
  MODULES_LOAD_PATH,
  unitConfigNames,
  type PreparationUnit,
} from '../../analysis';
import type { Cluster, JsonObject } from '../../model';
import { placeAt, type Place, type Pointer } from '../../source';
import { commentText } from '../comment';
import { unitKeys } from '../keys';
import type { Manifest } from '../manifest';
import { objectFile, outputPath } from '../output-path';
import { KEPT_WHEN_DROPPED, PARTLY_OURS } from '../protection';
import { traceBy } from '../trace';
import { BIND_PROGRAM } from './bind-program.generated';
import { bindUnit } from './bind-unit';
import { bindingTable, bindingTableLines } from './binding-table';
import { ignitionConfig, ignitionVersion, type NodeFile } from './ignition';
import { verifyUnit } from './verify-unit';

/** The API of MachineConfig and MachineConfigPool. */
export const MACHINE_CONFIG_API = 'machineconfiguration.openshift.io/v1';

interface CommentedFile extends NodeFile {
  /** What a reviewer cannot read in base64. */
  readonly comment: string;
}

/** A part of a MachineConfig's spec; comments and places by pointers below `/spec`. */
interface SpecPart {
  readonly spec: JsonObject;
  readonly comments: ReadonlyMap<Pointer, string>;
  readonly places: ReadonlyMap<Pointer, Place>;
}

/** The objects that prepare the nodes of one MachineConfigPool; none for effects that are empty, save a custom pool itself. */
export function prepareOpenshift(unit: PreparationUnit, cluster: Cluster): Manifest[] {
  const keys = unitKeys(unit.name);
  const names = unitConfigNames(unit.name, unit.pools);
  const kernelArguments = kernelArgumentsPart(unit);
  const vfio = vfioPart(unit, cluster);
  const configs: Manifest[] = [];
  if (kernelArguments !== undefined && vfio !== undefined && names.kernelArguments === names.vfio) {
    configs.push(machineConfig(unit, keys.vfio, names.vfio, [kernelArguments, vfio]));
  } else {
    if (kernelArguments !== undefined) {
      configs.push(machineConfig(unit, keys.kernelArguments, names.kernelArguments, [kernelArguments]));
    }
    if (vfio !== undefined) configs.push(machineConfig(unit, keys.vfio, names.vfio, [vfio]));
  }
  if (unit.isCustom) configs.push(machineConfigPool(unit, keys.machineConfigPool));
  return configs;
}

function machineConfig(unit: PreparationUnit, key: string, name: string, parts: readonly SpecPart[]): Manifest {
  const below = <T>(of: (part: SpecPart) => ReadonlyMap<Pointer, T>): Map<Pointer, T> =>
    new Map(parts.flatMap((part) => [...of(part)].map(([pointer, value]) => [`/spec${pointer}`, value] as const)));
  return {
    key,
    path: outputPath('node-prep', unit.name, objectFile('MachineConfig', name)),
    content: {
      apiVersion: MACHINE_CONFIG_API,
      kind: 'MachineConfig',
      metadata: {
        name,
        // without it the config is in no pool, and nothing says so
        labels: { 'machineconfiguration.openshift.io/role': unit.name },
        annotations: KEPT_WHEN_DROPPED,
      },
      spec: Object.assign({}, ...parts.map(({ spec }) => spec)) as JsonObject,
    },
    comments: below(({ comments }) => comments),
    modelPath: modelPathOf(unit),
    trace: traceBy(
      below(({ places }) => places),
      ownPlace(unit),
    ),
  };
}

/**
 * One argument an entry: the node compares them split at blanks. The order is compared too, so it is the analysis's.
 * No `config`: without `ignition.version` it stops the whole pool (node-prep.md fact 18).
 */
function kernelArgumentsPart(unit: PreparationUnit): SpecPart | undefined {
  const { kernelArguments } = unit.effects;
  if (kernelArguments.length === 0) return undefined;
  const places = new Map<Pointer, Place>();
  kernelArguments.forEach(({ argument }, index) => {
    const declared = unit.pools.flatMap((pool) => pool.kernelArguments).find(({ text }) => text === argument);
    if (declared !== undefined) places.set(`/kernelArguments/${index}`, declared.place);
  });
  return {
    spec: { kernelArguments: kernelArguments.map(({ argument }) => argument) },
    comments: new Map(
      kernelArguments.map(({ reason }, index) => [`/kernelArguments/${index}`, commentText(reason)] as const),
    ),
    places,
  };
}

function vfioPart(unit: PreparationUnit, cluster: Cluster): SpecPart | undefined {
  const files = nodeFiles(unit);
  if (files.length === 0) return undefined;
  const units = unit.effects.rows.length === 0 ? [] : [bindUnit(unit.effects.rows), verifyUnit()];
  const comments = new Map<Pointer, string>(
    files.map(({ comment }, index) => [`/config/storage/files/${index}`, comment]),
  );
  if (units.length > 0) {
    comments.set(
      '/config/systemd/units/0',
      commentText(
        'Runs before kubelet at every boot. When it refuses, the unit fails and says why; the node comes up without the',
        'devices. On a node: hostdev-vfio-bind --check',
      ),
    );
    comments.set(
      '/config/systemd/units/1',
      commentText(
        'Compares what is with the table at every boot, and changes nothing: /run/hostdev/verify.status says what it found.',
      ),
    );
  }
  const passthrough = unit.strategies[0]?.passthrough.place;
  return {
    spec: { config: ignitionConfig(ignitionVersion(cluster.nodePlatformVersion), files, units) },
    comments,
    places: new Map(passthrough === undefined ? [] : [['/config', passthrough]]),
  };
}

function nodeFiles(unit: PreparationUnit): CommentedFile[] {
  const { ids, modules, rows, softDependencies } = unit.effects;
  const files: CommentedFile[] = [];
  if (ids.length > 0) {
    const lines = [
      `options vfio-pci ids=${ids.join(',')}`,
      ...softDependencies.map((module) => `softdep ${module} pre: vfio-pci`),
    ];
    files.push({ path: MODPROBE_PATH, mode: 0o644, text: textOf(lines), comment: commentText(...lines) });
  }
  if (modules.length > 0) {
    files.push({ path: MODULES_LOAD_PATH, mode: 0o644, text: textOf(modules), comment: commentText(...modules) });
  }
  if (rows.length > 0) {
    files.push(
      {
        path: BIND_PROGRAM_PATH,
        mode: 0o755,
        text: BIND_PROGRAM,
        comment: commentText(
          'The program that binds by address, the same in every fleet. It checks every function of a node first and binds all',
          'of them or none; it never takes one that the host uses.',
        ),
      },
      {
        path: BINDING_TABLE_PATH,
        mode: 0o644,
        text: bindingTable(rows),
        comment: commentText(
          'scope address ids subsystem class serial companions purpose; - is not compared',
          ...bindingTableLines(rows),
        ),
      },
    );
  }
  return files;
}

function textOf(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}

/**
 * A custom pool: the API lets it in only when it selects `worker` as well, so its nodes get the workers' configs too.
 * `spec.configuration` is the render controller's.
 */
function machineConfigPool(unit: PreparationUnit, key: string): Manifest {
  const { name } = unit;
  const limited = unit.pools.find(({ maxUnavailable }) => maxUnavailable !== undefined);
  return {
    key,
    path: outputPath('node-prep', name, objectFile('MachineConfigPool', name)),
    content: {
      apiVersion: MACHINE_CONFIG_API,
      kind: 'MachineConfigPool',
      metadata: {
        name,
        labels: { [`pools.operator.machineconfiguration.openshift.io/${name}`]: '' },
        annotations: PARTLY_OURS,
      },
      spec: {
        machineConfigSelector: {
          matchExpressions: [
            {
              key: 'machineconfiguration.openshift.io/role',
              operator: 'In',
              values: [...new Set(['worker', name])],
            },
          ],
        },
        nodeSelector: { matchLabels: { [`node-role.kubernetes.io/${name}`]: '' } },
        ...(limited?.maxUnavailable === undefined ? {} : { maxUnavailable: limited.maxUnavailable }),
      },
    },
    comments: new Map([
      [
        '/metadata/labels',
        'what KubeletConfig and PerformanceProfile select pools by; nothing adds it to a custom pool',
      ],
      ['/spec/machineConfigSelector', "a custom pool gets the workers' configs too: the API refuses one that does not"],
      ['/spec/nodeSelector', 'a node joins by this label, and keeps the label of worker'],
    ]),
    modelPath: modelPathOf(unit),
    trace: traceBy(
      new Map(limited === undefined ? [] : [['/spec/maxUnavailable', placeAt(limited.place, 'maxUnavailable')]]),
      ownPlace(unit),
    ),
  };
}

function modelPathOf(unit: PreparationUnit): string {
  return unit.pools.map(({ name }) => `nodePools.${name}`).join(', ');
}

function ownPlace(unit: PreparationUnit): Place {
  return unit.pools[0]?.place ?? { kind: 'file', file: '' };
}
