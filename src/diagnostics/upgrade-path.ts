/*
 * What changes for a fleet on the way from one release of KubeVirt to a later one.
 */
import type { Diagnostic } from './diagnostic';

/** How far a feature gate has come in two releases. */
export interface GateChange {
  readonly name: string;
  /** `alpha`, `beta`, `ga`, and the like. */
  readonly before: string;
  readonly after: string;
  /** Whether it is on for this fleet; undefined: not known. */
  readonly wasOn: boolean | undefined;
  readonly isOn: boolean | undefined;
}

/** What becomes of one object of the output. */
export interface ObjectChange {
  /** Below the output folder. */
  readonly path: string;
  readonly kind: 'new' | 'gone' | 'changed';
  /** The pointers of what differs, in natural order; empty for an object that is new or gone. */
  readonly fields: readonly string[];
}

/** From one release to the next. */
export interface UpgradeStep {
  readonly from: string;
  readonly to: string;
  /** Findings that the later release has and the earlier one has not. */
  readonly appearing: readonly Diagnostic[];
  readonly going: readonly Diagnostic[];
  readonly gates: readonly GateChange[];
  /** What KubeVirt does otherwise from this release on, in words. */
  readonly behaviours: readonly string[];
  /** Undefined where one of the two has findings at error level, and therefore no objects. */
  readonly objects: readonly ObjectChange[] | undefined;
}

/** The way of one fleet. */
export interface UpgradePath {
  readonly fleet: string;
  readonly steps: readonly UpgradeStep[];
}
