/*
 * How many of a resource the fleet's own declarations put on a node, whatever else is on it and whatever may come between: what
 * a VM of the fleet can count on once everything that it declares is in place.
 */
import type { MediatedDeviceUse } from '../../model';
import type { AnalysedFunction, Resource } from '../analysis';
import { declaredAddressesOn, selectorIds } from '../bindings';
import type { DeclaredNode } from '../nodes';

/** A number of devices; undefined: not known, for the reason given. */
export interface Provided {
  readonly count: number | undefined;
  readonly unknownBecause: string | undefined;
  /** The functions that the fleet hands over for it. */
  readonly functions: readonly AnalysedFunction[];
}

const NONE: Provided = { count: 0, unknownBecause: undefined, functions: [] };

/** What the declarations about PCI functions provide: KubeVirt's plugin counts groups, others count functions. */
export function providedPci(node: DeclaredNode, functions: readonly AnalysedFunction[], resource: Resource): Provided {
  if (!isDeclaredOn(node, resource)) return NONE;
  const { device, server } = resource;
  if (node.inventory === undefined) {
    const declares = node.pools.some((pool) =>
      pool.passthrough.some(
        (passthrough) =>
          passthrough.device === device.name && declaredAddressesOn(passthrough, node.name)?.length !== 0,
      ),
    );
    return declares ? unknown('there is no inventory of the node') : NONE;
  }
  const ids = new Set<string>(selectorIds(device));
  const matching = functions.filter(
    ({ bindings, fact }) => bindings.length > 0 && fact.id !== undefined && ids.has(fact.id),
  );
  if (server !== 'kubevirt') return { count: matching.length, unknownBecause: undefined, functions: matching };
  const groups = matching.map(({ fact }) => fact.iommuGroup);
  if (matching.length > 1 && groups.some((group) => typeof group !== 'number')) {
    return unknown('the inventory does not show every IOMMU group', matching);
  }
  return { count: new Set(groups).size, unknownBecause: undefined, functions: matching };
}

/**
 * What the declarations about mediated devices provide.
 *
 * @param seen - how many there will be, where the inventory shows what the cards can make
 */
export function providedMediated(
  node: DeclaredNode,
  resource: Resource,
  seen: Omit<Provided, 'functions'> | undefined,
): Provided {
  const { device } = resource;
  if (device.kind !== 'mdev' || !isDeclaredOn(node, resource)) return NONE;
  const parent = device.parent?.id;
  if (node.inventory !== undefined && parent !== undefined && !node.functions.some(({ fact }) => fact.id === parent)) {
    return NONE;
  }
  const uses = usesOn(node, device.name);
  if (seen !== undefined && uses.some(({ createdBy }) => createdBy === 'kubevirt')) return { ...seen, functions: [] };
  const count = uses.find((use) => use.count !== undefined)?.count;
  if (count !== undefined) return { count, unknownBecause: undefined, functions: [] };
  return unknown('the inventory does not say how many the card can make');
}

/** What the declarations about vGPUs of virtual functions provide: how many of those have the type is for people to say. */
export function providedVgpus(node: DeclaredNode, resource: Resource): Provided {
  const { device } = resource;
  if (device.kind !== 'vgpu' || !isDeclaredOn(node, resource)) return NONE;
  const card = device.parent.id;
  if (node.inventory !== undefined && card !== undefined && !node.functions.some(({ fact }) => fact.id === card)) {
    return NONE;
  }
  const count = usesOn(node, device.name).find((use) => use.count !== undefined)?.count;
  if (count !== undefined) return { count, unknownBecause: undefined, functions: [] };
  return unknown('the fleet does not say how many there are: `count`');
}

/** What the pools of a node say of a mediated device or vGPU. */
export function usesOn(node: DeclaredNode, device: string): MediatedDeviceUse[] {
  return node.pools.flatMap(({ mediatedDevices }) => mediatedDevices.filter((use) => use.device === device));
}

/** What the declarations about USB devices provide: as many as are plugged in. */
export function providedUsb(node: DeclaredNode, resource: Resource, plugged: number | undefined): Provided {
  if (!isDeclaredOn(node, resource)) return NONE;
  if (plugged === undefined) return unknown('the inventory does not list USB devices');
  return { count: plugged, unknownBecause: undefined, functions: [] };
}

function isDeclaredOn(node: DeclaredNode, { pools }: Resource): boolean {
  return pools.some((pool) => node.pools.includes(pool));
}

function unknown(unknownBecause: string, functions: readonly AnalysedFunction[] = []): Provided {
  return { count: undefined, unknownBecause, functions };
}
