import { stamp, type PlacedDiagnostic } from '../diagnostics';
import { parseKubeVirtVersion, takesMemoryBeside } from '../kubevirt';
import {
  compareNatural,
  instancetypeOf,
  isInstancetypeKind,
  jsonAt,
  type Cluster,
  type CurrentObject,
  type DeviceRequest,
  type Fleet,
  type JsonValue,
  type NodeInventory,
  type NodePool,
  type VendorDevicePlugin,
  type VirtualMachine,
} from '../model';
import type { Place } from '../source';
import { shortened } from './check/words';
import { placesBelow, type FleetDocument } from './document';
import { toCluster } from './entities/cluster';
import { toDevice } from './entities/device';
import { toImagePlugin, toNvidiaPluginSettings } from './entities/device-plugin';
import { toNodePool, type SchematicReader } from './entities/node-pool';
import { withNuma } from './entities/numa';
import { itemsOf, mapOf, textOf } from './entities/values';
import { toVirtualMachine } from './entities/virtual-machine';
import type { Entry, Sections } from './merge-sections';
import { besideOwn, machineIdentity, type ForeignMachines } from './manifests/foreign-machines';
import { DUPLICATE_VM_NAME } from './problems';
import { readManifest } from './read-manifest';
import { readSchematic } from './read-schematic';
import { resolvedPath, type TextStore } from './text-store';

/** Everything that a fleet is made of. */
export interface FleetParts {
  readonly document: FleetDocument;
  readonly sections: Sections;
  readonly current: readonly CurrentObject[] | undefined;
  readonly inventories: readonly NodeInventory[];
  readonly vendorPlugins: readonly VendorDevicePlugin[];
  /** The VMs that `manifests` names. */
  readonly foreign: ForeignMachines;
}

/** The name of a fleet that has none, which is an error. */
const NAMELESS = 'fleet';

/**
 * The model of a fleet whose documents have been checked. What cannot be used is left out, together with what refers to it, so
 * that one mistake gives one finding; every such thing has been reported.
 */
export function assembleFleet(
  parts: FleetParts,
  store: TextStore,
): { readonly fleet: Fleet; readonly problems: readonly PlacedDiagnostic[] } {
  const { document, sections, current, inventories, vendorPlugins } = parts;
  const problems: PlacedDiagnostic[] = [];
  const schematics = new Set<string>();
  const root = document.value as JsonValue;
  const cluster = toCluster(jsonAt(root, 'spec', 'cluster'), current, placesBelow(document, '/spec/cluster'));
  const devices = usable(sections.devices, ({ name, value, at }) => toDevice(name, value, inventories, at));
  const virtual = new Set(devices.usable.filter(({ kind }) => kind === 'vgpu').map(({ name }) => name));
  const schematicOf =
    (folder: string): SchematicReader =>
    (path, at) => {
      const ofCluster = textOf(jsonAt(root, 'spec', 'cluster', 'talosSchematic'));
      const named =
        path !== undefined
          ? { path: resolvedPath(folder, path), at }
          : ofCluster !== undefined
            ? { path: resolvedPath(document.folder, ofCluster), at: document.placeOf('/spec/cluster/talosSchematic') }
            : undefined;
      if (named === undefined) return undefined;
      const read = readSchematic(store, named.path, named.at);
      // several pools may name one file
      if (!schematics.has(named.path)) problems.push(...read.problems);
      schematics.add(named.path);
      return read.schematic;
    };
  const pools = usable(sections.nodePools, ({ name, value, at, folder }) => {
    const pool = toNodePool(name, value, at, cluster, schematicOf(folder));
    return pool && withMakers(pool, mapOf(value)['mediatedDevices'], virtual);
  });
  const machines = usable(sections.virtualMachines, (entry) => {
    const manifest = manifestOf(entry, store);
    problems.push(...manifest.problems);
    return toVirtualMachine(entry.name, entry.value, manifest.manifest, entry.at);
  });
  problems.push(...duplicateNames(machines.usable, sections.virtualMachines));
  const instancetypes = Object.freeze(
    [...(current ?? []), ...parts.foreign.instancetypes].filter(({ kind }) => isInstancetypeKind(kind)),
  );
  const own = machines.usable
    .filter(({ pool }) => pool === undefined || !pools.unusable.has(pool))
    .map((machine) => withNumaNeeds(withoutRequests(machine, devices.unusable), pools.usable, instancetypes, cluster));
  const foreign = besideOwn(machines.usable, parts.foreign);
  problems.push(...foreign.problems);
  const nvidia = sections.devicePlugins.find(({ name }) => name === 'nvidia');
  const imagePlugins = sections.devicePlugins
    .filter(({ name }) => name !== 'nvidia')
    .map(({ name, value, at }) => Object.freeze(toImagePlugin(name, value, at)));
  const fleet: Fleet = {
    name: textOf(jsonAt(root, 'metadata', 'name')) ?? NAMELESS,
    origin: 'declared',
    cluster,
    devices: Object.freeze(devices.usable),
    nvidiaPlugin: toNvidiaPluginSettings(nvidia?.value, nvidia?.at ?? placesBelow(document, '/spec')),
    imagePlugins: Object.freeze(imagePlugins),
    vendorPlugins: Object.freeze([...vendorPlugins].sort((a, b) => compareNatural(a.name, b.name))),
    nodePools: Object.freeze(pools.usable.map((pool) => withoutDevices(pool, devices.unusable))),
    virtualMachines: Object.freeze([...own, ...foreign.machines].sort((a, b) => compareNatural(a.id, b.id))),
    inventories: Object.freeze([...inventories]),
    instancetypes,
    place: document.placeOf(''),
  };
  return { fleet: Object.freeze(fleet), problems };
}

