/*
 * What the machine-config-operator renders for a pool from its MachineConfigs, and whether its daemon takes two of them for different.
 */
import { compareText } from '../../model';
import type { ConfigState, DisruptionPolicyState, UnitState } from '../baseline/baseline';
import { hashOf } from '../baseline/hashes';

/** A pool's MachineConfigs as one. */
export interface RenderedConfig {
  readonly kernelArguments: readonly string[];
  /** The entry that stands, by path. */
  readonly files: ReadonlyMap<string, string>;
  readonly units: ReadonlyMap<string, string>;
  /** What else each config says, in the order in which they are merged; configs that say nothing else are left out. */
  readonly rest: readonly string[];
}

/** Why a node is disrupted. */
export type DisruptionReason =
  | {
      readonly kind: 'kernel-arguments';
      readonly from: readonly string[];
      readonly to: readonly string[];
      /** The same arguments in another order, which counts as a change. */
      readonly isReordered: boolean;
    }
  | { readonly kind: 'file' | 'unit'; readonly name: string; readonly act: 'added' | 'removed' | 'changed' }
  | { readonly kind: 'other-settings' }
  | { readonly kind: 'kubelet'; readonly name: string; readonly act: 'added' | 'removed' | 'changed' }
  /** Nodes that come from another pool, or from none that the fleet knows. */
  | { readonly kind: 'joins'; readonly nodes: readonly string[]; readonly from: string | undefined };

/** The hash of a config's other settings where it has none. */
const NOTHING_ELSE = hashOf([{}, {}, {}]);

/**
 * The configs that a pool's nodes get, merged: those of role worker by name, then the others by name; arguments one behind the other,
 * of two entries for one file or unit the later.
 *
 * @see https://github.com/openshift/machine-config-operator/blob/19ba3dda6e7a34fe5f15917152271191f9adb655/pkg/controller/common/helpers.go (MergeMachineConfigs)
 */
export function renderConfigs(configs: readonly ConfigState[]): RenderedConfig {
  const rank = ({ role }: ConfigState): number => (role === 'worker' ? 0 : 1);
  const merged = [...configs].sort((a, b) => rank(a) - rank(b) || compareText(a.name, b.name));
  return {
    kernelArguments: merged.flatMap((config) => config.kernelArguments),
    files: new Map(merged.flatMap(({ files }) => [...files])),
    units: new Map(merged.flatMap(({ units }) => [...units])),
    rest: merged.map(({ rest }) => rest).filter((rest) => rest !== NOTHING_ELSE),
  };
}

/** The configs that a unit's nodes get: a custom pool gets those of `worker` besides its own. */
export function configsOfPool(
  units: ReadonlyMap<string, UnitState>,
  { name, isCustom, configs }: UnitState,
): readonly ConfigState[] {
  const inherited = isCustom && name !== 'worker' ? (units.get('worker')?.configs ?? []) : [];
  return [...inherited, ...configs];
}

/** What differs between two rendered configs, in the order in which it is told. */
export function compareRendered(before: RenderedConfig, after: RenderedConfig): DisruptionReason[] {
  const reasons: DisruptionReason[] = [];
  const [from, to] = [before.kernelArguments, after.kernelArguments];
  if (!isSameList(from, to)) {
    const isReordered = isSameList([...from].sort(compareText), [...to].sort(compareText));
    reasons.push({ kind: 'kernel-arguments', from, to, isReordered });
  }
  reasons.push(...entryReasons('file', before.files, after.files), ...entryReasons('unit', before.units, after.units));
  if (!isSameList(before.rest, after.rest)) reasons.push({ kind: 'other-settings' });
  return reasons;
}

function entryReasons(
  kind: 'file' | 'unit',
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): DisruptionReason[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort(compareText);
  return names.flatMap((name): DisruptionReason[] => {
    const [from, to] = [before.get(name), after.get(name)];
    if (from === to) return [];
    return [{ kind, name, act: from === undefined ? 'added' : to === undefined ? 'removed' : 'changed' }];
  });
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}

/** What the daemon does to a node: `none` where a policy says that nothing, or a reload, is enough. */
export type DaemonAct = 'reboot' | 'drain' | 'none';

/**
 * What the daemon does about some reasons. Arguments and other settings always reboot; a file or unit reboots unless the node
 * disruption policy says otherwise: of the entries for a file the longest path that holds it counts.
 *
 * @see https://github.com/openshift/machine-config-operator/blob/19ba3dda6e7a34fe5f15917152271191f9adb655/pkg/controller/common/helpers.go (FindClosestFilePolicyPathMatch)
 */
export function daemonAct(reasons: readonly DisruptionReason[], policies: readonly DisruptionPolicyState[]): DaemonAct {
  const acts = reasons.map((reason): DaemonAct => {
    if (reason.kind !== 'file' && reason.kind !== 'unit') return 'reboot';
    const actions = policyFor(reason.kind, reason.name, policies)?.actions;
    if (actions === undefined || actions.length === 0 || actions.includes('Reboot')) return 'reboot';
    return actions.includes('Drain') ? 'drain' : 'none';
  });
  if (acts.includes('reboot')) return 'reboot';
  return acts.includes('drain') ? 'drain' : 'none';
}

/** The entry of the node disruption policy that is about a file or a unit. */
export function policyFor(
  kind: 'file' | 'unit',
  name: string,
  policies: readonly DisruptionPolicyState[],
): DisruptionPolicyState | undefined {
  const matching = policies.filter(
    (policy) =>
      policy.of === kind &&
      (policy.name === name ||
        (kind === 'file' && name.startsWith(policy.name.endsWith('/') ? policy.name : `${policy.name}/`))),
  );
  return matching.sort((a, b) => b.name.length - a.name.length)[0];
}
