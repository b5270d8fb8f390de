import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import type { DaemonSet } from 'cdk8s-plus-28';
import type { VendorDevicePlugin } from '../model';
import type { CodePlace } from '../source';
import { brand, hasBrand } from './brand';
import { Fleet } from './fleet';
import { constructorCaller } from './place';
import { constructId, splitObjects, type PluginSource } from './registry';

const KNOWN_PLUGINS: readonly string[] = ['kubevirt', 'nvidia', 'none'];

/** Properties of {@link DevicePlugin}. */
export interface DevicePluginProps {
  /**
   * Makes the vendor's DaemonSet, and what it needs, in the scope that it is given.
   *
   * The fleet then sets where it runs (the nodes that hold a device naming it, with their taints) and a fixed selector. Mind
   * cdk8s-plus's defaults: 1 CPU, 512Mi, `runAsNonRoot`, a read-only root file system.
   */
  readonly daemonSet: (scope: Construct) => DaemonSet;
}

/**
 * Another vendor's device plugin, brought as a cdk8s-plus DaemonSet. A device names it in `devicePlugin`.
 *
 * @example
 * const plugin = new DevicePlugin(fleet, 'acme', { daemonSet: (scope) => new kplus.DaemonSet(scope, 'plugin', { ... }) });
 */
export class DevicePlugin extends Construct implements PluginSource {
  /** The plugin's name in the fleet. */
  readonly name: string;
  private readonly chart: Chart;
  private readonly place: CodePlace;

  /**
   * Calls the function at once; what it makes is rendered when the fleet compiles, so it may still be changed.
   *
   * @throws Error when the id is the name of a plugin that the fleet knows by itself.
   */
  constructor(scope: Construct, id: string, props: DevicePluginProps) {
    if (KNOWN_PLUGINS.includes(id))
      throw new Error(`a device plugin cannot be called \`${id}\`: that word has a meaning of its own`);
    super(Fleet.isFleet(scope) ? scope._registry.scope('plugins') : scope, constructId(id));
    brand(this, 'DevicePlugin');
    this.name = id;
    this.place = constructorCaller(new.target);
    // a tree of its own: its objects reach the output once, through the fleet
    this.chart = new Chart(new App(), constructId(id), { disableResourceNameHashes: true });
    props.daemonSet(this.chart);
    const fleet = Fleet.of(this);
    fleet._registry.addPlugin(this);
    fleet._touch();
  }

  /** Whether a value is a device plugin, also one made by another loaded copy of this package. */
  static isDevicePlugin(value: unknown): value is DevicePlugin {
    return hasBrand(value, 'DevicePlugin');
  }

  /** @internal */
  _render(): VendorDevicePlugin {
    const { one, others } = splitObjects(this.chart.toJson() as unknown[], 'DaemonSet');
    if (one === undefined) throw new Error(`${this.node.path}: the function made no DaemonSet`);
    return { name: this.name, daemonSet: one, companions: others, place: this.place };
  }
}
