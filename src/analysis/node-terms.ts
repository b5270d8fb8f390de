/*
 * The node selector and the required node affinity of a VM against what is known of a node, as kube-scheduler reads them. A label that
 * nobody has stated may be there or not: what hangs on it is not known, and rules no node out.
 */
import { isJsonObject, jsonAt, type JsonObject, type JsonValue } from '../model';
import { listAt, textAt } from './current/live-objects';

/** Whether something holds of a node; undefined: not known. */
export type Verdict = boolean | undefined;

/** A node as terms see it. */
export interface NodeFacts {
  readonly name: string;
  /** Labels that the fleet or the live Node states. */
  readonly labels: JsonObject;
  /** Whether a label that is not among them is known not to be there. */
  readonly isAbsent: (key: string) => boolean;
}

/** The terms of `spec.affinity.nodeAffinity` of which one must hold; undefined where the spec has none. */
export function requiredNodeTerms(spec: JsonObject): readonly JsonValue[] | undefined {
  const required = jsonAt(spec['affinity'], 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution');
  return isJsonObject(required) ? listAt(required, 'nodeSelectorTerms') : undefined;
}

/** Whether a node has all labels of a `nodeSelector`. */
export function meetsNodeSelector(node: NodeFacts, selector: JsonObject): Verdict {
  return allOf(
    Object.entries(selector).map(([key, value]) =>
      node.labels[key] === value && hasLabel(node, key)
        ? true
        : hasLabel(node, key) || node.isAbsent(key)
          ? false
          : undefined,
    ),
  );
}

/**
 * Whether a node meets one of some terms. All expressions and fields of a term must hold; a term without any matches no node. What the API
 * server refuses (another operator, a field other than the name) is not known.
 *
 * @see https://github.com/kubernetes/component-helpers/blob/v0.33.0/scheduling/corev1/nodeaffinity/nodeaffinity.go (nodeSelectorTerm.match)
 */
export function meetsNodeTerms(node: NodeFacts, terms: readonly JsonValue[]): Verdict {
  const verdicts = terms.map((term) => meetsTerm(node, term));
  if (verdicts.includes(true)) return true;
  return verdicts.includes(undefined) ? undefined : false;
}

function meetsTerm(node: NodeFacts, term: JsonValue): Verdict {
  const expressions = listAt(term, 'matchExpressions');
  const fields = listAt(term, 'matchFields');
  if (expressions.length + fields.length === 0) return false;
  return allOf([
    ...expressions.map((expression) => meetsExpression(node, expression)),
    ...fields.map((field) => meetsField(node, field)),
  ]);
}

function allOf(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes(false)) return false;
  return verdicts.includes(undefined) ? undefined : true;
}

function hasLabel({ labels }: NodeFacts, key: string): boolean {
  return Object.hasOwn(labels, key);
}

function meetsExpression(node: NodeFacts, expression: JsonValue): Verdict {
  const key = textAt(expression, 'key');
  if (key === undefined) return undefined;
  const isThere = hasLabel(node, key);
  if (!isThere && !node.isAbsent(key)) return undefined;
  const value = isThere ? node.labels[key] : undefined;
  return holds(
    textAt(expression, 'operator'),
    typeof value === 'string' ? value : undefined,
    isThere,
    listAt(expression, 'values'),
  );
}

function holds(
  operator: string | undefined,
  value: string | undefined,
  isThere: boolean,
  values: readonly JsonValue[],
): Verdict {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return isThere;
    case 'DoesNotExist':
      return !isThere;
    case 'Gt':
    case 'Lt': {
      const [own, limit] = [integer(value), integer(values[0])];
      if (limit === undefined) return undefined;
      return own !== undefined && (operator === 'Gt' ? own > limit : own < limit);
    }
    case undefined:
    default:
      return undefined;
  }
}

/** A whole number as Go's ParseInt takes it; undefined for any other text. */
function integer(value: JsonValue | undefined): bigint | undefined {
  return typeof value === 'string' && /^[+-]?\d{1,18}$/.test(value) ? BigInt(value.replace('+', '')) : undefined;
}

function meetsField({ name }: NodeFacts, field: JsonValue): Verdict {
  if (textAt(field, 'key') !== 'metadata.name') return undefined;
  const isListed = listAt(field, 'values').includes(name);
  const operator = textAt(field, 'operator');
  return operator === 'In' ? isListed : operator === 'NotIn' ? !isListed : undefined;
}
