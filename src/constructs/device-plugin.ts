import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import type { DaemonSet } from 'cdk8s-plus-28';
import type { VendorDevicePlugin } from '../model';
import type { CodePlace } from '../source';
import { brand, hasBrand } from './brand';
import { definedEntries } from './defined-entries';
import { Fleet } from './fleet';
import type { FleetObject } from './fleet-object';
import { constructorCaller } from './place';
import { pluginObjects } from './plugin-objects';
import type { DevicePluginProps } from './plugin-props';
import { constructId, splitObjects } from './registry';

const KNOWN_PLUGINS: readonly string[] = ['kubevirt', 'nvidia', 'none'];

/**
 * Another vendor's device plugin: an image with what it needs of the node, or a cdk8s-plus DaemonSet. A device names it in
 * `devicePlugin`.
 *
 * @example
 * const plugin = new DevicePlugin(fleet, 'acme', { image: 'registry.example.com/acme/kubevirt-device-plugin:2.3.1' });
 */
export class DevicePlugin extends Construct {
  /** The plugin's name in the fleet. */
  readonly name: string;
  /** The DaemonSet of a plugin that is described by its image; undefined: the program made it, and has it. */
  readonly daemonSet: FleetObject | undefined;

  /**
   * A function that makes a DaemonSet is called at once; what it makes is rendered when the fleet compiles, so it may still be changed.
   *
   * @throws Error when the id is the name of a plugin that the fleet knows by itself, or has.
   */
  constructor(scope: Construct, id: string, props: DevicePluginProps) {
    if (KNOWN_PLUGINS.includes(id))
      throw new Error(`a device plugin cannot be called \`${id}\`: that word has a meaning of its own`);
    super(Fleet.isFleet(scope) ? scope._registry.scope('plugins') : scope, constructId(id));
    brand(this, 'DevicePlugin');
    this.name = id;
    const place = constructorCaller(new.target);
    const fleet = Fleet.of(this);
    if (props.daemonSet === undefined) {
      const { daemonSet: _none, ...described } = props;
      fleet._registry.add('devicePlugins', id, { _value: () => definedEntries(described), _place: place });
      this.daemonSet = pluginObjects(fleet, this, { plugin: id, name: id, namespace: props.namespace });
    } else {
      fleet._registry.addPlugin(new DaemonSetPlugin(id, props.daemonSet, place));
    }
    fleet._touch();
  }

  /** Whether a value is a device plugin, also one made by another loaded copy of this package. */
  static isDevicePlugin(value: unknown): value is DevicePlugin {
    return hasBrand(value, 'DevicePlugin');
  }
}

/** A DaemonSet of the program's, in a tree of its own: its objects reach the output once, through the fleet. */
class DaemonSetPlugin {
  readonly name: string;
  private readonly chart: Chart;
  private readonly place: CodePlace;

  constructor(name: string, make: (scope: Construct) => DaemonSet, place: CodePlace) {
    this.name = name;
    this.place = place;
    this.chart = new Chart(new App(), constructId(name), { disableResourceNameHashes: true });
    make(this.chart);
  }

  _render(): VendorDevicePlugin {
    const objects = this.chart.toJson() as unknown[];
    const { one, others } = splitObjects(objects, 'DaemonSet');
    if (one === undefined) throw new Error(`device plugin ${this.name}: the function made no DaemonSet`);
    return { name: this.name, daemonSet: one, companions: others, place: this.place };
  }
}
