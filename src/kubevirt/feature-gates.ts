import { compareNatural } from '../model';
import { nearestName } from './nearest-name';
import { compareReleases, type KubeVirtRelease } from './version';
import { behaves } from './version-differences';

/**
 * How far a gate has come in one release:
 * - `unregistered`: that release does not know it
 * - `alpha`: off unless listed
 * - `beta`: off unless listed through 1.8, on unless disabled from 1.9 on
 * - `ga`: always on; listing it does nothing but draw a warning
 * - `deprecated`: on its way out, still on when listed
 * - `unstated`: our sources name the gate, but not its state in this release
 */
export type GateStage = 'unregistered' | 'alpha' | 'beta' | 'ga' | 'deprecated' | 'unstated';

/** The stages of a gate, oldest first. A stage from `1.4` holds in 1.4, our oldest release, whenever it began. */
type GateHistory = readonly (readonly [from: KubeVirtRelease, stage: GateStage])[];

/**
 * The feature gates that host devices touch, and those that come along with them. KubeVirt knows more gates than these: a
 * name that is missing here is not known to be wrong.
 *
 * @see https://github.com/kubevirt/kubevirt/blob/d923fdb815/pkg/virt-config/featuregate/active.go
 * @see https://github.com/kubevirt/kubevirt/blob/d923fdb815/pkg/virt-config/featuregate/inactive.go
 */
const GATES: ReadonlyMap<string, GateHistory> = new Map<string, GateHistory>([
  ['CPUManager', [['1.4', 'alpha']]],
  ['DecentralizedLiveMigration', [['1.6', 'alpha']]],
  [
    'DisableMDEVConfiguration',
    [
      ['1.4', 'alpha'],
      ['1.8', 'deprecated'],
    ],
  ],
  ['GPU', [['1.4', 'ga']]],
  [
    'GPUsWithDRA',
    [
      ['1.6', 'alpha'],
      ['1.9', 'beta'],
    ],
  ],
  ['GraceIOVirtualization', [['1.9', 'alpha']]],
  ['HostDevices', [['1.4', 'alpha']]],
  [
    'HostDevicesWithDRA',
    [
      ['1.6', 'alpha'],
      ['1.9', 'beta'],
    ],
  ],
  ['HypervStrictCheck', [['1.4', 'unstated']]],
  ['IOMMUFD', [['1.9', 'alpha']]],
  ['KubevirtSeccompProfile', [['1.4', 'unstated']]],
  [
    'LibvirtHooksServerAndClient',
    [
      ['1.8', 'alpha'],
      ['1.9', 'beta'],
    ],
  ],
  [
    'MultiArchitecture',
    [
      ['1.4', 'alpha'],
      ['1.8', 'deprecated'],
    ],
  ],
  ['NUMA', [['1.4', 'ga']]],
  ['NetworkDevicesWithDRA', [['1.9', 'alpha']]],
  ['PCINUMAAwareTopology', [['1.8', 'alpha']]],
  ['Plugins', [['1.4', 'unstated']]],
  ['Sidecar', [['1.4', 'unstated']]],
  ['Snapshot', [['1.4', 'unstated']]],
  ['VGPULiveMigration', [['1.9', 'alpha']]],
  [
    'WorkloadEncryptionSEV',
    [
      ['1.4', 'unstated'],
      ['1.9', 'beta'],
    ],
  ],
  ['WorkloadEncryptionTDX', [['1.7', 'alpha']]],
]);

/** The feature gate lists of `spec.configuration.developerConfiguration`. */
export interface FeatureGateLists {
  readonly featureGates: readonly string[];
  /** The field exists from KubeVirt 1.8 on and has an effect from 1.9 on. */
  readonly disabledFeatureGates?: readonly string[];
}

/** The stage of a gate in a release; undefined for a name that is not in our table. Names are compared with their case. */
export function gateStage(version: { readonly release: KubeVirtRelease }, name: string): GateStage | undefined {
  const history = GATES.get(name);
  if (history === undefined) return undefined;
  let stage: GateStage = 'unregistered';
  for (const [from, next] of history) if (compareReleases(from, version.release) <= 0) stage = next;
  return stage;
}

/**
 * Whether our table says that a release knows this gate. False also for gates that KubeVirt has and the table has not: look
 * at {@link nearestGate} before calling such a name wrong.
 */
export function isKnownGate(version: { readonly release: KubeVirtRelease }, name: string): boolean {
  const stage = gateStage(version, name);
  return stage !== undefined && stage !== 'unregistered';
}

/**
 * Whether a feature is on under these lists. Through 1.8 a listed name is on, whatever it is; from 1.9 on a name that is
 * not registered is off even when listed, and a beta gate is on unless it is disabled.
 *
 * @returns undefined when that hangs on a state that our table does not know.
 * @see https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-config/featuregate/feature-gates.go
 * @see https://github.com/kubevirt/kubevirt/blob/v1.8.0/pkg/virt-config/feature-gates.go
 */
export function gateEnabled(
  version: { readonly release: KubeVirtRelease },
  lists: FeatureGateLists,
  name: string,
): boolean | undefined {
  const stage = gateStage(version, name);
  if (stage === 'ga') return true;
  const listed = lists.featureGates.includes(name);
  if (!behaves(version, 'beta-gates-on'))
    return listed ? true : stage === undefined || stage === 'unstated' ? undefined : false;
  if (stage === 'unregistered') return false;
  if (stage === undefined) return undefined;
  if (listed) return true;
  if (stage === 'unstated') return undefined;
  return stage === 'beta' && lists.disabledFeatureGates?.includes(name) !== true;
}

/** The gate of our table that a misspelt name most likely means; undefined when none is near, or for a gate itself. */
export function nearestGate(name: string): string | undefined {
  return nearestName(name, GATES.keys());
}

/** The gates of our table by name, in natural order. */
export function knownGates(): string[] {
  return [...GATES.keys()].sort(compareNatural);
}
