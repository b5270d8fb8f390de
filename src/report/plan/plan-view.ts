/*
 * A plan as people read it, before it is text or Markdown: sections with items, each a line with details below it. Nothing in it is
 * escaped.
 */
import type { FoundHazard } from '../../diagnostics';
import {
  isOneNode,
  joinsInWords,
  nodesInWords,
  nodesReached,
  missingInWords,
  pausedInWords,
  reasonsInWords,
  shortList,
  type CapacityChange,
  type Change,
  type Disruption,
  type HandlerRestart,
  type MachineEffect,
  type MediatedRemoval,
  type Plan,
  type StrandedMachines,
} from '../../plan';
import { counted } from '../closing-lines';
import { fieldLines, headOf, SIGNS } from './change-words';

/** A plan with what the user said about it. */
export interface PlanToShow {
  readonly plan: Plan;
  /** What the earlier and the later side are called. */
  readonly from: string;
  readonly to: string;
  /** Names of hazards that the user accepts. */
  readonly allowed: ReadonlySet<string>;
}

/** One line with what belongs to it. */
export interface ViewItem {
  /** `+ - ~ =` for a change; undefined for the others. */
  readonly sign: string | undefined;
  readonly head: string;
  readonly details: readonly string[];
  /** Set for a hazard. */
  readonly hazard?: FoundHazard & { readonly isAllowed: boolean };
}

/** Items under one heading. */
export interface ViewSection {
  readonly title: string;
  readonly items: readonly ViewItem[];
  /** What is left out because there is too much of it: `and 12 more added VirtualMachine`. */
  readonly more: readonly string[];
}

/** As many changes of one kind and sign as people read. */
const MOST_ALIKE = 12;

/** The sections of a plan that have anything in them. */
export function viewOf({ plan, allowed }: PlanToShow): ViewSection[] {
  const sections: ViewSection[] = [
    changeSection(plan),
    { title: 'nodes', items: plan.disruptions.map(disruptionItem), more: [] },
    { title: 'VMs on those nodes', items: plan.machines.map(machineItem), more: [] },
    {
      title: 'devices',
      items: [
        ...plan.mediatedRemovals.map(removalItem),
        ...plan.capacity.map(capacityItem),
        ...plan.stranded.map(strandedItem),
        ...plan.handlerRestarts.map(restartItem),
      ],
      more: [],
    },
    { title: 'hazards', items: plan.hazards.map((hazard) => hazardItem(hazard, allowed)), more: [] },
    {
      title: 'safe order, merge by merge',
      items: plan.sequence.map(({ title, why, waitFor, changes }, i) => ({
        sign: undefined,
        head: `${i + 1}. ${title}`,
        details: [
          why,
          ...(changes.length === 0 ? [] : [`of this plan: ${counted(changes.length, 'change')}`]),
          `then wait until ${waitFor}`,
        ],
      })),
      more: [],
    },
  ];
  return sections.filter(({ items }) => items.length > 0);
}

function changeSection({ changes, hazards }: Plan): ViewSection {
  const items: ViewItem[] = [];
  const counts = new Map<string, number>();
  const hidden = new Map<string, number>();
  const firstOf = new Map<string, FoundHazard[]>();
  for (const hazard of hazards) {
    const [first] = hazard.changes;
    if (first !== undefined) firstOf.set(first, [...(firstOf.get(first) ?? []), hazard]);
  }
  for (const change of changes) {
    const own = firstOf.get(change.key) ?? [];
    const group = `${change.sign} ${headKind(change)}`;
    const count = (counts.get(group) ?? 0) + 1;
    counts.set(group, count);
    if (count > MOST_ALIKE && own.length === 0) {
      hidden.set(group, (hidden.get(group) ?? 0) + 1);
      continue;
    }
    items.push({
      sign: SIGNS[change.sign],
      head: headOf(change),
      details: [...fieldLines(change), ...own.map(({ name, code, message }) => `hazard ${name} [${code}]: ${message}`)],
    });
  }
  const more = [...hidden].map(([group, count]) => `and ${count} more: ${group}`);
  return { title: 'changes', items, more };
}

function headKind(change: Change): string {
  if (change.kind !== 'machine') return change.kind;
  return change.sign === 'removed' ? change.before.kind : change.after.kind;
}

