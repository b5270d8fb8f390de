/*
 * What each node will advertise under each resource name, counted as the plugin that serves it counts. KubeVirt's plugin goes by
 * the allow-list, on every node and whoever bound a function; NVIDIA's by its vendor, on the nodes that it runs on; of other
 * plugins the fleet knows what it hands to them.
 */
import { behaves, normalisedMdevName, nvidiaVgpuResourceName, parseKubeVirtVersion } from '../../kubevirt';
import type { Fleet, JsonObject } from '../../model';
import type {
  AdvertisedResource,
  AnalysedFunction,
  OtherAdvertised,
  PermittedEntry,
  PermittedList,
  Resource,
} from '../analysis';
import { liveKubeVirt, liveNodeLabels } from '../current/current-cluster';
import { liveMediatedSettings } from '../current/live-configuration';
import { listAt } from '../current/live-objects';
import { MEDIATED_OFF_GATE, mediatedHandlingOff } from '../mediated-handling';
import type { DeclaredNode } from '../nodes';
import { createdTypes, showsMdevTypes, wantedTypes, type CreatedTypes } from './created-types';
import { kubeVirtPciResources, type PciConditions, type Prediction } from './kubevirt-pci';
import { kubeVirtPlan, type KubeVirtPlan } from './kubevirt-plan';
import { kubeVirtUsbCounts } from './kubevirt-usb';
import { nvidiaPciResources } from './nvidia-pci';
import { providedMediated, providedPci, providedUsb, providedVgpus, usesOn, type Provided } from './provided';

const HOST_NAME = 'kubernetes.io/hostname';

const BY_CHANCE = 'the type of a card is left to chance';

/** What one node advertises. */
export interface NodeAdvertisement {
  /** Under names that the fleet's devices have, in the order of the devices. */
  readonly advertised: readonly AdvertisedResource[];
  /** Under other names. */
  readonly alsoAdvertised: readonly OtherAdvertised[];
}

/** Predicts node by node; what does not differ between nodes is worked out once. */
export class Advertising {
  private readonly fleet: Fleet;
  private readonly resources: readonly Resource[];
  private readonly resourceByDevice: ReadonlyMap<string, Resource>;
  private readonly plan: KubeVirtPlan;
  private readonly mediatedSettings: JsonObject;
  private readonly makesMediated: boolean;
  private readonly takesVendorVgpus: boolean | undefined;
  private readonly ownNames: ReadonlySet<string>;

  /** Reads what holds on every node. */
  constructor(
    fleet: Fleet,
    resources: readonly Resource[],
    permitted: ReadonlyMap<PermittedList, readonly PermittedEntry[]>,
  ) {
    this.fleet = fleet;
    this.resources = resources;
    this.resourceByDevice = new Map(resources.map((resource) => [resource.device.name, resource]));
    this.plan = kubeVirtPlan(permitted);
    const settings = liveMediatedSettings(fleet);
    this.mediatedSettings = settings ?? {};
    const gates = [
      ...listAt(liveKubeVirt(fleet)?.content, 'spec', 'configuration', 'developerConfiguration', 'featureGates'),
      ...fleet.cluster.kubevirt.featureGates.map(({ name }) => name),
    ];
    const { enabled } = this.mediatedSettings;
    this.makesMediated =
      mediatedHandlingOff(fleet) === undefined &&
      (enabled === undefined ? !gates.includes(MEDIATED_OFF_GATE) : enabled !== false);
    const version = parseKubeVirtVersion(fleet.cluster.kubevirt.version);
    // NVIDIA's virtual functions with a vGPU: KubeVirt 1.9 and later (kubevirt.md fact 12)
    this.takesVendorVgpus = version.ok ? behaves(version.value, 'vendor-vgpus-discovered') : undefined;
    this.ownNames = new Set(resources.flatMap(({ name }) => name ?? []));
  }

  /** What a node advertises once it is prepared. */
  of(node: DeclaredNode, functions: readonly AnalysedFunction[]): NodeAdvertisement {
    const created = this.createdOn(node, functions);
    const plugged = node.inventory?.usbDevices;
    const usb = plugged === undefined ? undefined : kubeVirtUsbCounts(plugged, this.plan);
    const provided = this.resources.map((resource) => this.providedOn(node, functions, resource, created, usb));
    const conditions = this.conditionsOn(node);
    const byKubeVirt = this.kubeVirtResources(functions, conditions, created, usb);
    const runsNvidia = this.resources.some(({ server }, i) => server === 'nvidia' && provided[i]?.count !== 0);
    const byNvidia = runsNvidia
      ? new Map([...nvidiaPciResources(functions, this.resources, conditions), ...nvidiaVgpus(created)])
      : new Map<string, Prediction>();
    const advertised = this.resources.flatMap((resource, i): AdvertisedResource[] => {
      const declared = provided[i];
      if (declared === undefined) return [];
      const isKnown = this.isKnown(node, resource, created, usb);
      const predicted = predictionOf(resource, declared, isKnown, byKubeVirt, byNvidia);
      if (declared.count === 0 && predicted.count === 0) return [];
      return [{ resource, node: node.name, ...predicted, provided: declared.count }];
    });
    const others = (server: OtherAdvertised['server'], byName: ReadonlyMap<string, Prediction>): OtherAdvertised[] =>
      [...byName]
        .filter(([name, { count }]) => !this.ownNames.has(name) && count !== 0)
        .map(([name, { count, unknownBecause, devices }]) => ({ name, server, count, unknownBecause, devices }));
    return { advertised, alsoAdvertised: [...others('kubevirt', byKubeVirt), ...others('nvidia', byNvidia)] };
  }

