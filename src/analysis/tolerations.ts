import { isJsonObject, type JsonObject, type JsonValue, type Taint } from '../model';

/** The toleration of one taint and no other. */
export function tolerationOf({ key, value, effect }: Taint): JsonObject {
  return value === undefined ? { key, operator: 'Exists', effect } : { key, operator: 'Equal', value, effect };
}

/**
 * Whether a toleration as someone typed it tolerates a taint: no key with `Exists` is any taint, no effect is any effect.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.33.0/pkg/apis/core/v1/toleration.go
 */
export function tolerates(toleration: JsonValue, taint: Taint): boolean {
  if (!isJsonObject(toleration)) return false;
  const { key, operator, value, effect } = toleration;
  if (isStated(effect) && effect !== taint.effect) return false;
  if (isStated(key) && key !== taint.key) return false;
  if (operator === 'Exists') return true;
  return isStated(key) && (value ?? '') === (taint.value ?? '');
}

function isStated(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null && value !== '';
}
