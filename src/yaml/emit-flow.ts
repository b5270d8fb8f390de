import { InternalError } from '../diagnostics';
import type { JsonValue } from '../model';
import { MAX_EMITTED_DEPTH } from './emit-yaml';
import { formatConstant, formatTextInFlow, LONGEST_BARE_KEY } from './scalars/format-scalar';

/**
 * Writes a value on one line, keys in the order in which they were inserted: `{ address: "0000:5e:00.0", class: "0108" }`.
 *
 * Keys whose value is undefined are left out; texts stand bare by a stricter rule than in {@link emitYaml}'s blocks.
 *
 * @throws InternalError for what JSON does not have (infinity, a function), and for more than 100 levels.
 */
export function emitFlow(value: JsonValue): string {
  return flow(value, 0);
}

function flow(value: unknown, depth: number): string {
  if (typeof value === 'string') return formatTextInFlow(value);
  if (typeof value !== 'object' || value === null) return formatConstant(value);
  if (depth >= MAX_EMITTED_DEPTH) throw new InternalError(`a value nests more than ${MAX_EMITTED_DEPTH} levels deep`);
  if (Array.isArray(value)) return `[${value.map((item) => flow(item, depth + 1)).join(', ')}]`;
  const entries: string[] = [];
  for (const [key, inner] of Object.entries(value)) {
    if (inner === undefined) continue;
    const name = formatTextInFlow(key);
    entries.push(`${name.length > LONGEST_BARE_KEY ? `? ${name} :` : `${name}:`} ${flow(inner, depth + 1)}`);
  }
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}
