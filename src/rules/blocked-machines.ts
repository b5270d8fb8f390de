/*
 * VMs that stay Pending because of taints: each node that has their devices keeps them away. VMs of one placement and one list of
 * tolerations share the answer.
 */
import { tolerates, type AnalysedMachine, type AnalysedNode, type Analysis } from '../analysis';
import type { JsonValue, Taint } from '../model';
import { placeAt, type Place } from '../source';
import { demandsOf } from './machines';
import { handlerTolerates, keepsAway } from './taints';

/** A taint with the node that has it, and where it is written. */
export interface BlockingTaint {
  readonly node: AnalysedNode;
  readonly taint: Taint;
  readonly place: Place;
  /** Whether only the live Node shows it, on a node of a pool that hands devices over: `node/undeclared-taint`. */
  readonly isUndeclared: boolean;
}

/** A VM that tolerates none of the nodes that have its devices. */
export interface BlockedMachine {
  readonly machine: AnalysedMachine;
  /** One taint of each of these nodes. */
  readonly taints: readonly BlockingTaint[];
}

const BLOCKED = new WeakMap<Analysis, readonly BlockedMachine[]>();

/**
 * The VMs that ask for devices and that every node with these keeps away. A taint that virt-handler does not tolerate either is left out:
 * nothing is advertised there, which is a finding of its own.
 */
export function blockedMachines(analysis: Analysis): readonly BlockedMachine[] {
  let blocked = BLOCKED.get(analysis);
  if (blocked === undefined) BLOCKED.set(analysis, (blocked = findBlocked(analysis)));
  return blocked;
}

function findBlocked(analysis: Analysis): BlockedMachine[] {
  const taintsOf = new Map(analysis.nodes.map((node) => [node, taintsOn(analysis, node)]));
  if ([...taintsOf.values()].every((taints) => taints.length === 0)) return [];
  const known = new Map<readonly AnalysedNode[], Map<string, readonly BlockingTaint[]>>();
  return analysis.machines.flatMap((machine) => {
    if (machine.fits.length === 0 || demandsOf(machine).length === 0) return [];
    const tolerations = tolerationsOf(analysis, machine);
    const byTolerations = known.get(machine.fits) ?? new Map<string, readonly BlockingTaint[]>();
    known.set(machine.fits, byTolerations);
    const key = JSON.stringify([tolerations.typed, tolerations.added]);
    let taints = byTolerations.get(key);
    if (taints === undefined) byTolerations.set(key, (taints = blockingTaints(machine.fits, taintsOf, tolerations)));
    return taints.length === 0 ? [] : [{ machine, taints }];
  });
}

interface Tolerations {
  readonly typed: readonly JsonValue[];
  /** What hostdev adds for the node or the pool that the VM names. */
  readonly added: readonly Taint[];
}

function tolerationsOf({ nodeByName, poolByName }: Analysis, { machine }: AnalysedMachine): Tolerations {
  const typed = machine.spec['tolerations'];
  const pool = machine.pool === undefined ? undefined : poolByName.get(machine.pool);
  const pools = machine.node === undefined ? (pool === undefined ? [] : [pool]) : nodeByName.get(machine.node)?.pools;
  return {
    typed: Array.isArray(typed) ? (typed as readonly JsonValue[]) : [],
    added: (pools ?? []).flatMap(({ taints }) => taints),
  };
}

/** One taint of each node; none where a node lets the VM in. */
function blockingTaints(
  nodes: readonly AnalysedNode[],
  taintsOf: ReadonlyMap<AnalysedNode, readonly BlockingTaint[]>,
  { typed, added }: Tolerations,
): readonly BlockingTaint[] {
  const blocking: BlockingTaint[] = [];
  for (const node of nodes) {
    const taint = taintsOf
      .get(node)
      ?.find(
        (one) =>
          !typed.some((toleration) => tolerates(toleration, one.taint)) && !added.some((own) => isSame(own, one.taint)),
      );
    if (taint === undefined) return [];
    blocking.push(taint);
  }
  return blocking;
}

function isSame(declared: Taint, taint: Taint): boolean {
  return (
    declared.key === taint.key &&
    declared.effect === taint.effect &&
    (declared.value === undefined || declared.value === (taint.value ?? ''))
  );
}

function taintsOn({ current }: Analysis, node: AnalysedNode): BlockingTaint[] {
  const handler = current?.kubevirt;
  const declared = node.pools.flatMap((pool) =>
    pool.taints.map((taint, i) => ({ node, taint, place: placeAt(pool.place, 'taints', i), isUndeclared: false })),
  );
  const live = (node.live?.taints ?? [])
    .filter((taint) => !isTransient(taint) && !declared.some((one) => isSame(one.taint, taint)))
    .map((taint) => ({ node, taint, place: taint.place, isUndeclared: node.pools.some(handsOver) }));
  return [...declared, ...live].filter(
    ({ taint }) => keepsAway(taint) && (handler === undefined || handlerTolerates(handler, taint)),
  );
}

function handsOver({ passthrough, mediatedDevices, usb }: AnalysedNode['pools'][number]): boolean {
  return passthrough.length > 0 || mediatedDevices.length > 0 || usb.length > 0;
}

/** Whether Kubernetes itself sets a taint for a while. */
export function isTransient({ key }: Taint): boolean {
  return key.startsWith('node.kubernetes.io/') || key.startsWith('node.cloudprovider.kubernetes.io/');
}
