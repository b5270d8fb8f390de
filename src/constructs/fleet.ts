import { Chart, type ChartProps } from 'cdk8s';
import { Construct } from 'constructs';
import { compileFleet, renderOutputs, SourceSet, type Compilation, type FleetOutputs } from '../compile';
import { hasSeverity } from '../diagnostics';
import { diskAccess, displayPath } from '../files';
import { fleetFromValue } from '../load';
import type { ManifestSet } from '../manifests';
import type { JsonObject, NodePlatform } from '../model';
import { renderText } from '../report';
import type { CodePlace } from '../source';
import { brand, hasBrand } from './brand';
import { Declaration, definedEntries } from './declaration';
import { FleetObject } from './fleet-object';
import { workingFolder } from './environment';
import { InvalidFleetError } from './invalid-fleet-error';
import { callerOf } from './place';
import { FleetRegistry } from './registry';

/** Properties of {@link Fleet}. */
export interface FleetProps {
  /**
   * The fleet's name.
   *
   * @default - the construct's id
   */
  readonly name?: string;
  /**
   * What runs on the nodes and takes their preparation.
   *
   * @default openshift
   */
  readonly nodePlatform?: NodePlatform;
  /**
   * The platform's version, `4.20`.
   *
   * @default - unknown: the oldest form that every version reads is written
   */
  readonly nodePlatformVersion?: string;
  /**
   * Kubernetes' version, `1.33`.
   *
   * @default - unknown
   */
  readonly kubernetesVersion?: string;
  /** The KubeVirt that the cluster runs. */
  readonly kubevirt: FleetKubeVirtProps;
  /**
   * Folder of node inventories, one YAML file per node: `join(__dirname, 'inventory')`.
   *
   * @default - none: rules that need hardware are reported as not run
   */
  readonly inventory?: string;
  /**
   * Folder of live objects as `kubectl get -o yaml` prints them. What others own is kept.
   *
   * @default - none: the lists of the KubeVirt object are taken over whole
   */
  readonly current?: string;
  /**
   * Settings of NVIDIA's kubevirt-gpu-device-plugin.
   *
   * @default - the pinned upstream image, no pull secrets
   */
  readonly nvidiaPlugin?: NvidiaPluginProps;
}

/** The KubeVirt object that the fleet patches. */
export interface FleetKubeVirtProps {
  /** Minor or patch release: `1.6`, `1.6.3`. */
  readonly version: string;
  /** @default kubevirt */
  readonly namespace?: string;
  /** @default kubevirt */
  readonly name?: string;
  /**
   * Gates wanted on besides those that the fleet needs.
   *
   * @default - none
   */
  readonly featureGates?: readonly string[];
}

/** Settings of NVIDIA's kubevirt-gpu-device-plugin. */
export interface NvidiaPluginProps {
  /** @default - the pinned upstream image */
  readonly image?: string;
  /** @default - none */
  readonly imagePullSecrets?: readonly string[];
  /** @default - the namespace that hostdev makes for device plugins */
  readonly namespace?: string;
}

/**
 * Nodes, devices and VMs declared together, compiled as one.
 *
 * A chart: `Testing.synth(fleet)`, `addJsonPatch` on its objects and `cdk8s synth` work as for any chart. Devices, pools and
 * VMs made in it hang themselves under `devices`, `pools` and `vms`, so that a device and a pool may share a name.
 *
 * @example
 * const fleet = new Fleet(app, 'lab', { kubevirt: { version: '1.6' }, inventory: join(__dirname, 'inventory') });
 */
export class Fleet extends Chart {
  /** The patch of the KubeVirt object. */
  readonly kubevirt: FleetObject;
  /** @internal */
  readonly _registry: FleetRegistry;
  private readonly props: FleetProps;
  private readonly place: CodePlace;
  private revision = 0;
  private contents: { readonly of: ManifestSet; readonly byKey: ReadonlyMap<string, JsonObject> } | undefined;
  private memo: { readonly key: string; readonly compilation: Compilation; readonly sources: SourceSet } | undefined;

