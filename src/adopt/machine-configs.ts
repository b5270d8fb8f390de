/*
 * Which MachineConfigs of a pool a fleet can write in the place of their author. One that it cannot write the same stays with its owner,
 * and what it binds is bound `external`.
 */
import { compareText, type PciId } from '../model';
import {
  BINDING_TABLE_PATH,
  loadsVfioPci,
  vfioIdSources,
  type MachineConfig,
  type MachineConfigPool,
  type VfioIdSource,
} from '../openshift';
import type { LeftList } from './left-objects';
import { isDnsName } from './names';

const IOMMU_ARGUMENT = /^(?:intel_iommu|amd_iommu|iommu|iommu\.passthrough)=/;
const ID_LIST_ARGUMENT = /^vfio[-_]pci\.ids=/;
/** What the machine-config-operator's controllers, or another operator, write themselves (node-prep.md fact 6). */
const GENERATED_NAME =
  /^(?:rendered-|00-|01-|97-.+-generated-|98-.+-generated-|99-.+-generated-|99-.+-ssh$|50-nto-|50-performance-)/;
const GENERATED_BY = 'machineconfiguration.openshift.io/generated-by-controller-version';

/** The MachineConfigs of a pool that a fleet takes over. */
export interface AdoptableConfigs {
  readonly kernelArguments: MachineConfig | undefined;
  readonly vfio: MachineConfig | undefined;
  /** The ids that it gives to vfio-pci, in their order; empty where it has no list that counts. */
  readonly ids: readonly PciId[];
  /** The list of ids that the nodes get, whoever wrote it. */
  readonly effective: VfioIdSource | undefined;
  /** The arguments of both, in the order in which they are merged. */
  readonly arguments: readonly string[];
}

/** Whether a controller writes a MachineConfig, and not people. */
export function isGenerated({ name, ownedBy, object }: MachineConfig): boolean {
  const annotations = (object.content['metadata'] as { annotations?: Record<string, unknown> } | undefined)
    ?.annotations;
  return ownedBy !== undefined || GENERATED_NAME.test(name) || annotations?.[GENERATED_BY] !== undefined;
}

/** Whether a MachineConfig says anything about host devices: ids for vfio-pci, its loading, the IOMMU. */
export function concernsDevices(config: MachineConfig): boolean {
  return (
    vfioIdSources({ configs: [config] }).length > 0 ||
    config.files.some(loadsVfioPci) ||
    config.kernelArguments.some(({ text }) => IOMMU_ARGUMENT.test(text))
  );
}

/** Chooses among the MachineConfigs of a pool's own role; why another one that concerns devices is not taken goes into `left`. */
export function adoptableConfigs(pool: MachineConfigPool, left: LeftList): AdoptableConfigs {
  const own = pool.configs.filter(({ role }) => role === pool.name);
  const effective = vfioIdSources(pool).at(-1);
  const binder =
    own.filter(({ files }) => files.some(({ path }) => path === BINDING_TABLE_PATH)).at(-1) ??
    (effective?.path !== undefined && own.includes(effective.config) ? effective.config : undefined);
  const vfio = takenOrLeft(binder, left, narrowedReason(binder, effective));
  const switches = own.find(
    (config) => config !== vfio && config.kernelArguments.some(({ text }) => IOMMU_ARGUMENT.test(text)),
  );
  const kernelArguments = takenOrLeft(switches, left);
  const taken = [kernelArguments, vfio].flatMap((config) => config ?? []).sort((a, b) => compareText(a.name, b.name));
  return {
    kernelArguments,
    vfio,
    ids: vfio !== undefined && effective?.config === vfio && effective.path !== undefined ? effective.ids : [],
    effective,
    arguments: taken.flatMap((config) => config.kernelArguments.map(({ text }) => text)),
  };
}

function narrowedReason(config: MachineConfig | undefined, list: VfioIdSource | undefined): string | undefined {
  if (config === undefined || list?.config !== config) return undefined;
  const entries = list.text.split(',').filter((entry) => entry !== '');
  return entries.length === list.ids.length && new Set(list.ids).size === list.ids.length
    ? undefined
    : 'its list of ids has an entry that is narrowed, malformed, or there twice';
}

function takenOrLeft(
  config: MachineConfig | undefined,
  left: LeftList,
  reason = config === undefined ? undefined : reasonAgainst(config),
): MachineConfig | undefined {
  if (config === undefined || reason === undefined) return config;
  left.addObject(config.object, reason);
  return undefined;
}

function reasonAgainst(config: MachineConfig): string | undefined {
  if (config.ownedBy !== undefined) return `its owner is a ${config.ownedBy}`;
  if (isGenerated(config)) return 'a controller writes it';
  if (!isDnsName(config.name)) return 'its name is no DNS name';
  const texts = config.kernelArguments.map(({ text }) => text);
  if (texts.some((text) => ID_LIST_ARGUMENT.test(text)))
    return 'it binds by a kernel argument, which hostdev does not write: the devices are taken over as bound by others';
  if (texts.some((text) => /[\s"'\\]/.test(text) || text === '')) return 'a kernel argument holds a blank or a quote';
  if (
    new Set(texts.filter((text) => !/^hugepages(?:z)?=/.test(text))).size !==
    texts.filter((text) => !/^hugepages(?:z)?=/.test(text)).length
  )
    return 'it has a kernel argument twice';
  return undefined;
}
