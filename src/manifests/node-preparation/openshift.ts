/*
 * Effects as OpenShift takes them: a MachineConfig for kernel arguments, one for files and the unit, and the
 * MachineConfigPool where it is not one that comes with the cluster. Facts: node-prep.md part 1.
 */
import { unitConfigNames, type KernelArgumentEffect, type PreparationUnit } from '../../analysis';
import { isJsonObject, type JsonObject } from '../../model';
import { ROLE_LABEL, selectsLabels, type MachineConfig } from '../../openshift';
import { appendToPointer, placeAt, type Place, type Pointer } from '../../source';
import { commentText } from '../comment';
import { unitKeys } from '../keys';
import type { Manifest } from '../manifest';
import { objectFile, outputPath } from '../output-path';
import { KEPT_WHEN_DROPPED, PARTLY_OURS } from '../protection';
import { traceBy } from '../trace';
import { adoptedConfig, restOfAdopted } from './adopted-spec';
import type { NodePreparation } from './back-end';
import { ignitionConfig, ignitionVersion } from './ignition';
import { nodeFiles, nodeUnits, UNIT_COMMENTS } from './node-files';

/** The API of MachineConfig and MachineConfigPool. */
export const MACHINE_CONFIG_API = 'machineconfiguration.openshift.io/v1';

const AS_LIVE = 'as the live pool has it';

/** A part of a MachineConfig's spec; comments and places by pointers below `/spec`. */
interface SpecPart {
  readonly spec: JsonObject;
  readonly comments: ReadonlyMap<Pointer, string>;
  readonly places: ReadonlyMap<Pointer, Place>;
}

/** The objects that prepare the nodes of one MachineConfigPool; none for effects that are empty, save a custom pool itself. */
export function prepareOpenshift(unit: PreparationUnit): NodePreparation {
  const keys = unitKeys(unit.name);
  const names = unitConfigNames(unit.name, unit.pools);
  const [early, late] = splitArguments(unit);
  const vfio = vfioPart(unit);
  const configs: Manifest[] = [];
  if (early.length > 0 && (late.length > 0 || vfio !== undefined) && names.kernelArguments === names.vfio) {
    configs.push(machineConfig(unit, keys.vfio, names.vfio, parts(unit.adopted.vfio, [...early, ...late], vfio)));
  } else {
    if (early.length > 0) {
      const own = parts(unit.adopted.kernelArguments, early, undefined);
      configs.push(machineConfig(unit, keys.kernelArguments, names.kernelArguments, own));
    }
    if (late.length > 0 || vfio !== undefined) {
      configs.push(machineConfig(unit, keys.vfio, names.vfio, parts(unit.adopted.vfio, late, vfio)));
    }
  }
  if (unit.effects.kubelet.length > 0) configs.push(kubeletConfig(unit, keys.kubelet));
  if (unit.isCustom) configs.push(machineConfigPool(unit, keys.machineConfigPool));
  return { manifests: configs, files: [] };

  function parts(
    live: MachineConfig | undefined,
    kernelArguments: readonly KernelArgumentEffect[],
    files: SpecPart | undefined,
  ): SpecPart[] {
    const own = [
      ...(kernelArguments.length === 0 ? [] : [kernelArgumentsPart(unit, kernelArguments)]),
      ...(files === undefined ? [] : [files]),
    ];
    return live === undefined ? own : [restPart(live, files === undefined), ...own];
  }
}

/**
 * The arguments of the two objects. All of them are in the first, except those that an adopted object has beside its files: the order over
 * all objects of the pool is compared, so they stay where they are.
 */
function splitArguments({ adopted, effects }: PreparationUnit): [KernelArgumentEffect[], KernelArgumentEffect[]] {
  const isIn = (config: MachineConfig | undefined, { argument }: KernelArgumentEffect): boolean =>
    config?.kernelArguments.some(({ text }) => text === argument) === true;
  const isLate = (one: KernelArgumentEffect): boolean => isIn(adopted.vfio, one) && !isIn(adopted.kernelArguments, one);
  return [effects.kernelArguments.filter((one) => !isLate(one)), effects.kernelArguments.filter(isLate)];
}

/** What an adopted object has besides, and its config where nothing of the fleet goes into it. */
function restPart(live: MachineConfig, withConfig: boolean): SpecPart {
  const { rest, config } = restOfAdopted(live);
  return {
    spec: withConfig && Object.keys(config).length > 0 ? { ...rest, config } : rest,
    comments: new Map(
      Object.keys(rest).map((key) => [appendToPointer('', key), 'not from this fleet: kept from the live object']),
    ),
    places: new Map(),
  };
}

