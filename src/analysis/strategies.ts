/*
 * Whether a declaration may bind by id. vfio-pci's `ids=` claims every function with that id on every node that gets the
 * arguments, so by id is allowed only where it can be shown to take exactly what was declared; everything else goes by
 * address, with the device's identity checked on the node.
 */
import {
  classCode,
  compareNatural,
  groupBy,
  pciClassFamily,
  type Device,
  type Fleet,
  type NodePlatform,
  type NodePool,
  type Passthrough,
  type PciId,
} from '../model';
import type { BindingStrategy, StrategyChoice } from './analysis';
import { isClaimed, selectorIds, type BoundFunctions } from './bindings';
import type { DeclaredNode } from './nodes';
import { unitInWords } from './preparation-units';

/** What the choice depends on: the unit with everything bound on its nodes. */
export interface StrategyInput {
  readonly fleet: Fleet;
  readonly nodes: readonly DeclaredNode[];
  readonly bound: readonly BoundFunctions[];
  /** How many nodes of the unit the fleet does not declare; undefined: not known. */
  readonly undeclaredNodes: number | undefined;
  readonly unitName: string;
  readonly platform: NodePlatform;
  /** Whether other pools get this unit's files and arguments too, as custom pools get those of `worker`. */
  readonly isInherited: boolean;
  readonly deviceByName: ReadonlyMap<string, Device>;
}

/** The strategy of every declaration of a unit, with its reason. */
export function chooseStrategies(input: StrategyInput, pools: readonly NodePool[]): StrategyChoice[] {
  const ours = input.bound.filter(({ passthrough }) => passthrough.binding !== 'external');
  const boundByNode = groupBy(ours, ({ node }) => node);
  const boundBy = groupBy(input.bound, ({ passthrough }) => passthrough);
  return pools.flatMap((pool) =>
    pool.passthrough.map((passthrough): StrategyChoice => {
      const device = input.deviceByName.get(passthrough.device);
      const against = reasonsAgainstId(input, selectorIds(device), boundBy.get(passthrough) ?? [], boundByNode);
      const againstId = against.map(({ text }) => text);
      const { strategy, reason } = isClaimed(device)
        ? { strategy: 'external' as const, reason: 'its driver binds it when a VM claims it' }
        : choose(passthrough, againstId, input.platform);
      const shownAgainstId = against.filter(({ isShown }) => isShown).map(({ text }) => text);
      return { pool, passthrough, strategy, reason, againstId, shownAgainstId };
    }),
  );
}

function choose(
  { binding, addresses }: Passthrough,
  againstId: readonly string[],
  platform: NodePlatform,
): { readonly strategy: BindingStrategy; readonly reason: string } {
  if (binding !== 'auto') return { strategy: binding, reason: `the fleet says \`binding: ${binding}\`` };
  if (platform === 'talos') {
    return {
      strategy: 'address',
      reason: 'Talos reads no modprobe.d, so only an address takes a function back from the driver that came first',
    };
  }
  if (addresses.kind !== 'all-matching') {
    return {
      strategy: 'address',
      reason: 'the fleet lists addresses, so that one more node changes nothing for the others',
    };
  }
  const [first] = againstId;
  if (first === undefined) {
    return { strategy: 'id', reason: 'every function with this id on every node of the pool is declared' };
  }
  return { strategy: 'address', reason: first };
}

/** A reason against binding by id: something that is there, or only something that nobody has looked at. */
interface ReasonAgainstId {
  readonly text: string;
  readonly isShown: boolean;
}

function reasonsAgainstId(
  input: StrategyInput,
  ids: readonly PciId[],
  bound: readonly BoundFunctions[],
  boundByNode: ReadonlyMap<string, readonly BoundFunctions[]>,
): ReasonAgainstId[] {
  const unit = unitInWords({ name: input.unitName, platform: input.platform });
  const reasons: ReasonAgainstId[] = [];
  const shown = (text: string): number => reasons.push({ text, isShown: true });
  const unknown = (text: string): number => reasons.push({ text, isShown: false });
  if (ids.length === 0) shown('the device has no well-formed selector');
  const late = bound.flatMap((b) => b.devices).find((fact) => !mayBindById(fact.class));
  if (late !== undefined) {
    if (late.class === undefined) unknown(`the class of ${late.address} is not known`);
    else shown(`class ${classCode(late.class)} is not bound by id: its driver may hold it before the ids are read`);
  }
  if (input.isInherited) unknown(`custom pools inherit what ${unit} gets`);
  const companion = bound.flatMap((b) => b.companions)[0];
  if (companion !== undefined) shown(`companion ${companion.address} has to be bound with it`);
  const blind = input.nodes.filter((node) => node.inventory === undefined).map((node) => node.name);
  if (blind.length > 0) unknown(`there is no inventory of ${nameSome(blind)}`);
  if (input.undeclaredNodes === undefined) {
    unknown(`the fleet does not know every node of ${unit}`);
  } else if (input.undeclaredNodes > 0) {
    unknown(`${unit} has ${input.undeclaredNodes} nodes that the fleet does not declare`);
  }
  const wanted = new Set(ids);
  const matching = input.nodes.flatMap((node) =>
    node.functions
      .filter(({ fact }) => fact.id !== undefined && wanted.has(fact.id))
      .map(({ fact }) => ({ fact, node: node.name })),
  );
  const inWords = ({ fact, node }: (typeof matching)[number]): string => `${node} ${fact.address}`;
  const isBound = ({ fact, node }: (typeof matching)[number]): boolean =>
    (boundByNode.get(node) ?? []).some(
      ({ devices, companions }) => devices.includes(fact) || companions.includes(fact),
    );
  const undeclared = matching.filter((one) => !isBound(one)).map(inWords);
  if (undeclared.length > 0) shown(`the id also matches ${nameSome(undeclared)}, which is not declared`);
  const shared = matching.find(({ fact }) => fact.physicalFunction !== undefined || (fact.totalVfs ?? 0) > 0);
  if (shared !== undefined) shown(`${inWords(shared)} is a physical or virtual function of SR-IOV`);
  const parents = mediatedParents(input);
  if (ids.some((id) => parents.has(id))) shown('mediated devices are made from functions with this id');
  return reasons;
}

function mayBindById(pciClass: Parameters<typeof pciClassFamily>[0] | undefined): boolean {
  if (pciClass === undefined) return false;
  const family = pciClassFamily(pciClass);
  return family === 'display' || family === 'processing';
}

function mediatedParents(input: StrategyInput): Set<PciId> {
  const parents = new Set<PciId>();
  for (const node of input.nodes) {
    for (const pool of node.pools) {
      for (const use of pool.mediatedDevices) {
        const device = input.deviceByName.get(use.device);
        if (device?.kind !== 'mdev' && device?.kind !== 'vgpu') continue;
        if (device.parent?.id !== undefined) parents.add(device.parent.id);
      }
    }
  }
  return parents;
}

function nameSome(names: readonly string[]): string {
  const sorted = [...names].sort(compareNatural);
  const shown = sorted.slice(0, 3).join(', ');
  return sorted.length > 3 ? `${shown} and ${sorted.length - 3} more` : shown;
}
