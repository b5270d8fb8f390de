/*
 * The order in which a change is safe. What takes a device away must not come before the VMs have let it go, and what gives one must not
 * come before nodes are ready for it: so VMs let go first, then the configuration withdraws, then nodes are prepared anew, then the
 * configuration offers, then VMs ask.
 *
 * `kubevirt` comes behind `node-prep` within one merge, so what has to be the other way round takes two (node-prep.md facts 46 and 148).
 */
import type { FoundHazard } from '../../diagnostics';
import type { Change } from '../changes/change';
import { machineName } from '../changes/comparisons';
import { changesOf } from '../changes/diff-baselines';
import type { MergeStep, PlanInput } from '../plan';
import { counted, shortList } from '../words';
import { kindsOf, releaseTitle, returnTitle } from './device-users';

/** Hazards that another order takes away: with VMs that use what goes, or with nodes that change their pool. */
const ORDERED: ReadonlySet<string> = new Set([
  'changes-provider',
  'moves-nodes',
  'rebinds-driver',
  'removes-mediated-devices',
  'strands-virtual-machines',
]);

type Stage = 'release' | 'withdraw' | 'prepare' | 'offer' | 'use';

/** Which of them what brings the others into the cluster is shown with: nodes need its labels and rights, or else the latest. */
const STAGES: readonly Stage[] = ['prepare', 'use', 'offer', 'withdraw', 'release'];

/** The merges, in order; none where this merge is as safe as several are. */
export function mergeSequence(input: PlanInput, hazards: readonly FoundHazard[]): MergeStep[] {
  const ordered = hazards.filter(
    ({ name, radius }) => ORDERED.has(name) && (radius.machines.length > 0 || name === 'moves-nodes'),
  );
  if (ordered.length === 0 && !sharesOut(input)) return [];
  const users = [...new Set(ordered.flatMap(({ radius }) => radius.machines))];
  const byStage = new Map<Stage, string[]>();
  const isUser = new Set(users);
  // the objects that carry both go with what comes last
  const others = input.changes.some((change) => OFFERS.has(change.kind) && change.sign !== 'removed')
    ? 'offer'
    : 'withdraw';
  // what nodes have is the consequence of what prepares them, or else of what is permitted
  const ofNodes = input.changes.some((change) => isPreparation(change)) ? 'prepare' : others;
  for (const change of input.changes) {
    if (isCompanion(change)) continue;
    const stage = stageOf(change, isUser, { others, ofNodes });
    byStage.set(stage, [...(byStage.get(stage) ?? []), change.key]);
  }
  const companions = input.changes.filter(isCompanion).map(({ key }) => key);
  const carrier = STAGES.find((stage) => byStage.has(stage)) ?? 'prepare';
  byStage.set(carrier, [...(byStage.get(carrier) ?? []), ...companions]);
  const of = (stage: Stage): readonly string[] => byStage.get(stage) ?? [];
  const steps: MergeStep[] = [];
  if (users.length > 0)
    steps.push({
      title: releaseTitle(kindsOf(input, users)),
      why: 'whoever has a device must have let it go before it is withdrawn',
      changes: of('release'),
      waitFor: `no instance of ${users.length === 1 ? 'it' : 'them'} is left`,
    });
  if (of('withdraw').length > 0)
    steps.push({
      title: `withdraw what KubeVirt permits and makes: ${namesOf(input, of('withdraw'))}`,
      why: 'what is not advertised is handed to nobody while nodes change',
      changes: of('withdraw'),
      waitFor: 'no node has it in its allocatable any more',
    });
  const prepares = changesOn(input, of('prepare'));
  const left = input.disruptions.flatMap(({ leftBehind }) => leftBehind);
  if (prepares.length > 0)
    steps.push({
      title: `${preparationTitle(prepares)}${left.length === 0 ? '' : `, and delete ${shortList(left)} by hand`}`,
      why: preparationReason(input, prepares),
      changes: of('prepare'),
      waitFor: rebooting(input),
    });
  if (of('offer').length > 0) {
    const offered = changesOn(input, of('offer'));
    const isNew = offered.some(({ kind, sign }) => OFFERS.has(kind) && (sign === 'added' || sign === 'renamed'));
    steps.push({
      title: `${isNew ? 'permit what is new' : 'change what KubeVirt permits and makes'}: ${namesOf(input, of('offer'))}`,
      why: 'a resource that no node has yet leaves VMs Pending',
      changes: of('offer'),
      waitFor: 'every node has in its allocatable what is predicted',
    });
  }
  const last = lastStep(input, users, of('use'));
  if (last !== undefined) steps.push(last);
  return steps.length > 1 ? steps : [];
}

/** Whether a function that VMs get whole is to be shared out from now on, or the reverse: its driver changes at a reboot in between. */
function sharesOut({ changes }: PlanInput): boolean {
  return changesOf(changes, 'function').some(
    (change) =>
      change.sign === 'changed' && (change.before.state.by === 'mediated') !== (change.after.state.by === 'mediated'),
  );
}

const OFFERS: ReadonlySet<Change['kind']> = new Set(['permitted', 'mediated', 'gate', 'setting']);

interface Elsewhere {
  /** Where the objects go that carry the configuration. */
  readonly others: Stage;
  /** Where it shows what nodes and functions become. */
  readonly ofNodes: Stage;
}