function machineConfig(unit: PreparationUnit, key: string, name: string, parts: readonly SpecPart[]): Manifest {
  const spec = Object.assign({}, ...parts.map((part) => part.spec)) as JsonObject;
  // hostdev writes no `${`; what people wrote before may have it, and Flux would put something else there
  const isSubstituted = JSON.stringify(spec).includes('${');
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
        labels: { [ROLE_LABEL]: unit.name },
        annotations: {
          ...KEPT_WHEN_DROPPED,
          ...(isSubstituted ? { 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' } : {}),
        },
      },
      spec,
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
function kernelArgumentsPart(unit: PreparationUnit, kernelArguments: readonly KernelArgumentEffect[]): SpecPart {
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

function vfioPart(unit: PreparationUnit): SpecPart | undefined {
  const files = nodeFiles(unit);
  if (files.length === 0) return undefined;
  const passthrough = unit.strategies[0]?.passthrough.place;
  const places = new Map(passthrough === undefined ? [] : [['/config', passthrough]]);
  const version = ignitionVersion(unit.platformVersion);
  if (unit.adopted.vfio !== undefined) return { ...adoptedConfig(unit, unit.adopted.vfio, version), places };
  const units = nodeUnits(unit);
  const comments = new Map<Pointer, string>(
    files.map(({ comment }, index) => [`/config/storage/files/${index}`, comment]),
  );
  unit.effects.units.forEach(({ kind }, index) => {
    comments.set(`/config/systemd/units/${index}`, UNIT_COMMENTS[kind]);
  });
  return { spec: { config: ignitionConfig(version, files, units) }, comments, places };
}

/**
 * The kubelet's settings. It selects pools by a label that nothing adds to a custom pool: the emitted MachineConfigPool carries it
 * (node-prep.md fact 45). Where `systemReserved` is set, sizing it automatically is turned off, which is on for workers otherwise and
 * refuses both (facts 49 and 50).
 */
function kubeletConfig(unit: PreparationUnit, key: string): Manifest {
  const { kubelet } = unit.effects;
  const name = `100-${unit.name}-kubelet`;
  const settings = Object.fromEntries(kubelet.map(({ field, value }) => [field, value]));
  return {
    key,
    path: outputPath('node-prep', unit.name, objectFile('KubeletConfig', name)),
    content: {
      apiVersion: MACHINE_CONFIG_API,
      kind: 'KubeletConfig',
      metadata: { name, annotations: KEPT_WHEN_DROPPED },
      spec: {
        machineConfigPoolSelector: {
          matchLabels: { [`pools.operator.machineconfiguration.openshift.io/${unit.name}`]: '' },
        },
        ...(Object.hasOwn(settings, 'systemReserved') ? { autoSizingReserved: false } : {}),
        kubeletConfig: settings,
      },
    },
    comments: new Map(kubelet.map(({ field, reason }) => [pointerTo(field), commentText(reason)] as const)),
    modelPath: modelPathOf(unit),
    trace: traceBy(new Map(kubelet.map(({ field, place }) => [pointerTo(field), place] as const)), ownPlace(unit)),
  };
}

function pointerTo(field: string): Pointer {
  return appendToPointer('/spec/kubeletConfig', field);
}

/**
 * A custom pool: the API lets it in only when it selects `worker` as well, so its nodes get the workers' configs too.
 * `spec.configuration` is the render controller's.
 */
function machineConfigPool(unit: PreparationUnit, key: string): Manifest {
  const { name } = unit;
  const { nodeSelector, machineConfigSelector } = adoptedSelectors(unit);
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
        machineConfigSelector: machineConfigSelector ?? {
          matchExpressions: [{ key: ROLE_LABEL, operator: 'In', values: [...new Set(['worker', name])] }],
        },
        nodeSelector: nodeSelector ?? { matchLabels: { [`node-role.kubernetes.io/${name}`]: '' } },
        ...(limited?.maxUnavailable === undefined ? {} : { maxUnavailable: limited.maxUnavailable }),
      },
    },
    comments: new Map([
      [
        '/metadata/labels',
        'what KubeletConfig and PerformanceProfile select pools by; nothing adds it to a custom pool',
      ],
      [
        '/spec/machineConfigSelector',
        machineConfigSelector === undefined
          ? "a custom pool gets the workers' configs too: the API refuses one that does not"
          : AS_LIVE,
      ],
      [
        '/spec/nodeSelector',
        nodeSelector === undefined ? 'a node joins by this label, and keeps the label of worker' : AS_LIVE,
      ],
    ]),
    modelPath: modelPathOf(unit),
    trace: traceBy(
      new Map(limited === undefined ? [] : [['/spec/maxUnavailable', placeAt(limited.place, 'maxUnavailable')]]),
      ownPlace(unit),
    ),
  };
}

/** The selectors of a pool that was there before the fleet: other ones would move nodes, or take configs away from them. */
function adoptedSelectors({ name, adopted: { pool } }: PreparationUnit): {
  readonly nodeSelector: JsonObject | undefined;
  readonly machineConfigSelector: JsonObject | undefined;
} {
  const { nodeSelector, machineConfigSelector } = pool ?? {};
  return {
    nodeSelector: isJsonObject(nodeSelector) ? nodeSelector : undefined,
    machineConfigSelector:
      isJsonObject(machineConfigSelector) && selectsLabels(machineConfigSelector, { [ROLE_LABEL]: name })
        ? machineConfigSelector
        : undefined,
  };
}

function modelPathOf(unit: PreparationUnit): string {
  return unit.pools.map(({ name }) => `nodePools.${name}`).join(', ');
}

function ownPlace(unit: PreparationUnit): Place {
  return unit.pools[0]?.place ?? { kind: 'file', file: '' };
}