/** What happens to nodes, as one clause. */
export function disruptionHead(disruption: Disruption): string {
  const { unit, platform, act, when, pace, reasons, inheritedFrom } = disruption;
  const who = nodesInWords(disruption);
  const one = isOneNode(disruption);
  const where = platform === 'openshift' ? `machine config pool ${unit}` : `pool ${unit}`;
  const through = inheritedFrom === undefined ? '' : `, through ${inheritedFrom}`;
  const moment = when === 'deletion' ? ' once what is left behind is deleted' : '';
  switch (act) {
    case 'reboot': {
      const speed = pace.atATime === undefined || one ? '' : `, ${pace.atATime} at a time`;
      const joins = joinsInWords(disruption);
      return `${where}${through}: ${who}${joins === undefined ? '' : ` that ${joins}`} ${one ? 'reboots' : 'reboot'}${speed}${moment}`;
    }
    case 'drain':
      return `${where}${through}: ${who} ${one ? 'is' : 'are'} drained and not rebooted${moment}`;
    case 'reinstall':
      return `${where}: nothing happens to ${who} until ${one ? 'it is' : 'they are'} installed again`;
    case 'run-installer':
      return `${where}: nothing happens to ${who} until the installer is run there${disruption.needsReboot ? ', and a reboot follows' : ''}`;
    case 'apply-config':
      return `${where}: nothing happens to ${who} until the config is applied there${disruption.needsReboot ? `, and ${reasons.some(({ kind }) => kind === 'kernel-arguments') ? 'an upgrade to the new image reboots' : 'a reboot follows'}` : ''}`;
  }
}

function disruptionItem(disruption: Disruption): ViewItem {
  const { unit, nodes, reasons, pace, isPaused, leftBehind, act } = disruption;
  const shown = reasons.slice(0, MOST_ALIKE).map((reason) => `because of ${reasonsInWords(reason)}`);
  return {
    sign: undefined,
    head: disruptionHead(disruption),
    details: [
      ...(nodes.length === 0 ? [] : [`nodes: ${shortList(nodes)}`]),
      ...shown,
      ...(reasons.length > MOST_ALIKE ? [`and ${reasons.length - MOST_ALIKE} more reasons`] : []),
      ...(act === 'reboot' ? [pace.because] : []),
      ...(isPaused ? [pausedInWords(unit)] : []),
      ...(leftBehind.length === 0 ? [] : [`left behind, protected from pruning: ${shortList(leftBehind)}`]),
    ],
  };
}

const FATES: Readonly<Record<MachineEffect['fate'], string>> = {
  stopped: 'stopped',
  migrated: 'migrated',
  'blocks-drain': 'blocking the drain',
  'left-to-others': 'left to whoever handles its evacuation',
};

function machineItem({
  unit,
  when,
  fate,
  because,
  machines,
  isCertain,
  hasElsewhere,
  missing,
  restarts,
}: MachineEffect): ViewItem {
  const again = restarts === undefined ? '' : restarts ? ', started again by KubeVirt' : ', not started again';
  return {
    sign: undefined,
    head: `pool ${unit}: ${counted(machines.length, 'VM')} ${isCertain ? '' : 'perhaps '}${FATES[fate]}${fate === 'stopped' ? again : ''}${when === 'deletion' ? ', at the deletion' : ''}`,
    details: [
      `VMs: ${shortList(machines)}`,
      because,
      ...(hasElsewhere ? [] : ['nowhere to go while a node is out']),
      ...missing.map(missingInWords),
    ],
  };
}

function removalItem({ type, nodes, deviceCount, machines }: MediatedRemoval): ViewItem {
  const many = deviceCount === undefined ? 'mediated devices' : counted(deviceCount, 'mediated device');
  return {
    sign: undefined,
    head: `${many} of type ${type} ${deviceCount === 1 ? 'is' : 'are'} removed on ${counted(nodes.length, 'node')}`,
    details: machines.length === 0 ? [] : [`VMs that may use them: ${shortList(machines)}`],
  };
}

function capacityItem({ resource, before, after, losingNodes }: CapacityChange): ViewItem {
  return {
    sign: undefined,
    head: `${resource}: ${before ?? 'not known'} -> ${after ?? 'not known'} advertised`,
    details: losingNodes.length === 0 ? [] : [`fewer on ${shortList(losingNodes)}`],
  };
}

