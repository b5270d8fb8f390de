import { Construct } from 'constructs';
import { isJsonObject, type JsonObject, type JsonValue, type VendorDevicePlugin } from '../model';
import { pointerSegments, type Place, type Pointer } from '../source';
import type { FleetObject } from './fleet-object';

/** A part of the fleet document that a construct stands for. */
export interface Declared {
  /** Its value, as the YAML file would hold it. */
  readonly _value: () => JsonObject;
  readonly _place: Place;
  /** The place of a part further down, by its path below the entry; undefined where it has none of its own. */
  readonly _placeOf?: (path: readonly (string | number)[]) => Place | undefined;
}

/** A construct that renders a device plugin's objects. */
export interface PluginSource {
  readonly name: string;
  readonly _render: () => VendorDevicePlugin;
}

/** The objects of one MachineConfigPool. */
export interface PreparationObjects {
  readonly kernelArguments: FleetObject;
  readonly vfio: FleetObject;
  readonly kubelet: FleetObject;
  readonly machineConfigPool: FleetObject;
}

const SECTIONS = ['devices', 'devicePlugins', 'nodePools', 'virtualMachines'] as const;

/** The sections of a fleet document that constructs fill. */
export type Section = (typeof SECTIONS)[number];

/** Everything that was declared in a fleet, in one place, so that compiling does not walk the tree. */
export class FleetRegistry {
  /** The objects of MachineConfigPools, by their names. */
  readonly preparation = new Map<string, PreparationObjects>();
  /** Objects that were patched, or whose metadata was asked for, so that it may have been changed. */
  readonly watched = new Set<FleetObject>();
  private readonly entries = new Map<Section, Map<string, Declared>>(SECTIONS.map((section) => [section, new Map()]));
  private readonly plugins: PluginSource[] = [];
  private readonly scopes: Readonly<Record<'devices' | 'pools' | 'vms' | 'units' | 'plugins', Construct>>;

  /** Makes the scopes, so that one id may be a device and a pool. */
  constructor(fleet: Construct) {
    const scope = (id: string): Construct => new Construct(fleet, id);
    this.scopes = {
      devices: scope('devices'),
      pools: scope('pools'),
      vms: scope('vms'),
      units: scope('units'),
      plugins: scope('plugins'),
    };
  }

  /** Where a construct of a kind hangs itself when its scope is the fleet. */
  scope(kind: keyof FleetRegistry['scopes']): Construct {
    return this.scopes[kind];
  }

  /**
   * Adds an entry to a section.
   *
   * @throws Error when the section has an entry of that name.
   */
  add(section: Section, name: string, declared: Declared): void {
    const entries = this.entries.get(section);
    const isTaken =
      entries?.has(name) === true || (section === 'devicePlugins' && this.plugins.some((one) => one.name === name));
    if (isTaken) throw new Error(`the fleet already has an entry \`${name}\` in \`${section}\``);
    entries?.set(name, declared);
  }

  /** The entry of a section by its name; undefined where there is none. */
  find(section: Section, name: string): Declared | undefined {
    return this.entries.get(section)?.get(name);
  }

  /**
   * Adds a device plugin that the user's program makes.
   *
   * @throws Error when the fleet has one of that name.
   */
  addPlugin(plugin: PluginSource): void {
    if (this.plugins.some(({ name }) => name === plugin.name) || this.find('devicePlugins', plugin.name) !== undefined)
      throw new Error(`the fleet already has a device plugin \`${plugin.name}\``);
    this.plugins.push(plugin);
  }

  /** What the vendor plugins render to now, with a text that changes when any of them does. */
  renderPlugins(): { readonly plugins: readonly VendorDevicePlugin[]; readonly key: string } {
    const plugins = this.plugins.map((plugin) => plugin._render());
    return {
      plugins,
      key: JSON.stringify(plugins.map(({ name, daemonSet, companions }) => [name, daemonSet, companions])),
    };
  }

  /** What those objects look like now. */
  changeKeys(): string[] {
    return Array.from(this.watched, (object) => object._changeKey());
  }

  /**
   * The sections as the document holds them.
   *
   * @param more - entries that no construct stands for
   */
  declare(more: Partial<Record<Section, JsonObject>>): Record<string, JsonValue> {
    const sections: Record<string, JsonValue> = {};
    for (const [section, entries] of this.entries) {
      const values: Record<string, JsonValue> = Object.create(null) as Record<string, JsonValue>;
      for (const [name, value] of Object.entries(more[section] ?? {})) if (value !== undefined) values[name] = value;
      for (const [name, declared] of entries) values[name] = declared._value();
      if (Object.keys(values).length > 0) sections[section] = values;
    }
    return sections;
  }

  /**
   * The place of what stands at a pointer of the document: of the deepest part around it that a construct stands for.
   *
   * @param outside - of what no construct stands for
   */
  placeOf(pointer: Pointer, outside: Place): Place {
    const [, section = '', name = '', ...inside] = pointerSegments(pointer);
    return this.placesInEntry(section, name, outside)(...inside);
  }

  /** The same for everything in one entry of a section. */
  placesInEntry(section: string, name: string, outside: Place): (...path: readonly (string | number)[]) => Place {
    const declared = this.find(section as Section, name);
    return (...path) => declared?._placeOf?.(path) ?? declared?._place ?? outside;
  }
}

/** A construct id for a name: ids that look like integers would be reordered among their siblings. */
export function constructId(name: string): string {
  return /^[A-Za-z]/.test(name) ? name : `n${name}`;
}

/** The objects of a rendered chart, told apart by kind. */
export function splitObjects(
  objects: readonly unknown[],
  kind: string,
): { readonly one: JsonObject | undefined; readonly others: readonly JsonObject[] } {
  const known = objects.filter((object) => isJsonObject(object));
  const one = known.find((object) => object['kind'] === kind);
  return { one, others: known.filter((object) => object !== one) };
}
