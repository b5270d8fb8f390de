import { ApiObject, Chart } from 'cdk8s';
import { Construct, type IConstruct } from 'constructs';
import { compileFleet, renderOutputs, SourceSet, type Compilation, type FleetOutputs } from '../compile';
import { hasSeverity } from '../diagnostics';
import { diskAccess, displayPath } from '../files';
import {
  apiVersionOf,
  kubernetesVersionOf,
  NEWEST_RELEASE,
  parseKubeVirtVersion,
  resourceApiVersion,
} from '../kubevirt';
import { fleetFromValue } from '../load';
import {
  NVIDIA_PLUGIN_NAME,
  OWN_NAMESPACE,
  PLUGIN_NAMESPACE_KEY,
  withOwnObjects,
  type Manifest,
  type ManifestSet,
} from '../manifests';
import { defaultOwnerIdentity, ownerLayout } from '../kubevirt';
import type { JsonObject } from '../model';
import { renderText } from '../report';
import type { CodePlace } from '../source';
import { brand, hasBrand } from './brand';
import { definedEntries } from './defined-entries';
import { FleetObject } from './fleet-object';
import type { FleetProps } from './fleet-props';
import { today, workingFolder } from './environment';
import { InvalidFleetError } from './invalid-fleet-error';
import { constructorCaller } from './place';
import { pluginObjects } from './plugin-objects';
import { FleetRegistry } from './registry';

/**
 * Nodes, devices and VMs declared together, compiled as one.
 *
 * A chart: `Testing.synth(fleet)`, `addJsonPatch` on its objects and `cdk8s synth` work as for any chart. Devices, pools and
 * VMs made in it hang themselves under `devices`, `pools` and `vms`, so that a device and a pool may share a name.
 *
 * @example
 * const fleet = new Fleet(app, 'lab', { nodePlatform: 'openshift', kubevirt: { version: '1.6' }, inventory: join(__dirname, 'inventory') });
 */
export class Fleet extends Chart {
  /** The patch of the object that KubeVirt's configuration is written into: KubeVirt's own, or HyperConverged. */
  readonly kubevirt: FleetObject;
  /** NVIDIA's device plugin: written where a node holds a device that names it. */
  readonly nvidiaDevicePlugin: FleetObject;
  /** @internal */
  readonly _registry: FleetRegistry;
  private readonly props: FleetProps;
  private readonly place: CodePlace;
  private readonly apiVersions = new Map<string, string>();
  private revision = 0;
  private isToBeWritten = false;
  private contents: { readonly of: ManifestSet; readonly byKey: ReadonlyMap<string, Manifest> } | undefined;
  private memo: { readonly key: string; readonly compilation: Compilation; readonly sources: SourceSet } | undefined;

  /** Declares an empty fleet. */
  constructor(scope: Construct, id: string, props: FleetProps) {
    super(scope, id);
    brand(this, 'Fleet');
    this.place = constructorCaller(new.target);
    this.props = props;
    this._registry = new FleetRegistry(this);
    const { apiVersion, kind } = ownerLayout(props.kubevirt);
    const usual = defaultOwnerIdentity(props.kubevirt.managedBy, props.nodePlatform);
    const { namespace = usual.namespace, name = usual.name } = props.kubevirt;
    this.kubevirt = this._object(this, 'kubevirt', 'kubevirt', { apiVersion, kind, name, namespace });
    const plugins = this._registry.scope('plugins');
    const ownNamespace = { apiVersion: 'v1', kind: 'Namespace', name: OWN_NAMESPACE };
    this._object(plugins, 'namespace', PLUGIN_NAMESPACE_KEY, ownNamespace);
    this.nvidiaDevicePlugin = pluginObjects(this, new Construct(plugins, 'nvidia'), {
      plugin: 'nvidia',
      name: NVIDIA_PLUGIN_NAME,
      namespace: props.nvidiaPlugin?.namespace,
    });
    this.node.addValidation({
      validate: () => {
        this._valid();
        return [];
      },
    });
  }

