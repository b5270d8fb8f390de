/*
 * What rules about NUMA nodes have in common: what a VM takes of a NUMA node, and what a NUMA node has. What an inventory does not show is
 * not known, and rules nothing out.
 */
import type { AdvertisedResource, AnalysedMachine, AnalysedNode } from '../analysis';
import { parseQuantity, type NumaNode } from '../model';
import { inSpec, quantityIn } from './machine-statements';
import type { Demand } from './machines';

/** The CPUs that are dedicated to a VM; undefined where it shares CPUs, or does not say how many it has. */
export function dedicatedCpus(machine: AnalysedMachine): number | undefined {
  if (inSpec(machine, 'domain', 'cpu', 'dedicatedCpuPlacement') !== true) return undefined;
  const parts = ['cores', 'sockets', 'threads'].map((field) => inSpec(machine, 'domain', 'cpu', field));
  const emulator = inSpec(machine, 'domain', 'cpu', 'isolateEmulatorThread') === true ? 1 : 0;
  if (parts.some((part) => typeof part === 'number')) {
    return parts.reduce<number>((all, part) => all * (typeof part === 'number' ? part : 1), 1) + emulator;
  }
  const requested =
    quantityIn(machine, 'domain', 'resources', 'requests', 'cpu') ??
    quantityIn(machine, 'domain', 'resources', 'limits', 'cpu');
  return requested === undefined ? undefined : requested + emulator;
}

/** The huge pages that a VM's memory takes; undefined where it takes none, or does not say how much memory it has. */
export function hugepagesOf(machine: AnalysedMachine): { readonly size: number; readonly count: number } | undefined {
  const size = quantityIn(machine, 'domain', 'memory', 'hugepages', 'pageSize');
  const memory =
    quantityIn(machine, 'domain', 'memory', 'guest') ??
    quantityIn(machine, 'domain', 'resources', 'requests', 'memory');
  return size === undefined || size === 0 || memory === undefined
    ? undefined
    : { size, count: Math.ceil(memory / size) };
}

/** How many CPUs a NUMA node has, of a list such as `0-15,32-47`; undefined: not known. */
export function cpuCount({ cpus }: NumaNode): number | undefined {
  if (cpus === undefined) return undefined;
  if (cpus.trim() === '') return 0;
  let count = 0;
  for (const range of cpus.split(',')) {
    const match = /^\s*(\d+)(?:-(\d+))?\s*$/.exec(range);
    if (match === null) return undefined;
    count += Number(match[2] ?? match[1]) - Number(match[1]) + 1;
  }
  return count;
}

/**
 * How many huge pages of a size a NUMA node will have; undefined: not known. What the pool declares is made by the kernel, which
 * spreads it over the NUMA nodes.
 */
export function pageCount(
  { pools, inventory }: AnalysedNode,
  { hugepages }: NumaNode,
  size: number,
): number | undefined {
  const isSize = (one: { readonly size: string }): boolean => {
    const quantity = parseQuantity(one.size);
    return quantity.ok && quantity.value === size;
  };
  const declared = pools.flatMap((pool) => pool.hugepages).filter(isSize);
  const isMadeOtherwise = pools.some(
    ({ kernelArguments, performanceProfile }) =>
      performanceProfile !== undefined || kernelArguments.some(({ text }) => text.includes('hugepage')),
  );
  if (isMadeOtherwise) return undefined;
  const nodes = inventory?.numaNodes?.length ?? 0;
  if (declared.length > 0)
    return nodes === 0 ? undefined : Math.ceil(declared.reduce((all, { count }) => all + count, 0) / nodes);
  return hugepages?.find(isSize)?.count;
}

/** VMs of one shape have the same list of nodes: what follows from the list is worked out once. */
export class PerNodes<Value> {
  private readonly known = new WeakMap<readonly AnalysedNode[], Map<string, Value>>();

  /** The answer for a list of nodes and a question about it. */
  of(nodes: readonly AnalysedNode[], question: string, answer: () => Value): Value {
    let answers = this.known.get(nodes);
    if (answers === undefined) this.known.set(nodes, (answers = new Map<string, Value>()));
    if (!answers.has(question)) answers.set(question, answer());
    return answers.get(question) as Value;
  }
}

/** Whether kubelet is known to refuse, on each of some nodes, what does not fit into one NUMA node; of no nodes it is not known. */
export function allTakeOneNumaNode(nodes: readonly AnalysedNode[]): boolean {
  return nodes.length > 0 && ONE_NUMA_NODE.of(nodes, '', () => nodes.every(takesOneNumaNode));
}

const ONE_NUMA_NODE = new PerNodes<boolean>();

/** Whether kubelet is known to refuse, on a node, what does not fit into one NUMA node. */
export function takesOneNumaNode({ kubelet }: AnalysedNode): boolean {
  return kubelet.topologyManager?.value === 'single-numa-node';
}

/** Whether some NUMA node of a node may have all the devices that a VM asks for. A device without NUMA node is no hint to kubelet. */
export function mayHaveTogether(node: AnalysedNode, demands: readonly Demand[]): boolean {
  const wanted = demands.flatMap(({ resource, count }) => {
    const advertised = node.advertised.find((one) => one.resource === resource);
    return advertised === undefined || !isTold(advertised) ? [] : [{ devices: advertised.devices, count }];
  });
  const numaNodes = new Set(wanted.flatMap(({ devices }) => devices.flatMap(({ numaNode }) => numaNode ?? [])));
  if (numaNodes.size < 2) return true;
  return [...numaNodes].some((at) =>
    wanted.every(
      ({ devices, count }) =>
        devices.filter(({ numaNode }) => numaNode === undefined || numaNode === at).length >= count,
    ),
  );
}

/** Whether every device is known one by one. */
function isTold({ devices, count }: AdvertisedResource): boolean {
  return count !== undefined && devices.length === count;
}
