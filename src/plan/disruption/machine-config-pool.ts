/*
 * What a change does to the nodes of one MachineConfigPool. What the fleet no longer writes is protected from pruning and stays in force
 * until somebody deletes it; so there are two moments, each with a rendered config of its own: the merge, and the deletion afterwards.
 */
import { compareNatural } from '../../model';
import type { ObjectState, UnitState } from '../baseline/baseline';
import type { Disruption } from './disruption';
import { paceOf } from './pace';
import { compareRendered, configsOfPool, daemonAct, renderConfigs, type DisruptionReason } from './rendered-config';
import type { Side, Sides } from './sides';

/** The disruptions of a pool, and of pools of others that get what it gets. */
export function poolDisruptions(name: string, sides: Sides): Disruption[] {
  const { before, after } = sides;
  const earlier = before.units.get(name);
  const later = after.units.get(name);
  const unit = later ?? earlier;
  if (unit === undefined) return [];
  const at = moments(sides, unit, earlier, later);
  const { settled, joining } = membersOf(name, sides, earlier, later);
  const total = later?.liveNodeCount ?? earlier?.liveNodeCount;
  const declared = settled.length + joining.length;
  const pace = paceOf(
    name,
    unit.maxUnavailable ?? earlier?.maxUnavailable,
    total ?? (unit.isCustom ? declared : undefined),
  );
  const policies = after.baseline.cluster.disruptionPolicies;
  const isPaused = later?.isPaused ?? earlier?.isPaused ?? false;
  const common = { unit: name, platform: 'openshift' as const, pace, isPaused, needsReboot: false };
  const disruptions: Disruption[] = [];
  const add = (
    when: Disruption['when'],
    reasons: readonly DisruptionReason[],
    inheritedFrom: string | undefined,
  ): void => {
    const act = daemonAct(reasons, policies);
    if (reasons.length === 0 || act === 'none' || (unit.isCustom && settled.length === 0 && (total ?? 0) === 0)) return;
    const leftBehind = when === 'deletion' ? at.leftBehind : [];
    disruptions.push({ ...common, act, when, nodes: settled, nodeCount: total, reasons, inheritedFrom, leftBehind });
    for (const heir of when === 'merge' ? unit.inheritedBy.filter((one) => !before.units.has(one.name)) : [])
      disruptions.push({
        ...common,
        unit: heir.name,
        isPaused: false,
        pace: { atATime: undefined, because: 'its maxUnavailable is not known' },
        act,
        when,
        nodes: [],
        nodeCount: heir.nodeCount,
        reasons,
        inheritedFrom: name,
        leftBehind,
      });
  };
  add('merge', at.mergeReasons, at.isInherited ? 'worker' : undefined);
  for (const { from, nodes } of joining) {
    const origin = from === undefined ? undefined : before.units.get(from);
    const had =
      origin === undefined ? (before.units.get('worker')?.configs ?? []) : configsOfPool(before.units, origin);
    const differing = compareRendered(renderConfigs(had), at.rendered);
    const reasons: DisruptionReason[] = [{ kind: 'joins', nodes, from }, ...differing];
    disruptions.push({
      ...common,
      act: 'reboot',
      when: 'merge',
      nodes,
      nodeCount: nodes.length,
      reasons,
      inheritedFrom: undefined,
      leftBehind: [],
    });
  }
  add('deletion', at.deletionReasons, undefined);
  return disruptions;
}

interface Moments {
  /** What the nodes have once the change is merged. */
  readonly rendered: ReturnType<typeof renderConfigs>;
  readonly mergeReasons: readonly DisruptionReason[];
  readonly deletionReasons: readonly DisruptionReason[];
  readonly leftBehind: readonly string[];
  /** Only what the pool gets from `worker` changes. */
  readonly isInherited: boolean;
}

