import type { JsonObject } from '../model';
import type { Pointer } from '../source';

/** Objects that are not taken over, with the reason; those of one kind and one reason together. */
export interface LeftObjects {
  readonly kind: string;
  /** Names with their namespace where they have one, in natural order. */
  readonly names: readonly string[];
  /** A clause: `its owner is a PerformanceProfile`. */
  readonly reason: string;
}

/** A part of the fleet document with what is said about its spots, by pointers below the part. */
export interface DocumentPart<T = JsonObject> {
  readonly value: T;
  readonly comments: ReadonlyMap<Pointer, string>;
}

/** What became of some objects. */
export interface Adoption {
  /** Text by path below the fleet's folder; `fleet.yaml` first, then in the order of their names. */
  readonly files: ReadonlyMap<string, string>;
  /** In natural order of kinds and names. */
  readonly left: readonly LeftObjects[];
  /** How much was taken over. */
  readonly counts: {
    readonly devices: number;
    readonly nodePools: number;
    readonly machineConfigs: number;
    readonly virtualMachines: number;
  };
}

/** What no object says and the fleet has to. */
export type MissingFact = 'kubevirt-version' | 'kubevirt';