  /** Whether a value is a fleet, also one made by another loaded copy of this package. */
  static isFleet(value: unknown): value is Fleet {
    return isFleet(value);
  }

  /**
   * The fleet that a construct is in.
   *
   * @throws Error when there is none.
   */
  static override of(construct: Construct): Fleet {
    const fleet = fleetAround(construct);
    if (fleet === undefined) throw new Error(`${construct.node.path} is not inside a Fleet`);
    return fleet;
  }

  /**
   * The objects of the compiled fleet.
   *
   * @throws InvalidFleetError when the fleet has findings at error level.
   */
  override toJson(): unknown[] {
    return super.toJson().filter((object: unknown) => object !== undefined);
  }

  /**
   * @internal
   * @throws Error when the device belongs to another fleet: its name may be another device's here.
   */
  _ownDevice<D extends Construct & { readonly name: string }>(device: D): D {
    if ((this._registry.find('devices', device.name) as unknown) !== device) {
      throw new Error(`device ${device.node.path} is not one of fleet ${this.node.path}`);
    }
    return device;
  }

  /** @internal */
  _watch(object: FleetObject): void {
    this._registry.watched.add(object);
    this._touch();
  }

  /** @internal */
  _touch(): void {
    this.revision++;
  }

  /** @internal The version in which the fleet's KubeVirt takes one of its kinds. */
  _apiVersionOf(kind: string): string {
    let known = this.apiVersions.get(kind);
    if (known === undefined) {
      const version = parseKubeVirtVersion(this.props.kubevirt.version);
      const release = version.ok ? version.value.release : NEWEST_RELEASE;
      this.apiVersions.set(kind, (known = apiVersionOf({ release }, kind) ?? 'kubevirt.io/v1'));
    }
    return known;
  }

  /** @internal */
  _object(scope: Construct, id: string, key: string, head: ConstructorParameters<typeof FleetObject>[3]): FleetObject {
    return new FleetObject(scope, id, key, head, this);
  }

  /** @internal The version that the fleet's claims are written in. */
  _claimApiVersion(): string {
    const { kubernetesVersion, nodePlatform, nodePlatformVersion } = this.props;
    const version = kubernetesVersionOf({ kubernetesVersion, nodePlatform, nodePlatformVersion });
    return `resource.k8s.io/${resourceApiVersion(version ?? '') ?? 'v1'}`;
  }

  /** @internal */
  _contentOf(key: string): JsonObject | undefined {
    const { manifests } = this._valid();
    if (this.contents?.of !== manifests) {
      const byKey = new Map(manifests.manifests.map((manifest) => [manifest.key, manifest]));
      this.contents = { of: manifests, byKey };
    }
    // a copy: VMs share what they have in common, and people cut from what they compare with a snapshot
    return structuredClone(this.contents.byKey.get(key)?.content);
  }

  /** @internal Says that the outputs will be asked for. */
  _announceWriting(): void {
    this.isToBeWritten = true;
  }

  /**
   * @internal
   * @param programs - the objects that the program made here or further up, where somebody has looked for them
   */
  _outputs(programs: readonly ApiObject[] = programsObjects(this.node.findAll())): FleetOutputs {
    const { name, manifests, rendered, analysis } = this._valid();
    const own = programs.filter((object) => fleetAround(object) === this);
    return renderOutputs(
      name,
      withOwnObjects(
        manifests,
        own.map((object) => object.toJson() as JsonObject),
      ),
      { rendered, analysis },
    );
  }