function moments(
  { before, after }: Sides,
  unit: UnitState,
  earlier: UnitState | undefined,
  later: UnitState | undefined,
): Moments {
  // a pool that is new to the fleet has had what `worker` has
  const start = earlier ?? { ...unit, configs: [], objects: [] };
  const end = later ?? { ...unit, configs: [], objects: [] };
  const had = configsOfPool(before.units, start);
  const written = configsOfPool(after.units, end);
  const names = namesWritten(after);
  const isLeft = ({ kind, name }: ObjectState): boolean => !names.has(`${kind} ${name}`);
  const leftConfigs = had.filter(isLeft);
  const leftKubelets = start.objects.filter((state) => isKubelet(state) && isLeft(state));
  const rendered = renderConfigs([...written, ...leftConfigs]);
  const kubelets = [...end.objects, ...leftKubelets];
  // what a live cluster has and the fleet does not write is others', and nobody deletes it
  const isOurs = before.baseline.origin !== 'live';
  const inRendered = compareRendered(renderConfigs(had), rendered);
  return {
    rendered,
    mergeReasons: [...inRendered, ...kubeletReasons(start.objects, kubelets)],
    deletionReasons: isOurs
      ? [...compareRendered(rendered, renderConfigs(written)), ...kubeletReasons(kubelets, end.objects)]
      : [],
    leftBehind: isOurs ? [...leftConfigs, ...leftKubelets].map(({ name }) => name).sort(compareNatural) : [],
    isInherited:
      unit.isCustom &&
      inRendered.length > 0 &&
      compareRendered(renderConfigs(start.configs), renderConfigs(end.configs)).length === 0,
  };
}

function namesWritten({ units }: Side): ReadonlySet<string> {
  return new Set(
    [...units.values()].flatMap(({ configs, objects }) =>
      [...configs, ...objects].map(({ kind, name }) => `${kind} ${name}`),
    ),
  );
}

function isKubelet({ kind }: ObjectState): boolean {
  return kind === 'KubeletConfig';
}

/** The operator makes a MachineConfig of each KubeletConfig, so a change of one reboots (node-prep.md fact 147). */
function kubeletReasons(before: readonly ObjectState[], after: readonly ObjectState[]): DisruptionReason[] {
  const earlier = new Map(before.filter(isKubelet).map((state) => [state.name, state]));
  const later = new Map(after.filter(isKubelet).map((state) => [state.name, state]));
  return [...new Set([...earlier.keys(), ...later.keys()])].sort(compareNatural).flatMap((name): DisruptionReason[] => {
    const [from, to] = [earlier.get(name), later.get(name)];
    if (from === undefined) return [{ kind: 'kubelet', name, act: 'added' }];
    if (to === undefined) return [{ kind: 'kubelet', name, act: 'removed' }];
    return isSameObject(from, to) ? [] : [{ kind: 'kubelet', name, act: 'changed' }];
  });
}

function isSameObject(a: ObjectState, b: ObjectState): boolean {
  if (a.spec !== undefined && b.spec !== undefined) return a.spec === b.spec;
  return a.hash === undefined || b.hash === undefined || a.hash === b.hash;
}

interface Members {
  /** Nodes that are in the pool already, or stay in it until it is deleted. */
  readonly settled: readonly string[];
  /** Nodes that come into it, by where they come from; undefined: the fleet did not know them. */
  readonly joining: readonly { readonly from: string | undefined; readonly nodes: readonly string[] }[];
}

function membersOf(
  name: string,
  { before, after }: Sides,
  earlier: UnitState | undefined,
  later: UnitState | undefined,
): Members {
  // what the fleet no longer names keeps its label, and gets what the pool gets
  const left = (before.nodesByUnit.get(name) ?? []).filter((node) => !after.unitByNode.has(node));
  if (later === undefined) return { settled: left, joining: [] };
  const nodes = after.nodesByUnit.get(name) ?? [];
  // a live pool that has as many nodes has them already
  const isLivePool = earlier === undefined && (later.liveNodeCount ?? 0) >= nodes.length;
  const groups = new Map<string | undefined, string[]>();
  const settled: string[] = [...left];
  for (const node of nodes) {
    const from = before.unitByNode.get(node);
    const isMember =
      from === name ||
      (from === undefined &&
        (!later.isCustom || isLivePool || (earlier !== undefined && before.baseline.origin === 'live')));
    if (isMember) settled.push(node);
    else groups.set(from, [...(groups.get(from) ?? []), node]);
  }
  return { settled: settled.sort(compareNatural), joining: [...groups].map(([from, own]) => ({ from, nodes: own })) };
}
