/* The instance that KubeVirt makes of a VM with an instancetype: what the VM leaves to it is filled in. */
import {
  alwaysInstancetypeOwned,
  instancetypeOwnedFields,
  instancetypeTopology,
  isStated,
  NEWEST_RELEASE,
  overcommittedRequest,
  parseKubeVirtVersion,
  type CpuTopology,
} from '../kubevirt';
import {
  copyOf,
  instanceAnnotations,
  instancetypeOf,
  isJsonObject,
  jsonAt,
  parseQuantity,
  type CurrentObject,
  type Fleet,
  type JsonObject,
  type JsonValue,
  type VirtualMachine,
} from '../model';

/** What an instancetype brings to a VM. */
export interface Inherited {
  readonly instancetype: CurrentObject;
  /** The spec of the instance, with it. What the VM states too is the VM's here: KubeVirt refuses such a VM. */
  readonly spec: JsonObject;
  /** The annotations of the instance, with it. */
  readonly annotations: JsonObject;
  /** The paths of the spec that it brought, joined by `/`, with where each comes from in the spec of the instancetype. */
  readonly origins: ReadonlyMap<string, readonly string[]>;
}

interface Addition {
  readonly own: readonly string[];
  readonly theirs: readonly string[];
  readonly value: JsonValue;
}

/** What its instancetype brings to a VM; undefined: it names none, or none that is known. */
export function inheritedBy(fleet: Fleet, machine: VirtualMachine): Inherited | undefined {
  const instancetype = instancetypeOf(fleet.instancetypes, machine);
  if (instancetype === undefined) return undefined;
  const theirs = jsonAt(instancetype.content, 'spec');
  const version = parseKubeVirtVersion(fleet.cluster.kubevirt.version);
  const release = version.ok ? version.value.release : NEWEST_RELEASE;
  const fields = instancetypeOwnedFields(release).flatMap((field): Addition[] => {
    const value = jsonAt(theirs, ...field.theirs);
    return value === undefined || value === null ? [] : [{ ...field, value }];
  });
  const added = [...fields, ...cpusOf(fleet, machine, theirs), ...requestOf(theirs)].filter(
    ({ own }) => !isStated(jsonAt(machine.spec, ...own)),
  );
  // CPUs that the VM counts itself are not counted twice
  const countsCpus = alwaysInstancetypeOwned(release).some(
    (path) => path[1] === 'cpu' && isStated(jsonAt(machine.spec, ...path)),
  );
  const taken = countsCpus ? added.filter(({ theirs: [part, field] }) => part !== 'cpu' || field !== 'guest') : added;
  const annotations = jsonAt(theirs, 'annotations');
  return {
    instancetype,
    spec: taken.reduce((spec, { own, value }) => withEntry(spec, own, value), machine.spec),
    annotations: { ...(isJsonObject(annotations) ? annotations : {}), ...instanceAnnotations(machine) },
    origins: new Map(taken.map(({ own, theirs: from }) => [own.join('/'), from])),
  };
}

function cpusOf(fleet: Fleet, machine: VirtualMachine, theirs: JsonValue | undefined): Addition[] {
  const cpus = jsonAt(theirs, 'cpu', 'guest');
  if (typeof cpus !== 'number' || !Number.isSafeInteger(cpus) || cpus < 1) return [];
  const preference = instancetypeOf(fleet.instancetypes, machine, 'preference');
  const isUnseen = machine.machine['preference'] !== undefined && preference === undefined;
  const spec = jsonAt(preference?.content, 'spec');
  // how many there are is known all the same
  const topology: CpuTopology = isUnseen
    ? { sockets: cpus }
    : instancetypeTopology(cpus, isJsonObject(spec) ? spec : undefined);
  return Object.entries(topology).map(([part, value]) => ({
    own: ['domain', 'cpu', part],
    theirs: ['cpu', 'guest'],
    value: value as number,
  }));
}

function requestOf(theirs: JsonValue | undefined): Addition[] {
  const percent = jsonAt(theirs, 'memory', 'overcommitPercent');
  const guest = parseQuantity(jsonAt(theirs, 'memory', 'guest'));
  if (typeof percent !== 'number' || percent <= 0 || !guest.ok) return [];
  return [
    {
      own: ['domain', 'resources', 'requests', 'memory'],
      theirs: ['memory', 'overcommitPercent'],
      value: overcommittedRequest(guest.value, percent),
    },
  ];
}

/** A copy with a value at a path; what is no map on the way gives way to one. */
function withEntry(object: JsonObject, [key = '', ...rest]: readonly string[], value: JsonValue): JsonObject {
  const copy = copyOf(object);
  const below = jsonAt(object, key);
  copy[key] = rest.length === 0 ? value : withEntry(isJsonObject(below) ? below : {}, rest, value);
  return copy;
}