  private providedOn(
    node: DeclaredNode,
    functions: readonly AnalysedFunction[],
    resource: Resource,
    created: CreatedTypes | undefined,
    usb: ReadonlyMap<string, number> | undefined,
  ): Provided {
    const { device, name } = resource;
    switch (device.kind) {
      case 'pci':
        return providedPci(node, functions, resource);
      case 'mdev': {
        if (created === undefined) return providedMediated(node, resource, undefined);
        const type = normalisedMdevName(device.typeName);
        const count = created.has(type) ? created.get(type) : 0;
        const unknownBecause = count === undefined ? BY_CHANCE : undefined;
        return providedMediated(node, resource, { count, unknownBecause });
      }
      case 'vgpu':
        return providedVgpus(node, resource);
      case 'usb':
        return providedUsb(node, resource, usb === undefined || name === undefined ? undefined : (usb.get(name) ?? 0));
    }
  }

  /** The types that virt-handler makes; undefined where the inventory does not show what the cards can make. */
  private createdOn(node: DeclaredNode, functions: readonly AnalysedFunction[]): CreatedTypes | undefined {
    if (!showsMdevTypes(functions) || !this.makesMediated) return undefined;
    const declared = node.pools.reduce<JsonObject>((so, { nodeSelector }) => ({ ...so, ...nodeSelector }), {});
    const labels: JsonObject = { [HOST_NAME]: node.name, ...declared, ...liveNodeLabels(this.fleet, node.name) };
    const own = node.pools.map((pool) => ({
      nodeSelector: pool.nodeSelector ?? { [HOST_NAME]: labels[HOST_NAME] },
      types: pool.mediatedDevices.flatMap((use) => {
        const device = this.resourceByDevice.get(use.device)?.device;
        if (use.createdBy !== 'kubevirt' || device?.kind !== 'mdev') return [];
        return [device.typeId ?? normalisedMdevName(device.typeName)];
      }),
    }));
    return createdTypes(functions, wantedTypes(this.mediatedSettings, labels, own));
  }

  /** Whether what is not found is not there; what somebody else makes is known to people alone. */
  private isKnown(
    node: DeclaredNode,
    { device, name, server }: Resource,
    created: CreatedTypes | undefined,
    usb: ReadonlyMap<string, number> | undefined,
  ): boolean {
    switch (device.kind) {
      case 'pci':
        return node.inventory !== undefined;
      case 'mdev': {
        // an entry further down the list has taken the type
        if (server === 'kubevirt' && this.plan.mediatedNames.get(normalisedMdevName(device.typeName)) !== name)
          return true;
        return created !== undefined && usesOn(node, device.name).every(({ createdBy }) => createdBy === 'kubevirt');
      }
      case 'vgpu':
        // virtual functions and their types come with the preparation of the node
        return node.inventory !== undefined && usesOn(node, device.name).length === 0;
      case 'usb':
        return usb !== undefined;
    }
  }

  private conditionsOn(node: DeclaredNode): PciConditions {
    const isPrepared = node.pools.some(({ passthrough }) => passthrough.some(({ binding }) => binding !== 'external'));
    const hasGroups = node.functions.some(({ fact }) => typeof fact.iommuGroup === 'number');
    return { takesVendorVgpus: this.takesVendorVgpus, groupsAreToCome: isPrepared && !hasGroups };
  }

  /** By name; where sections share one, the last that has a device is the one that is kept: PCI, mediated, USB. */
  private kubeVirtResources(
    functions: readonly AnalysedFunction[],
    conditions: PciConditions,
    created: CreatedTypes | undefined,
    usb: ReadonlyMap<string, number> | undefined,
  ): Map<string, Prediction> {
    const byName = kubeVirtPciResources(functions, this.plan, conditions);
    for (const [name, prediction] of this.mediatedResources(created)) byName.set(name, prediction);
    for (const [name, count] of usb ?? []) byName.set(name, countOf(count));
    return byName;
  }

  private mediatedResources(created: CreatedTypes = new Map()): Map<string, Prediction> {
    const byName = new Map<string, Prediction>();
    for (const [type, count] of created) {
      const name = this.plan.mediatedNames.get(type);
      if (name === undefined || count === 0) continue;
      if (byName.has(name)) byName.set(name, unknown('virt-handler keeps one type for each name, left to chance'));
      else byName.set(name, count === undefined ? unknown(BY_CHANCE) : countOf(count));
    }
    return byName;
  }
}

function predictionOf(
  { name, server, device }: Resource,
  provided: Provided,
  isKnown: boolean,
  byKubeVirt: ReadonlyMap<string, Prediction>,
  byNvidia: ReadonlyMap<string, Prediction>,
): Prediction {
  const asDeclared: Prediction = { ...provided, devices: [] };
  if (name === undefined || server === 'other') return asDeclared;
  const found = (server === 'kubevirt' ? byKubeVirt : byNvidia).get(name);
  // which functions have a vGPU is seen only once it is set: until then the fleet's own count is what there will be
  if (found?.count === undefined && found !== undefined && device.kind === 'vgpu' && provided.count !== undefined)
    return { ...asDeclared, functions: found.functions };
  if (found !== undefined) return found;
  return isKnown ? { ...asDeclared, count: 0, unknownBecause: undefined } : asDeclared;
}

/** NVIDIA's plugin serves every mediated device that it finds on its node. */
function nvidiaVgpus(created: CreatedTypes = new Map()): [string, Prediction][] {
  return [...created]
    .filter(([, count]) => count !== 0)
    .map(([type, count]) => [nvidiaVgpuResourceName(type), count === undefined ? unknown(BY_CHANCE) : countOf(count)]);
}

function countOf(count: number): Prediction {
  return { functions: [], devices: [], count, unknownBecause: undefined };
}

function unknown(unknownBecause: string): Prediction {
  return { functions: [], devices: [], count: undefined, unknownBecause };
}
