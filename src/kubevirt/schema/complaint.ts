import type { Pointer } from '../../source';
import type { KubeVirtRelease } from '../version';

/**
 * What is wrong at one spot of an object:
 * - `unknown-field`: the API has no such field here and would drop or refuse it
 * - `missing-field`: a required field is absent (or null)
 * - `wrong-type`: a text where a list belongs, and the like
 * - `not-in-enum`: a text outside the closed list
 * - `out-of-bounds`: a number, a text's length or a list's length outside its range
 * - `malformed`: a text that its pattern refuses, or that is no quantity
 * - `unknown-kind`: there is no schema for `apiVersion` and `kind`, so nothing else was checked
 */
export type SchemaComplaintKind =
  'unknown-field' | 'missing-field' | 'wrong-type' | 'not-in-enum' | 'out-of-bounds' | 'malformed' | 'unknown-kind';

/** One thing that the API server would refuse, drop, or read otherwise than it was meant. */
export interface SchemaComplaint {
  /** The field complained about, also where it is missing: `/spec/template/spec/domain/devices/gpus/0/name`. */
  readonly pointer: Pointer;
  readonly kind: SchemaComplaintKind;
  /** In words: `a list`, `one of Always, IfNotPresent, Never`, `a field of v1.GPU`. */
  readonly expected: string;
  /** In words, texts cut after 40 characters: `the text "8"`, `an object`, `nothing`. */
  readonly found: string;
  /** The nearest name that is allowed here. */
  readonly suggestion?: string;
  /** The release, later than the target, from which on this field, value or kind is known. */
  readonly introducedIn?: KubeVirtRelease;
  /** The first release that no longer knows this field, which an earlier one than the target knew. */
  readonly removedIn?: KubeVirtRelease;
  /** The last release that requires this field, when a later one does not. */
  readonly requiredUntil?: KubeVirtRelease;
}

/**
 * What the release history says about a complaint, as a clause for a note; undefined when it says nothing.
 *
 * @example "known from KubeVirt 1.8 on"
 */
export function complaintHistory(complaint: SchemaComplaint): string | undefined {
  const clauses = [
    ...(complaint.introducedIn ? [`known from KubeVirt ${complaint.introducedIn} on`] : []),
    ...(complaint.removedIn ? [`removed in KubeVirt ${complaint.removedIn}`] : []),
    ...(complaint.requiredUntil ? [`required up to KubeVirt ${complaint.requiredUntil}`] : []),
  ];
  return clauses.length > 0 ? clauses.join(' and ') : undefined;
}
