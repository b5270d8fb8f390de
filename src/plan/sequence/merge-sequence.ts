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

/** Hazards that another order takes away: with VMs that use what goes, or with nodes that change their pool. */
const ORDERED: ReadonlySet<string> = new Set([
  'changes-provider',
  'moves-nodes',
  'rebinds-driver',
  'removes-mediated-devices',
  'strands-virtual-machines',
]);

type Stage = 'release' | 'withdraw' | 'prepare' | 'offer' | 'use';

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
  for (const change of input.changes) {
    const stage = stageOf(change, isUser, others);
    byStage.set(stage, [...(byStage.get(stage) ?? []), change.key]);
  }
  const of = (stage: Stage): readonly string[] => byStage.get(stage) ?? [];
  const steps: MergeStep[] = [];
  if (users.length > 0)
    steps.push({
      title: `stop ${shortList(users)} (\`runStrategy: Halted\`), and take the devices out of ${users.length === 1 ? 'it' : 'them'}`,
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
  const left = input.disruptions.flatMap(({ leftBehind }) => leftBehind);
  if (of('prepare').length > 0)
    steps.push({
      title: `prepare the nodes: ${counted(of('prepare').length, 'change')} under node-prep and device-plugins${left.length === 0 ? '' : `, and delete ${shortList(left)} by hand`}`,
      why: movesNodes(input)
        ? 'a node changes its pool by one label; the old pool is deleted by hand once it is empty'
        : 'devices change hands at the reboot, when nobody has them',
      changes: of('prepare'),
      waitFor: rebooting(input),
    });
  if (of('offer').length > 0)
    steps.push({
      title: `permit what is new: ${namesOf(input, of('offer'))}`,
      why: 'a resource that no node has yet leaves VMs Pending',
      changes: of('offer'),
      waitFor: 'every node has in its allocatable what is predicted',
    });
  if (of('use').length > 0 || users.length > 0)
    steps.push({
      title: users.length === 0 ? 'let VMs ask for it' : 'let VMs ask for it, and start them',
      why: 'now there is something for them',
      changes: of('use'),
      waitFor: 'they run',
    });
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

function stageOf(change: Change, users: ReadonlySet<string>, others: 'offer' | 'withdraw'): Stage {
  if (change.kind === 'machine') {
    if (change.sign === 'removed') return 'release';
    return change.sign !== 'added' && users.has(machineName(change.before)) && asksForLess(change) ? 'release' : 'use';
  }
  if (OFFERS.has(change.kind)) return change.sign === 'removed' ? 'withdraw' : 'offer';
  if (change.kind !== 'object' || isPlugin(change)) return 'prepare';
  return (change.sign === 'removed' ? change.before : change.after).unit === undefined ? others : 'prepare';
}

function isPlugin(change: Extract<Change, { kind: 'object' }>): boolean {
  return (change.sign === 'removed' ? change.before : change.after).state.path.startsWith('device-plugins/');
}

function asksForLess(change: Extract<Change, { kind: 'machine' }>): boolean {
  if (change.sign === 'added' || change.sign === 'removed') return false;
  const left = [...change.after.gpus, ...change.after.hostDevices];
  return left.length < change.before.gpus.length + change.before.hostDevices.length;
}

function movesNodes({ changes }: PlanInput): boolean {
  return changesOf(changes, 'node').some(
    (change) => change.sign === 'changed' && change.before.unit !== change.after.unit,
  );
}

function rebooting({ disruptions }: PlanInput): string {
  const units = [...new Set(disruptions.filter(({ act }) => act === 'reboot').map(({ unit }) => unit))];
  return units.length === 0
    ? 'it is applied on every node'
    : `${shortList(units)} ${units.length === 1 ? 'is' : 'are'} updated`;
}

function namesOf({ changes }: PlanInput, keys: readonly string[]): string {
  const wanted = new Set(keys);
  return shortList(changes.filter(({ key }) => wanted.has(key)).map(({ name }) => name));
}
