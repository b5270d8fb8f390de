/*
 * Platforms without a controller that rolls changes out: what is written for them takes effect when somebody applies it, or when a node
 * is installed again.
 */
import { compareNatural } from '../../model';
import type { UnitState } from '../baseline/baseline';
import type { Disruption, DisruptionAct } from './disruption';
import type { DisruptionReason } from './rendered-config';
import { platformOf, type Sides } from './sides';

const ACTS: Readonly<Record<string, DisruptionAct>> = {
  // Ignition runs when a node boots for the first time (node-prep.md fact 107), cloud-init once per instance (fact 122)
  ignition: 'reinstall',
  'cloud-init': 'reinstall',
  linux: 'run-installer',
  talos: 'apply-config',
};

const BY_HAND = { atATime: undefined, because: 'nobody but the person who applies it decides' };

/** What a change means for the nodes of a pool whose platform has no such controller; undefined where nothing of it changes. */
export function byHandDisruption(name: string, sides: Sides): Disruption | undefined {
  const [earlier, later] = [sides.before.units.get(name), sides.after.units.get(name)];
  const unit = later ?? earlier;
  if (unit === undefined) return undefined;
  const side = later === undefined ? sides.before : sides.after;
  const platform = platformOf(side, unit);
  const act = ACTS[platform];
  const reasons = reasonsOf(earlier, later);
  if (act === undefined || reasons.length === 0) return undefined;
  const nodes = side.nodesByUnit.get(name) ?? [];
  return {
    unit: name,
    platform,
    act,
    when: 'merge',
    nodes,
    nodeCount: nodes.length,
    pace: BY_HAND,
    isPaused: false,
    reasons,
    inheritedFrom: undefined,
    leftBehind: [],
    // arguments come from the boot loader, functions are bound before kubelet starts; kubelet itself is started again
    needsReboot: act !== 'reinstall' && reasons.some((reason) => reason.kind !== 'file' || !isKubeletFile(reason.name)),
  };
}

/** The settings of kubelet, by the path of the file that holds them. */
function isKubeletFile(path: string): boolean {
  return /\/kubelet[^/]*$/.test(path);
}

function reasonsOf(earlier: UnitState | undefined, later: UnitState | undefined): DisruptionReason[] {
  const [from, to] = [earlier?.kernelArguments ?? [], later?.kernelArguments ?? []];
  const texts = (unit: UnitState | undefined): Map<string, string | undefined> =>
    new Map((unit?.objects ?? []).map(({ path, hash }) => [path, hash]));
  const [before, after] = [texts(earlier), texts(later)];
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort(compareNatural);
  const files = paths.flatMap((path): DisruptionReason[] => {
    const [had, has] = [before.get(path), after.get(path)];
    // what tells people how to apply it is nothing that a node gets
    if (had === has || /(?:^|\/)README\.(?:md|txt)$/.test(path)) return [];
    return [{ kind: 'file', name: path, act: had === undefined ? 'added' : has === undefined ? 'removed' : 'changed' }];
  });
  if (from.join('\n') === to.join('\n')) return files;
  const isReordered = [...from].sort().join('\n') === [...to].sort().join('\n');
  return [{ kind: 'kernel-arguments', from, to, isReordered }, ...files];
}
