import type { AnalysedNode, Analysis } from '../../analysis';
import { compareNatural, type NodePool } from '../../model';
import type { FunctionState, NodeState } from './baseline';

/** A node as one of its pools declares it. */
export function nodeState(analysis: Analysis, node: AnalysedNode, pool: NodePool): NodeState {
  const advertises = new Map<string, number | undefined>();
  for (const { resource, provided, count } of node.advertised) {
    if (resource.name === undefined) continue;
    const number = provided ?? count;
    const known = advertises.get(resource.name);
    const isKnown = number !== undefined && (known !== undefined || !advertises.has(resource.name));
    advertises.set(resource.name, isKnown ? number + (known ?? 0) : undefined);
  }
  for (const { name, count } of node.alsoAdvertised) if (!advertises.has(name)) advertises.set(name, count);
  return {
    name: node.name,
    advertises: new Map([...advertises].sort(([a], [b]) => compareNatural(a, b))),
    functions: functionStates(analysis, node, pool),
  };
}

function functionStates(analysis: Analysis, node: AnalysedNode, pool: NodePool): Map<string, FunctionState> {
  const resourceOf = (device: string): string | undefined => analysis.resourceByDevice.get(device)?.name;
  const states = new Map<string, FunctionState>();
  const parents = new Set(
    pool.mediatedDevices.flatMap(({ device }) => {
      const declared = analysis.deviceByName.get(device);
      return declared?.kind === 'mdev' && declared.parent?.id !== undefined ? [declared.parent.id] : [];
    }),
  );
  for (const { fact, bindings, driver } of node.functions) {
    const [binding] = bindings;
    const group = fact.iommuGroup ?? undefined;
    if (binding !== undefined) {
      const resource = binding.role === 'device' ? resourceOf(binding.passthrough.device) : undefined;
      states.set(fact.address, { id: fact.id, driver, resource, by: binding.strategy, group });
    } else if (fact.id !== undefined && parents.has(fact.id)) {
      states.set(fact.address, { id: fact.id, driver, resource: undefined, by: 'mediated', group });
    }
  }
  if (node.inventory !== undefined) return states;
  // without an inventory the declaration is all that is known
  for (const { device, addresses, binding } of pool.passthrough) {
    const listed =
      addresses.kind === 'every-node'
        ? addresses.addresses
        : addresses.kind === 'by-node'
          ? addresses.byNode.filter((one) => one.node === node.name).flatMap((one) => one.addresses)
          : [];
    const declared = analysis.deviceByName.get(device);
    const ids = declared?.kind === 'pci' ? declared.selectors.map(({ id }) => id) : [];
    for (const { address } of listed) {
      if (address === undefined) continue;
      states.set(address, {
        id: ids.length === 1 ? ids[0] : undefined,
        driver: 'vfio-pci',
        resource: resourceOf(device),
        by: binding === 'auto' ? 'address' : binding,
      });
    }
  }
  return states;
}
