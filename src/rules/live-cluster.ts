import type { AnalysedNode, Analysis, PreparationUnit } from '../analysis';
import type { StrategyChoice } from '../analysis';
import { compareText } from '../model';
import type { MachineConfig } from '../openshift';
import { keyPlace, type Place } from '../source';
import { listed } from './words';

/** Where a unit is declared: the pool that hands something over, else the first that names it. */
export function unitPlace({ pools }: PreparationUnit): Place {
  const pool = pools.find(({ passthrough }) => passthrough.length > 0) ?? pools[0];
  if (pool === undefined) throw new RangeError('a unit has at least one pool');
  return keyPlace(pool.place);
}

/** The first declaration of a unit that is carried out this way. */
export function choiceBy(
  { strategies }: PreparationUnit,
  strategy: StrategyChoice['strategy'],
): StrategyChoice | undefined {
  return strategies.find((choice) => choice.strategy === strategy);
}

/**
 * Whether a live MachineConfig is merged after one of the unit's own, so that its files take the place of ours: those of `worker`
 * come first, names are compared as texts.
 */
export function isMergedAfter({ role, name }: MachineConfig, unit: PreparationUnit, ownName: string): boolean {
  if (role === 'worker' && unit.name !== 'worker') return false;
  return compareText(name, ownName) > 0;
}

/** The nodes with declarations of which no live object is there, in words, for what a rule had to leave out. */
export function missingLiveNodes({ nodes, current }: Analysis): string[] {
  if (current === undefined) return [];
  const blind = nodes.filter(({ live, pools }) => live === undefined && pools.length > 0).map(({ name }) => name);
  return blind.length === 0 ? [] : [`no live Node of ${listed(blind)}`];
}

/** What a rule says it lacks where the live objects hold no MachineConfig at all. */
export function missingMachineConfigs({ current }: Analysis): string[] {
  return current?.machineConfigs.length === 0 ? ['no live MachineConfigs'] : [];
}

/** Whether a function is a GPU of NVIDIA. */
export function isNvidiaGpu({ fact }: AnalysedNode['functions'][number]): boolean {
  const { class: pciClass = '', id = '' } = fact;
  return pciClass.startsWith('03') && id.startsWith('10de:');
}
