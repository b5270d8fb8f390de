/**
 * One schema of the generated tables: JSON Schema as OpenAPI definitions and CRDs write it, without prose, defaults and
 * merge hints.
 *
 * An object with neither `properties` nor `additionalProperties` is empty by design (a Go struct without fields) and takes
 * no field, unless it is `open`. What was left out, and why, is listed at `reduceSchema` in `tools/schema/reduce-schema.ts`.
 */
export interface ReducedSchema {
  /** Name of a definition, `v1.GPU`; `Quantity` and `IntOrString` are known to the walker and have no definition. */
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, ReducedSchema>>;
  readonly required?: readonly string[];
  readonly items?: ReducedSchema;
  /** The values of a map whose keys are free. */
  readonly additionalProperties?: ReducedSchema;
  readonly enum?: readonly string[];
  /** Whether null stands for itself; elsewhere the API server drops a null field. */
  readonly nullable?: boolean;
  /** Any content: `x-kubernetes-preserve-unknown-fields`. */
  readonly open?: boolean;
  /** Width of an integer: `int32`, `int64`, `byte`. */
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  /** In characters. */
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
}

/** The definitions of one release by name, `v1.VirtualMachine`. */
export type Definitions = Readonly<Record<string, ReducedSchema>>;

/** The name by which the tables refer to a Kubernetes quantity, `500m` or `16Gi`: a number or a text. */
export const QUANTITY = 'Quantity';

/** The name by which the tables refer to a number or text, such as a port or a percentage. */
export const INT_OR_STRING = 'IntOrString';
