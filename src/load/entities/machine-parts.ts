import {
  isJsonObject,
  isMachineSet,
  jsonAt,
  MACHINE_LAYOUTS,
  type JsonObject,
  type JsonValue,
  type MachineSetFields,
  type VirtualMachineKind,
} from '../../model';
import { mapOf } from './values';
import { countOf } from './virtual-machine';

/** An object that holds VMs, taken apart, except for the spec of the instance. */
export interface MachineParts {
  readonly metadata: JsonObject;
  readonly templateMetadata: JsonObject;
  /** A VirtualMachine's own fields besides `template`. */
  readonly machine: JsonObject;
  /** Undefined where a pool or replica set does not say. */
  readonly replicas: number | undefined;
  readonly set: MachineSetFields | undefined;
}

/** Takes an object of one of the kinds that hold VMs apart. What is not of the form that the kind has counts as not written. */
export function partsOf(kind: VirtualMachineKind, content: JsonObject): MachineParts {
  const layout = MACHINE_LAYOUTS[kind];
  const spec = mapOf(content['spec']);
  const machine = layout.machine === undefined ? {} : mapOf(jsonAt(content, ...layout.machine));
  return {
    metadata: labelsAndAnnotations(content['metadata']),
    templateMetadata: labelsAndAnnotations(jsonAt(content, ...layout.metadata)),
    machine: without(machine, ['template']),
    replicas: countOf(spec['replicas']),
    set:
      isMachineSet(kind) && layout.template !== undefined
        ? {
            spec: without(spec, ['replicas', layout.template]),
            machineMetadata:
              layout.machine === undefined ? {} : labelsAndAnnotations(jsonAt(spec, layout.template, 'metadata')),
          }
        : undefined,
  };
}

/** The labels and annotations of some metadata; whatever else it holds is left out. */
export function labelsAndAnnotations(metadata: JsonValue | undefined): JsonObject {
  const { labels, annotations } = mapOf(metadata);
  return {
    ...(isJsonObject(labels) ? { labels } : {}),
    ...(isJsonObject(annotations) ? { annotations } : {}),
  };
}

function without(object: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([field]) => !fields.includes(field)));
}