  /** @internal One compilation per revision: cdk8s validates once and once more per chart. */
  _compile(): { readonly compilation: Compilation; readonly sources: SourceSet } {
    const plugins = this._registry.renderPlugins();
    const key = [this.revision, plugins.key, ...this._registry.changeKeys()].join('\n');
    if (this.memo?.key !== key) {
      const loaded = fleetFromValue(this.declare(), {
        placeOf: (pointer) => this._registry.placeOf(pointer, this.place),
        placesInEntry: (section, name) => this._registry.placesInEntry(section, name, this.place),
        files: diskAccess(),
        inventory: this.props.inventory === undefined ? undefined : displayPath(this.props.inventory, workingFolder()),
        current: this.props.current === undefined ? undefined : displayPath(this.props.current, workingFolder()),
        vendorPlugins: plugins.plugins,
      });
      const sources = new SourceSet(loaded.sources, diskAccess(), (path) => displayPath(path, workingFolder()));
      const changed = new Map(Array.from(this._registry.watched, (object) => [object._key, object]));
      const compilation = compileFleet({
        fleet: loaded.fleet,
        problems: loaded.problems,
        locate: (place) => sources.locate(place),
        suppressions: { sources, today: today() },
        ...(changed.size === 0 ? {} : { patch: (manifest) => changed.get(manifest.key)?._patched(manifest) }),
        renders: this.isToBeWritten,
      });
      this.memo = { key, compilation, sources };
    }
    return this.memo;
  }

  /** @internal Whether there are outputs. */
  _isValid(): boolean {
    return this._compile().compilation.manifests !== undefined;
  }

  /** @internal */
  _valid(): { readonly name: string; readonly manifests: ManifestSet } & Pick<Compilation, 'rendered' | 'analysis'> {
    const { compilation, sources } = this._compile();
    const { report, manifests, fleet, rendered, analysis } = compilation;
    if (hasSeverity(report, 'error') || manifests === undefined || fleet === undefined) {
      throw new InvalidFleetError(
        report,
        renderText(report, (file) => sources.get(file)),
      );
    }
    return { name: fleet.name, manifests, rendered, analysis };
  }

  private declare(): unknown {
    const {
      name,
      nodePlatform,
      nodePlatformVersion,
      kubernetesVersion,
      kubevirt,
      operators,
      gitops,
      nvidiaPlugin,
      inventory: _inventory,
      current: _current,
      talosSchematic,
      manifests,
      ...unknown
    } = this.props;
    return {
      apiVersion: 'hostdev/v1alpha1',
      kind: 'Fleet',
      metadata: { name: name ?? this.node.id },
      spec: definedEntries({
        cluster: definedEntries({
          nodePlatform,
          nodePlatformVersion,
          kubernetesVersion,
          kubevirt: definedEntries({ ...kubevirt }),
          operators,
          talosSchematic: talosSchematic === undefined ? undefined : displayPath(talosSchematic, workingFolder()),
          gitops: gitops === undefined ? undefined : definedEntries(gitops),
        }),
        ...this._registry.declare({
          devicePlugins: nvidiaPlugin === undefined ? {} : { nvidia: definedEntries({ ...nvidiaPlugin }) },
        }),
        manifests: manifests?.map((pattern) => displayPath(pattern, workingFolder())),
        // keys that no property knows go along: the loader reports them, as it does for YAML
        ...unknown,
      }),
    };
  }
}

/** Outside of the class: one that mentions itself gets another name in the bundled library. */
function isFleet(value: unknown): value is Fleet {
  return hasBrand(value, 'Fleet');
}

/** The fleet that a construct is or is in; undefined where there is none. */
export function fleetAround(construct: IConstruct): Fleet | undefined {
  // upwards, one by one: each of thousands would keep the list that `scopes` makes
  for (let scope: IConstruct | undefined = construct; scope !== undefined; scope = scope.node.scope)
    if (isFleet(scope)) return scope;
  return undefined;
}

/** The objects among these constructs that the user's program made itself, in their order. */
export function programsObjects(constructs: readonly IConstruct[]): ApiObject[] {
  return constructs
    .filter((construct) => ApiObject.isApiObject(construct) && !hasBrand(construct, 'FleetObject'))
    .map((construct) => ApiObject.of(construct));
}