function usable<T>(
  entries: readonly Entry[],
  read: (entry: Entry) => T | undefined,
): { readonly usable: T[]; readonly unusable: ReadonlySet<string> } {
  const result: T[] = [];
  const unusable = new Set<string>();
  for (const entry of entries) {
    const entity = read(entry);
    if (entity === undefined) unusable.add(entry.name);
    else result.push(Object.freeze(entity));
  }
  return { usable: result, unusable };
}

function duplicateNames(machines: readonly VirtualMachine[], entries: readonly Entry[]): PlacedDiagnostic[] {
  const firstByName = new Map<string, VirtualMachine>();
  const placeOf = ({ id }: VirtualMachine): Place | undefined => {
    const entry = entries.find(({ name }) => name === id);
    return entry !== undefined && mapOf(entry.value)['name'] !== undefined ? entry.at('name') : entry?.atKey();
  };
  return machines.flatMap((machine) => {
    const identity = machineIdentity(machine);
    const first = firstByName.get(identity);
    if (first === undefined) {
      firstByName.set(identity, machine);
      return [];
    }
    return [
      stamp(DUPLICATE_VM_NAME, {
        message: `VM ${machine.id} is ${shortened(`${machine.namespace}/${machine.name}`)}, and so is VM ${first.id}`,
        primary: { at: placeOf(machine) ?? machine.place, text: 'names the same object' },
        secondary: [{ at: placeOf(first) ?? first.place, text: 'the first VM of this name' }],
      }),
    ];
  });
}

function manifestOf(entry: Entry, store: TextStore): ReturnType<typeof readManifest> {
  const { manifest, spec } = mapOf(entry.value);
  if (typeof manifest !== 'string' || spec !== undefined) return { manifest: undefined, problems: [] };
  return readManifest(store, entry, manifest);
}

/** virt-handler makes mediated devices only: a vGPU of another kind is made on the host, unless the fleet says by whom. */
function withMakers(pool: NodePool, written: JsonValue | undefined, virtual: ReadonlySet<string>): NodePool {
  if (virtual.size === 0 || !pool.mediatedDevices.some(({ device }) => virtual.has(device))) return pool;
  const declared = new Set(
    itemsOf(written).flatMap((item) => {
      const { device, createdBy } = mapOf(item);
      return createdBy === undefined ? [] : [device];
    }),
  );
  return {
    ...pool,
    mediatedDevices: pool.mediatedDevices.map((use) =>
      virtual.has(use.device) && !declared.has(use.device) ? { ...use, createdBy: 'host' } : use,
    ),
  };
}

function withoutDevices(pool: NodePool, unusable: ReadonlySet<string>): NodePool {
  if (unusable.size === 0) return pool;
  const keep = ({ device }: { readonly device: string }): boolean => !unusable.has(device);
  return Object.freeze({
    ...pool,
    passthrough: pool.passthrough.filter(keep),
    mediatedDevices: pool.mediatedDevices.filter(keep),
    usb: pool.usb.filter(keep),
  });
}

/** What an instancetype states is its own: KubeVirt refuses a VM that states it too. One that is not seen may state anything. */
function withNumaNeeds(
  machine: VirtualMachine,
  pools: readonly NodePool[],
  instancetypes: readonly CurrentObject[],
  cluster: Cluster,
): VirtualMachine {
  const { numa, spec } = machine;
  if (numa === undefined) return machine;
  const instancetype = instancetypeOf(instancetypes, machine);
  if (machine.machine['instancetype'] !== undefined && instancetype === undefined) return machine;
  const stated = jsonAt(instancetype?.content, 'spec');
  const version = parseKubeVirtVersion(cluster.kubevirt.version);
  const takesMemory = instancetype === undefined || !version.ok || takesMemoryBeside(version.value.release);
  return Object.freeze({ ...machine, spec: withNuma(spec, numa, pageSizeFor(machine, pools), stated, takesMemory) });
}

/** The only size of huge pages that the pools have in which a VM may run. */
function pageSizeFor({ node, pool }: VirtualMachine, pools: readonly NodePool[]): string | undefined {
  const possible = pools.filter(
    ({ name, nodes }) =>
      (pool === undefined || pool === name) && (node === undefined || nodes.some((one) => one.name === node)),
  );
  const sizes = new Set(possible.flatMap(({ hugepages }) => hugepages.map(({ size }) => size)));
  return sizes.size === 1 ? [...sizes][0] : undefined;
}

function withoutRequests(machine: VirtualMachine, unusable: ReadonlySet<string>): VirtualMachine {
  if (unusable.size === 0) return machine;
  const keep = ({ device }: DeviceRequest): boolean => device === undefined || !unusable.has(device);
  return Object.freeze({ ...machine, gpus: machine.gpus.filter(keep), hostDevices: machine.hostDevices.filter(keep) });
}
