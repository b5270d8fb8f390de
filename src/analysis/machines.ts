/*
 * Where each VM can run. VMs repeat a few shapes, so the nodes left by a placement and those that provide a set of devices
 * are computed once per shape: 10,000 VMs on 1,000 nodes cost as much as their distinct shapes.
 */
import { isJsonObject, jsonAt, type Fleet, type JsonObject, type JsonValue, type VirtualMachine } from '../model';
import { placeAt } from '../source';
import type { AnalysedMachine, AnalysedNode, AnalysedRequest, Analysis, Resource } from './analysis';
import { namesAddress, pinnedTo } from './address-pins';
import { defaultEvictionStrategy, evictionOf } from './eviction';
import { inheritedBy, type Inherited } from './inherited';
import { MachineShapes } from './machine-shapes';
import { MachineVariants } from './machine-variants';
import { meetsNodeSelector, meetsNodeTerms, requiredNodeTerms, type NodeFacts } from './node-terms';
import { plannedClaims } from './claims';
import { Trie } from './trie';

/** Every VM with what it asks for and the nodes that can give it, and the shapes that they have. */
export function analyseMachines(
  fleet: Fleet,
  nodes: readonly AnalysedNode[],
  resources: readonly Resource[],
): Pick<Analysis, 'machines' | 'machineShapes' | 'machineVariants'> {
  const placement = new Placement(nodes);
  const resourceByDevice = new Map(resources.map((resource) => [resource.device.name, resource]));
  const resourceByName = new Map<string, Resource>();
  for (const resource of resources) {
    if (resource.name !== undefined && !resourceByName.has(resource.name)) resourceByName.set(resource.name, resource);
  }
  const defaultEviction = defaultEvictionStrategy(fleet);
  const shapes = new MachineShapes();
  const variants = new MachineVariants();
  const machines = fleet.virtualMachines.map((machine) => {
    const inherited = inheritedBy(fleet, machine);
    const spec = inherited?.spec ?? machine.spec;
    const requests = withInherited(
      requestsOf(machine, resourceByDevice, resourceByName),
      inheritedRequests(inherited, machine, resourceByName),
    );
    const { candidates, fits, pinned } = placement.of(machine, spec, requests);
    const claims = plannedClaims(machine, requests, candidates);
    const { evictionStrategy, writesEviction } = evictionOf(fleet, machine, requests, defaultEviction);
    const shape = shapes.of({ machine, spec, inherited, requests, fits });
    const variant = variants.of({ machine, spec, inherited, shape });
    const analysed: AnalysedMachine = {
      machine,
      spec,
      inherited,
      requests,
      candidates,
      fits,
      pinned,
      claims,
      evictionStrategy,
      writesEviction,
      shape,
      variant,
    };
    shape.machines.push(analysed);
    variant.machines.push(analysed);
    return analysed;
  });
  return { machines, machineShapes: shapes.shapes, machineVariants: variants.variants };
}

function requestsOf(
  machine: VirtualMachine,
  byDevice: ReadonlyMap<string, Resource>,
  byName: ReadonlyMap<string, Resource>,
): AnalysedRequest[] {
  const analysed = (list: AnalysedRequest['list']): AnalysedRequest[] =>
    machine[list].map((request) => {
      const resource =
        request.device === undefined
          ? request.deviceName === undefined
            ? undefined
            : byName.get(request.deviceName)
          : byDevice.get(request.device);
      return { list, request, resource, deviceName: request.deviceName ?? resource?.name };
    });
  return withoutRepetitions(analysed('gpus')).concat(withoutRepetitions(analysed('hostDevices')));
}

/**
 * An entry of the spec whose `deviceName` is a device's resource name is that device: the fleet's entry of the same name says it
 * again, and asks for nothing more.
 */
function withoutRepetitions(requests: AnalysedRequest[]): AnalysedRequest[] {
  const typed = requests.filter(({ request }) => request.inSpec);
  if (typed.length === 0 || typed.length === requests.length) return requests;
  return requests.filter(
    ({ request, deviceName }) =>
      request.inSpec ||
      deviceName === undefined ||
      !typed.some((other) => other.request.name === request.name && other.deviceName === deviceName),
  );
}

const NOTHING_INHERITED: readonly AnalysedRequest[] = Object.freeze([]);

/** The devices that a VM's instancetype brings; a list that the VM has too is none of the instancetype's (kubevirt.md fact 94). */
function inheritedRequests(
  inherited: Inherited | undefined,
  machine: VirtualMachine,
  byName: ReadonlyMap<string, Resource>,
): readonly AnalysedRequest[] {
  if (inherited === undefined) return NOTHING_INHERITED;
  const { instancetype } = inherited;
  return (['gpus', 'hostDevices'] as const).flatMap((list) => {
    const entries = jsonAt(instancetype.content, 'spec', list);
    if (machine[list].length > 0 || !Array.isArray(entries)) return [];
    return (entries as readonly JsonValue[]).flatMap((entry, i): AnalysedRequest[] => {
      const deviceName = jsonAt(entry, 'deviceName');
      const name = jsonAt(entry, 'name');
      if (typeof deviceName !== 'string') return [];
      const request = {
        name: typeof name === 'string' ? name : '',
        device: undefined,
        deviceName,
        address: undefined,
        claim: undefined,
        options: isJsonObject(entry) ? optionsOf(entry) : {},
        inSpec: true,
        place: placeAt(instancetype.place, 'spec', list, i),
      };
      return [{ list, request, resource: byName.get(deviceName), deviceName }];
    });
  });
}