function stageOf(change: Change, users: ReadonlySet<string>, { others, ofNodes }: Elsewhere): Stage {
  if (change.kind === 'machine') {
    // where no VM has to let go, there is no merge in which one does
    if (change.sign === 'removed') return users.size > 0 ? 'release' : 'use';
    return change.sign !== 'added' && users.has(machineName(change.before)) && asksForLess(change) ? 'release' : 'use';
  }
  if (OFFERS.has(change.kind)) return change.sign === 'removed' ? 'withdraw' : 'offer';
  if (isPreparation(change)) return 'prepare';
  if (change.kind !== 'object') return ofNodes;
  return pathOf(change).startsWith('virtual-machines/') ? 'use' : others;
}

/** What `cluster.gitops` writes about the rest: each merge has its own, so it is no step of its own. */
function isCompanion(change: Change): boolean {
  return change.kind === 'object' && pathOf(change).startsWith('gitops/');
}

function pathOf(change: Extract<Change, { kind: 'object' }>): string {
  return (change.sign === 'removed' ? change.before : change.after).state.path;
}

/** What is written for nodes: what prepares them, and the plugins on them. */
function isPreparation(change: Change): boolean {
  if (change.kind === 'unit' || change.kind === 'config' || change.kind === 'policy') return true;
  if (change.kind !== 'object') return change.kind === 'node' && isMove(change);
  return isPlugin(change) || (change.sign === 'removed' ? change.before : change.after).unit !== undefined;
}

function isMove(change: Extract<Change, { kind: 'node' }>): boolean {
  return change.sign === 'changed' && change.before.unit !== change.after.unit;
}

function preparationTitle(changes: readonly Change[]): string {
  const written = changes.filter(isPreparation);
  const plugins = written.filter((change) => change.kind === 'object' && isPlugin(change));
  const many = counted(written.length, 'change');
  if (plugins.length === written.length) return `change the device plugins: ${many} under device-plugins`;
  return `prepare the nodes: ${many} under node-prep${plugins.length > 0 ? ' and device-plugins' : ''}`;
}

function preparationReason(input: PlanInput, changes: readonly Change[]): string {
  if (movesNodes(input))
    return 'a node changes its pool by one label; the old pool is deleted by hand once it is empty';
  if (input.disruptions.some(({ act }) => act === 'reboot'))
    return 'devices change hands at the reboot, when nobody has them';
  return changes.every((change) => change.kind === 'object' && isPlugin(change))
    ? 'a plugin comes or goes when nobody has its devices'
    : 'devices change hands when nobody has them';
}

/** The last merge; undefined where no VM is left to start. */
function lastStep(input: PlanInput, users: readonly string[], use: readonly string[]): MergeStep | undefined {
  const machines = changesOf(input.changes, 'machine');
  const removed = new Set(
    machines.flatMap((change) => (change.sign === 'removed' ? [machineName(change.before)] : [])),
  );
  const returning = users.filter((user) => !removed.has(user));
  const kinds = kindsOf(input, returning);
  if (use.length === 0 && returning.length === 0) return undefined;
  const wanted = new Set(use);
  const asks = machines.some(
    (change) =>
      wanted.has(change.key) && (change.sign === 'added' || (change.sign !== 'removed' && asksOtherwise(change))),
  );
  const offers = asks || input.changes.some(({ kind, sign }) => OFFERS.has(kind) && sign !== 'removed');
  if (offers || use.length > 0)
    return {
      title:
        asks || returning.length > 0
          ? `let VMs ask for it${returning.length === 0 ? '' : `, and ${kinds.instances.length === returning.length ? 'make' : 'start'} them`}`
          : 'write the VMs',
      why: offers ? 'now there is something for them' : 'what they ask for is there',
      changes: use,
      waitFor: 'they run',
    };
  return {
    title: returnTitle(kinds),
    why: 'what nobody was to have meanwhile has changed hands',
    changes: use,
    waitFor: returning.length === 1 ? 'it runs' : 'they run',
  };
}

function isPlugin(change: Extract<Change, { kind: 'object' }>): boolean {
  return pathOf(change).startsWith('device-plugins/');
}

function asksForLess(change: Extract<Change, { kind: 'machine' }>): boolean {
  if (change.sign === 'added' || change.sign === 'removed') return false;
  const left = [...change.after.gpus, ...change.after.hostDevices];
  return left.length < change.before.gpus.length + change.before.hostDevices.length;
}

function asksOtherwise({ fields }: { readonly fields: readonly { readonly field: string }[] }): boolean {
  return fields.some(({ field }) => field === 'gpus' || field === 'hostDevices');
}

function movesNodes({ changes }: PlanInput): boolean {
  return changesOf(changes, 'node').some(isMove);
}

function rebooting({ disruptions }: PlanInput): string {
  const units = [...new Set(disruptions.filter(({ act }) => act === 'reboot').map(({ unit }) => unit))];
  return units.length === 0
    ? 'it is applied on every node'
    : `${shortList(units)} ${units.length === 1 ? 'is' : 'are'} updated`;
}

function changesOn({ changes }: PlanInput, keys: readonly string[]): Change[] {
  const wanted = new Set(keys);
  return changes.filter(({ key }) => wanted.has(key));
}

/** By the names that they have from then on: those of entries, and of what carries them where nothing else is known. */
function namesOf(input: PlanInput, keys: readonly string[]): string {
  const all = changesOn(input, keys);
  const entries = all.filter(({ kind }) => OFFERS.has(kind));
  return shortList(
    (entries.length > 0 ? entries : all).map((change) => (change.sign === 'renamed' ? change.newName : change.name)),
  );
}
