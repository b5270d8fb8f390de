/*
 * What differs between two baselines, as a closed union of typed changes. Things are matched by what identifies them (a node by its
 * name, a function by node and address, an entry of the allow-list by its selector), never by their place in a list or by text.
 */
import type {
  ConfigState,
  DisruptionPolicyState,
  FunctionState,
  MachineState,
  MediatedState,
  NodeState,
  ObjectState,
  PermittedState,
  PoolState,
  UnitState,
} from '../baseline/baseline';

/** What each kind of change is about. */
export interface Subjects {
  /** What holds for the whole cluster: `kubevirtVersion`, `nodePlatform`. */
  readonly setting: { readonly name: string; readonly value: string };
  readonly gate: { readonly name: string };
  readonly permitted: PermittedState;
  /** An entry of the node disruption policy, as the live cluster has it. */
  readonly policy: DisruptionPolicyState;
  readonly unit: UnitState;
  readonly config: { readonly unit: string; readonly state: ConfigState };
  readonly pool: PoolState;
  readonly node: { readonly pool: string; readonly unit: string; readonly state: NodeState };
  readonly function: { readonly node: string; readonly address: string; readonly state: FunctionState };
  readonly mediated: { readonly pool: string; readonly state: MediatedState };
  /** A file of the output that is none of the others; `unit` where it prepares nodes. */
  readonly object: { readonly unit: string | undefined; readonly state: ObjectState };
  readonly machine: MachineState;
}

/** What a change can be about. */
export type ChangeKind = keyof Subjects;

/** A value of a field: a list is compared in order; undefined: it is not there, or not known. */
export type FieldValue = string | number | boolean | readonly string[] | undefined;

/** A field that differs. */
export interface FieldChange {
  /** `maxUnavailable`, `file /etc/modprobe.d/vfio.conf`. */
  readonly field: string;
  readonly from: FieldValue;
  readonly to: FieldValue;
}

/** One change of one kind of thing. `name` is what people call it; `key` identifies it among all changes of a plan. */
export type ChangeOf<K extends ChangeKind> = {
  readonly kind: K;
  readonly key: string;
  readonly name: string;
} & (
  | { readonly sign: 'added'; readonly after: Subjects[K] }
  | { readonly sign: 'removed'; readonly before: Subjects[K] }
  | {
      readonly sign: 'changed';
      readonly before: Subjects[K];
      readonly after: Subjects[K];
      readonly fields: readonly FieldChange[];
    }
  | {
      readonly sign: 'renamed';
      readonly before: Subjects[K];
      readonly after: Subjects[K];
      /** What it is called now. */
      readonly newName: string;
      readonly fields: readonly FieldChange[];
    }
);

/** One change. */
export type Change = { readonly [K in ChangeKind]: ChangeOf<K> }[ChangeKind];

/** The four signs in the order in which they are counted. */
export type ChangeSign = Change['sign'];

/** Whether a change is about one kind of thing. */
export function isAbout<K extends ChangeKind>(change: Change, kind: K): change is Extract<Change, { kind: K }> {
  return change.kind === kind;
}

/** What was there before; undefined for what is added. */
export function beforeOf<K extends ChangeKind>(change: ChangeOf<K>): Subjects[K] | undefined {
  return change.sign === 'added' ? undefined : change.before;
}

/** What is there afterwards; undefined for what is removed. */
export function afterOf<K extends ChangeKind>(change: ChangeOf<K>): Subjects[K] | undefined {
  return change.sign === 'removed' ? undefined : change.after;
}

/** The files of the output that a change explains: below the output folder. */
export function explainedPaths(change: Change): string[] {
  const states: (ObjectState | MachineState | undefined)[] = [];
  if (isAbout(change, 'object')) states.push(beforeOf(change)?.state, afterOf(change)?.state);
  if (isAbout(change, 'config')) states.push(beforeOf(change)?.state, afterOf(change)?.state);
  if (isAbout(change, 'machine')) states.push(beforeOf(change), afterOf(change));
  return [...new Set(states.flatMap((state) => state?.path ?? []))].filter((path) => path !== '');
}