function strandedItem({ resource, withoutNode, shortage }: StrandedMachines): ViewItem {
  return {
    sign: undefined,
    head: `${resource}: ${withoutNode.length > 0 ? `${counted(withoutNode.length, 'VM')} left without` : `${String(shortage)} more asked for than there are`}`,
    details: withoutNode.length === 0 ? [] : [`VMs: ${shortList(withoutNode)}`],
  };
}

function restartItem({ resource, nodes }: HandlerRestart): ViewItem {
  return {
    sign: undefined,
    head: `${resource}: virt-handler has to be started again on ${nodes.length === 0 ? 'the nodes that have it' : counted(nodes.length, 'node')}`,
    details: nodes.length === 0 ? [] : [`nodes: ${shortList(nodes)}`],
  };
}

function named(names: readonly string[]): string {
  return names.length === 0 ? '' : ` (${shortList(names)})`;
}

function hazardItem(hazard: FoundHazard, allowed: ReadonlySet<string>): ViewItem {
  const { name, message, notes, help, radius, slug } = hazard;
  const isAllowed = allowed.has(name);
  const reach = [
    ...(radius.nodeCount > 0 ? [counted(radius.nodeCount, 'node') + named(radius.nodes)] : []),
    ...(radius.machines.length > 0 ? [counted(radius.machines.length, 'VM') + named(radius.machines)] : []),
  ];
  return {
    sign: undefined,
    head: message,
    details: [
      ...(reach.length === 0 ? [] : [`note: blast radius: ${reach.join(', ')}`]),
      ...notes.map((note) => `note: ${note}`),
      ...help.map((line) => `help: ${line}`),
      ...(hazard.needsAllowance && !isAllowed ? [`help: to accept the hazard, pass \`--allow ${name}\``] : []),
      `more: hostdev explain ${slug}`,
    ],
    hazard: { ...hazard, isAllowed },
  };
}

/** Names of hazards that have to be allowed and are not, each once, in the order of the plan. */
export function notAllowed({ plan, allowed }: Pick<PlanToShow, 'plan' | 'allowed'>): string[] {
  const names = plan.hazards
    .filter(({ needsAllowance, name }) => needsAllowance && !allowed.has(name))
    .map(({ name }) => name);
  return [...new Set(names)];
}

/** The lines that close a plan. */
export function closingOf(shown: PlanToShow): string[] {
  const { changes, disruptions } = shown.plan;
  if (changes.length === 0) return ['no changes'];
  const count = (...signs: readonly Change['sign'][]): number =>
    changes.filter(({ sign }) => signs.includes(sign)).length;
  const reboots = disruptions.filter(({ act, when }) => act === 'reboot' && when === 'merge');
  const unknown = reboots.some((one) => /^(?:every|at least)/.test(nodesInWords(one)));
  const rebooting = reboots.reduce((sum, one) => sum + nodesReached(one), 0);
  const devices = changedDevices(changes);
  const open = notAllowed(shown);
  return [
    `${count('added')} to add, ${count('changed', 'renamed')} to change, ${count('removed')} to remove`,
    `${unknown ? 'at least ' : ''}${counted(rebooting, 'node')} ${rebooting === 1 ? 'reboots' : 'reboot'}, ${counted(devices, 'device')} ${devices === 1 ? 'changes' : 'change'}`,
    ...(open.length === 0
      ? []
      : [
          `${counted(open.length, 'hazard')} ${open.length === 1 ? 'is' : 'are'} not allowed: ${open.join(', ')}`,
          `  to accept ${open.length === 1 ? 'it' : 'them'}: ${open.map((name) => `--allow ${name}`).join(' ')}`,
        ]),
  ];
}

/** Functions and mediated types that change, and entries that are about none of them: a device that both are about is counted once. */
function changedDevices(changes: readonly Change[]): number {
  const resources = new Set<string | undefined>();
  let devices = 0;
  for (const change of changes) {
    if (change.kind !== 'function' && change.kind !== 'mediated') continue;
    devices += 1;
    if (change.sign !== 'added') resources.add(change.before.state.resource);
    if (change.sign !== 'removed') resources.add(change.after.state.resource);
  }
  for (const change of changes) {
    if (change.kind !== 'permitted') continue;
    const isCounted =
      (change.sign !== 'added' && resources.has(change.before.resource)) ||
      (change.sign !== 'removed' && resources.has(change.after.resource));
    if (!isCounted) devices += 1;
  }
  return devices;
}
