import {
  INT_OR_STRING,
  QUANTITY,
  type Definitions,
  type ReducedSchema,
} from '../../src/kubevirt/schema/reduced-schema';

/**
 * The definitions that the named ones refer to, themselves included, in the order of their names.
 *
 * @throws Error when a definition refers to itself, directly or through others: walking relies on finite shapes.
 */
export function reachableDefinitions(definitions: Definitions, names: Iterable<string>): Definitions {
  const done = new Set<string>();
  const open: string[] = [];
  const visit = (name: string): void => {
    if (done.has(name) || name === QUANTITY || name === INT_OR_STRING) return;
    if (open.includes(name)) throw new Error([...open, name].join(' refers to '));
    const definition = definitions[name];
    if (definition === undefined) throw new Error(`nothing is called ${name}`);
    open.push(name);
    referencesOf(definition).forEach(visit);
    open.pop();
    done.add(name);
  };
  for (const name of names) visit(name);
  return Object.fromEntries([...done].sort().map((name) => [name, definitions[name] ?? {}]));
}

function referencesOf(schema: ReducedSchema): string[] {
  if (schema.$ref !== undefined) return [schema.$ref];
  const parts = [...Object.values(schema.properties ?? {}), schema.items, schema.additionalProperties];
  return parts.flatMap((part) => (part === undefined ? [] : referencesOf(part)));
}
