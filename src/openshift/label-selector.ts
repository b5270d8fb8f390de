import { isJsonObject, jsonAt, type JsonObject, type JsonValue } from '../model';
import { listAt } from './machine-config';

/**
 * Whether a label selector of Kubernetes chooses an object with these labels: `{ matchLabels: { a: b } }`,
 * `{ matchExpressions: [{ key: a, operator: In, values: [b, c] }] }`. One that is absent or empty chooses nothing here, as in the
 * machine-config-operator.
 *
 * @see https://github.com/kubernetes/apimachinery/blob/v0.33.0/pkg/apis/meta/v1/types.go (LabelSelector)
 */
export function selectsLabels(selector: JsonValue | undefined, labels: JsonObject): boolean {
  const matchLabels = jsonAt(selector, 'matchLabels');
  const equalities = Object.entries(isJsonObject(matchLabels) ? matchLabels : {});
  const expressions = listAt(selector, 'matchExpressions');
  if (equalities.length === 0 && expressions.length === 0) return false;
  return (
    equalities.every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value) &&
    expressions.every((expression) => holds(expression, labels))
  );
}

function holds(expression: JsonValue, labels: JsonObject): boolean {
  const key = jsonAt(expression, 'key');
  if (typeof key !== 'string') return false;
  const isThere = Object.hasOwn(labels, key);
  const isListed = isThere && listAt(expression, 'values').includes(labels[key] ?? null);
  const operator = jsonAt(expression, 'operator');
  if (operator === 'In') return isListed;
  if (operator === 'NotIn') return !isListed;
  if (operator === 'Exists') return isThere;
  return operator === 'DoesNotExist' && !isThere;
}