/** What an entry says besides what it is called and what it asks for: a tag, the options of a vGPU. */
function optionsOf(entry: JsonObject): JsonObject {
  const { name: _, deviceName: __, ...options } = entry;
  return options;
}

function withInherited(own: AnalysedRequest[], inherited: readonly AnalysedRequest[]): AnalysedRequest[] {
  return inherited.length === 0 ? own : [...own, ...inherited];
}

type Placed = Pick<AnalysedMachine, 'candidates' | 'fits' | 'pinned'>;

/** What is known of the VMs that are alike so far, in what places them and then in each of their devices. */
interface Known {
  candidates?: readonly AnalysedNode[];
  placed?: Placed;
}

class Placement {
  private readonly nodes: readonly AnalysedNode[];
  private readonly anywhere = new Trie<Known>();
  private readonly factsByNode = new Map<AnalysedNode, NodeFacts>();

  constructor(nodes: readonly AnalysedNode[]) {
    this.nodes = nodes;
  }

  of(machine: VirtualMachine, spec: JsonObject, requests: readonly AnalysedRequest[]): Placed {
    const selector = spec['nodeSelector'];
    const terms = spec['affinity'] === undefined ? undefined : requiredNodeTerms(spec);
    const where = this.anywhere
      .with(machine.node)
      .with(machine.pool)
      .with(selector === undefined ? undefined : JSON.stringify(selector))
      .with(terms === undefined ? undefined : JSON.stringify(terms));
    let asking = where;
    for (const asked of requests) {
      if (asked.resource === undefined) continue;
      asking = asking.with(asked.resource);
      if (namesAddress(asked)) asking = asking.with(asked.request.address?.address);
    }
    const known = (asking.value ??= {});
    if (known.placed === undefined) {
      const there = (where.value ??= {});
      const candidates = (there.candidates ??= this.candidates(machine, isJsonObject(selector) ? selector : {}, terms));
      const wanted = countedByDevice(requests);
      const fits = candidates.filter((node) => provides(node, wanted));
      const pinned = pinnedTo(requests, fits);
      known.placed = pinned === undefined ? { candidates, fits, pinned } : { candidates: pinned, fits: pinned, pinned };
    }
    return known.placed;
  }

  /** Only what is known to be otherwise rules a node out. */
  private candidates(
    machine: VirtualMachine,
    selector: JsonObject,
    terms: readonly JsonValue[] | undefined,
  ): readonly AnalysedNode[] {
    return this.nodes.filter(
      (node) =>
        (machine.node === undefined || node.name === machine.node) &&
        (machine.pool === undefined || node.pools.some(({ name }) => name === machine.pool)) &&
        meetsNodeSelector(this.factsOf(node), selector) !== false &&
        (terms === undefined || meetsNodeTerms(this.factsOf(node), terms) !== false),
    );
  }

  private factsOf(node: AnalysedNode): NodeFacts {
    let facts = this.factsByNode.get(node);
    if (facts === undefined) {
      const labels = {
        'kubernetes.io/hostname': node.name,
        ...Object.assign({}, ...node.pools.map((pool) => pool.nodeSelector ?? {})),
        ...node.live?.labels,
      } as JsonObject;
      // a Node lists all its labels, but for those that come and go with what runs on it
      const isAbsent = (key: string): boolean => node.live !== undefined && !comesAndGoes(key);
      this.factsByNode.set(node, (facts = { name: node.name, labels, isAbsent }));
    }
    return facts;
  }
}

/** Labels of NFD, of virt-handler, and of NVIDIA's operator: a Node that was printed before these ran does not have them yet. */
function comesAndGoes(key: string): boolean {
  return /(?:^|\.)(?:kubevirt\.io|feature\.node\.kubernetes\.io|nvidia\.com)\//.test(key);
}

function countedByDevice(requests: readonly AnalysedRequest[]): Map<string, number> {
  const wanted = new Map<string, number>();
  for (const { resource } of requests)
    if (resource !== undefined) wanted.set(resource.device.name, (wanted.get(resource.device.name) ?? 0) + 1);
  return wanted;
}

function provides(node: AnalysedNode, wanted: ReadonlyMap<string, number>): boolean {
  for (const [device, count] of wanted) {
    const advertised = node.advertised.find(({ resource }) => resource.device.name === device);
    if (advertised === undefined || (advertised.provided ?? count) < count) return false;
  }
  return true;
}
