/*
 * Where each VM can run. VMs repeat a few shapes, so the nodes left by a placement and those that provide a set of devices
 * are computed once per shape: 10,000 VMs on 1,000 nodes cost as much as their distinct shapes.
 */
import { isJsonObject, jsonAt, type Fleet, type JsonObject, type VirtualMachine } from '../model';
import type { AnalysedMachine, AnalysedNode, AnalysedRequest, Resource } from './analysis';
import { liveKubeVirt, liveNodeLabels } from './current-cluster';

/** Every VM with what it asks for and the nodes that can give it. */
export function analyseMachines(
  fleet: Fleet,
  nodes: readonly AnalysedNode[],
  resources: readonly Resource[],
): AnalysedMachine[] {
  const placement = new Placement(fleet, nodes);
  const resourceByDevice = new Map(resources.map((resource) => [resource.device.name, resource]));
  const resourceByName = new Map<string, Resource>();
  for (const resource of resources) {
    if (resource.name !== undefined && !resourceByName.has(resource.name)) resourceByName.set(resource.name, resource);
  }
  const defaultEviction = defaultEvictionStrategy(fleet);
  return fleet.virtualMachines.map((machine) => {
    const requests = requestsOf(machine, resourceByDevice, resourceByName);
    const eviction = machine.spec['evictionStrategy'];
    return {
      machine,
      requests,
      ...placement.of(machine, requests),
      evictionStrategy: typeof eviction === 'string' ? eviction : defaultEviction,
    };
  });
}

function requestsOf(
  machine: VirtualMachine,
  byDevice: ReadonlyMap<string, Resource>,
  byName: ReadonlyMap<string, Resource>,
): AnalysedRequest[] {
  const requests: AnalysedRequest[] = [];
  for (const list of ['gpus', 'hostDevices'] as const) {
    for (const request of machine[list]) {
      const resource =
        request.device === undefined
          ? request.deviceName === undefined
            ? undefined
            : byName.get(request.deviceName)
          : byDevice.get(request.device);
      requests.push({ list, request, resource, deviceName: request.deviceName ?? resource?.name });
    }
  }
  return requests;
}

function defaultEvictionStrategy(fleet: Fleet): string {
  const live = jsonAt(liveKubeVirt(fleet)?.content, 'spec', 'configuration', 'evictionStrategy');
  return typeof live === 'string' ? live : 'None';
}

interface Placed {
  readonly candidates: readonly AnalysedNode[];
  readonly fits: readonly AnalysedNode[];
}

class Placement {
  private readonly fleet: Fleet;
  private readonly nodes: readonly AnalysedNode[];
  private readonly candidatesByShape = new Map<string, readonly AnalysedNode[]>();
  private readonly placedByShape = new Map<string, Placed>();
  private readonly labelsByNode = new Map<string, JsonObject>();

  constructor(fleet: Fleet, nodes: readonly AnalysedNode[]) {
    this.fleet = fleet;
    this.nodes = nodes;
  }

  of(machine: VirtualMachine, requests: readonly AnalysedRequest[]): Placed {
    const selector = machine.spec['nodeSelector'];
    const where = JSON.stringify([machine.node ?? null, machine.pool ?? null, selector ?? null]);
    const wanted = new Map<string, number>();
    for (const { resource } of requests) {
      if (resource !== undefined) wanted.set(resource.device.name, (wanted.get(resource.device.name) ?? 0) + 1);
    }
    const shape = `${where} ${JSON.stringify([...wanted])}`;
    let placed = this.placedByShape.get(shape);
    if (placed === undefined) {
      const candidates = this.candidates(where, machine, isJsonObject(selector) ? selector : {});
      placed = { candidates, fits: candidates.filter((node) => provides(node, wanted)) };
      this.placedByShape.set(shape, placed);
    }
    return placed;
  }

  private candidates(where: string, machine: VirtualMachine, selector: JsonObject): readonly AnalysedNode[] {
    let candidates = this.candidatesByShape.get(where);
    if (candidates === undefined) {
      candidates = this.nodes.filter(
        (node) =>
          (machine.node === undefined || node.name === machine.node) &&
          (machine.pool === undefined || node.pools.some(({ name }) => name === machine.pool)) &&
          this.mayMatch(node, selector),
      );
      this.candidatesByShape.set(where, candidates);
    }
    return candidates;
  }

  /** Labels that nobody has stated may be there: only a label known to be otherwise rules a node out. */
  private mayMatch(node: AnalysedNode, selector: JsonObject): boolean {
    const labels = this.labelsOf(node);
    return Object.entries(selector).every(([key, value]) => !Object.hasOwn(labels, key) || labels[key] === value);
  }

  private labelsOf(node: AnalysedNode): JsonObject {
    let labels = this.labelsByNode.get(node.name);
    if (labels === undefined) {
      labels = {
        'kubernetes.io/hostname': node.name,
        ...Object.assign({}, ...node.pools.map((pool) => pool.nodeSelector ?? {})),
        ...liveNodeLabels(this.fleet, node.name),
      } as JsonObject;
      this.labelsByNode.set(node.name, labels);
    }
    return labels;
  }
}

function provides(node: AnalysedNode, wanted: ReadonlyMap<string, number>): boolean {
  for (const [device, count] of wanted) {
    const advertised = node.advertised.find(({ resource }) => resource.device.name === device);
    if (advertised === undefined || (advertised.count ?? count) < count) return false;
  }
  return true;
}