  /** Declares an empty fleet. */
  constructor(scope: Construct, id: string, props: FleetProps, chartProps: ChartProps = {}) {
    super(scope, id, chartProps);
    brand(this, 'Fleet');
    this.place = callerOf(new.target as unknown as (...args: never[]) => unknown);
    this.props = props;
    this._registry = new FleetRegistry(this);
    const { namespace = 'kubevirt', name = 'kubevirt' } = props.kubevirt;
    this.kubevirt = this._object(this, 'kubevirt', 'kubevirt', {
      apiVersion: 'kubevirt.io/v1',
      kind: 'KubeVirt',
      name,
      namespace,
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
    return hasBrand(value, 'Fleet');
  }

  /**
   * The fleet that a construct is in.
   *
   * @throws Error when there is none.
   */
  static override of(construct: Construct): Fleet {
    const fleet = construct.node.scopes.reverse().find((scope) => Fleet.isFleet(scope));
    if (!Fleet.isFleet(fleet)) throw new Error(`${construct.node.path} is not inside a Fleet`);
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

  /** @internal */
  _touch(): void {
    this.revision++;
  }

  /** @internal */
  _object(scope: Construct, id: string, key: string, head: ConstructorParameters<typeof FleetObject>[3]): FleetObject {
    const object = new FleetObject(scope, id, key, head, this);
    this._registry.objects.set(key, object);
    return object;
  }

  /** @internal */
  _contentOf(key: string): JsonObject | undefined {
    const { manifests } = this._valid();
    if (this.contents?.of !== manifests) {
      const byKey = new Map(manifests.manifests.map((manifest) => [manifest.key, manifest.content]));
      this.contents = { of: manifests, byKey };
    }
    return this.contents.byKey.get(key);
  }

  /** @internal */
  _outputs(): FleetOutputs {
    const { name, manifests } = this._valid();
    return renderOutputs(name, manifests);
  }

  /** @internal One compilation per revision: cdk8s validates once and once more per chart. */
  _compile(): { readonly compilation: Compilation; readonly sources: SourceSet } {
    const plugins = this._registry.renderPlugins();
    const key = [this.revision, plugins.key, ...this._registry.changeKeys()].join('\n');
    if (this.memo?.key !== key) {
      const declaration = new Declaration(this.place);
      const loaded = fleetFromValue(this.declare(declaration), {
        placeOf: (pointer) => declaration.placeOf(pointer),
        files: diskAccess(),
        inventory: this.props.inventory === undefined ? undefined : displayPath(this.props.inventory, workingFolder()),
        current: this.props.current === undefined ? undefined : displayPath(this.props.current, workingFolder()),
        vendorPlugins: plugins.plugins,
      });
      const sources = new SourceSet(loaded.sources, diskAccess());
      const compilation = compileFleet({
        fleet: loaded.fleet,
        problems: loaded.problems,
        locate: (place) => sources.locate(place),
        patch: (manifest) => this._registry.objects.get(manifest.key)?._patched(manifest.content),
      });
      this.memo = { key, compilation, sources };
    }
    return this.memo;
  }

  /** @internal */
  _valid(): { readonly name: string; readonly manifests: ManifestSet } {
    const { compilation, sources } = this._compile();
    const { report, manifests, fleet } = compilation;
    if (hasSeverity(report, 'error') || manifests === undefined || fleet === undefined) {
      throw new InvalidFleetError(
        report,
        renderText(report, (file) => sources.get(file)),
      );
    }
    return { name: fleet.name, manifests };
  }

  private declare(declaration: Declaration): unknown {
    const {
      name,
      nodePlatform = 'openshift',
      nodePlatformVersion,
      kubernetesVersion,
      kubevirt,
      nvidiaPlugin,
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
          kubevirt: definedEntries({ ...kubevirt, featureGates: kubevirt.featureGates?.slice() }),
        }),
        devicePlugins: nvidiaPlugin === undefined ? undefined : { nvidia: definedEntries({ ...nvidiaPlugin }) },
        ...this._registry.declare(declaration),
      }),
    };
  }
}
