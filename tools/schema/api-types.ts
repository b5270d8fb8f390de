import {
  INT_OR_STRING,
  QUANTITY,
  type Definitions,
  type ReducedSchema,
} from '../../src/kubevirt/schema/reduced-schema';
import { KUBEVIRT_RELEASES, NEWEST_RELEASE } from '../../src/kubevirt/version';
import { generatedModule } from './generated-module';
import { reachableDefinitions } from './reachable';
import { reduceDefinitions } from './reduce-schema';
import { allKubeVirtDefinitions } from './sources';

/** The kinds that people write; what the cluster writes (`status`) is left out. */
const ROOTS = [
  'v1.KubeVirt',
  'v1.VirtualMachine',
  'v1.VirtualMachineInstance',
  'v1.VirtualMachineInstanceReplicaSet',
  'v1beta1.VirtualMachinePool',
];

/** Module text of the types of KubeVirt's objects in the newest release, spelled as the API spells them. */
export function apiTypes(): string {
  const history = allKubeVirtDefinitions().map(([release, raw]) => ({ release, definitions: reduceDefinitions(raw) }));
  const newest = history.at(-1)?.definitions ?? {};
  const written = reachableDefinitions(withoutStatus(newest), ROOTS);
  const typeNames = namesOfTypes(Object.keys(written));
  const introducedIn = (definition: string, field: string): string | undefined => {
    const since = history.find(({ definitions }) => definitions[definition]?.properties?.[field] !== undefined);
    const definitionSince = history.find(({ definitions }) => Object.hasOwn(definitions, definition));
    // a field as old as its type, or as old as the oldest release, needs no note
    return since === undefined || since === definitionSince ? undefined : since.release;
  };
  const types = Object.entries(written).map(([name, schema]) =>
    declarationOf(name, schema, typeNames, (field) => introducedIn(name, field)),
  );
  return generatedModule(
    `// Types of KubeVirt ${NEWEST_RELEASE}'s API, as far as people write it. A field that an older release than ${NEWEST_RELEASE} does not know is
// refused when the fleet is compiled for that release (the oldest is ${KUBEVIRT_RELEASES[0]}).
import type { JsonObject } from '../model';

${types.join('\n')}`,
  );
}

function withoutStatus(definitions: Definitions): Definitions {
  const entries = Object.entries(definitions).map(([name, schema]) => {
    if (!ROOTS.includes(name) || schema.properties === undefined) return [name, schema] as const;
    const properties = Object.entries(schema.properties).filter(([field]) => field !== 'status');
    return [name, { ...schema, properties: Object.fromEntries(properties) }] as const;
  });
  return Object.fromEntries(entries);
}

/** Definition names to type names: `v1.GPU` is `GPU`; where two groups share a name, KubeVirt's own keeps it. */
function namesOfTypes(definitions: readonly string[]): ReadonlyMap<string, string> {
  const plain = (definition: string): string => definition.slice(definition.lastIndexOf('.') + 1);
  const own = new Set(definitions.filter((name) => name.startsWith('v1.')).map(plain));
  const names = new Map<string, string>();
  for (const definition of definitions) {
    const clashes = !definition.startsWith('v1.') && own.has(plain(definition));
    const group = definition.slice(0, definition.lastIndexOf('.'));
    names.set(
      definition,
      clashes ? group.charAt(0).toUpperCase() + group.slice(1) + plain(definition) : plain(definition),
    );
  }
  if (new Set(names.values()).size < names.size) throw new Error('two definitions give one type name');
  return names;
}

function declarationOf(
  name: string,
  schema: ReducedSchema,
  typeNames: ReadonlyMap<string, string>,
  introducedIn: (field: string) => string | undefined,
): string {
  const doc = `/** \`${name}\` of KubeVirt's API. */\n`;
  const typeName = typeNames.get(name) ?? name;
  if (schema.properties === undefined) return `${doc}export type ${typeName} = ${typeOf(schema, typeNames)};\n`;
  const fields = Object.entries(schema.properties).map(([field, value]) => {
    const since = introducedIn(field);
    const note = since === undefined ? '' : `  /** Known from KubeVirt ${since} on. */\n`;
    const optional = schema.required?.includes(field) ? '' : '?';
    const undefinedToo = optional === '' ? '' : ' | undefined';
    return `${note}  readonly ${keyText(field)}${optional}: ${typeOf(value, typeNames)}${undefinedToo};\n`;
  });
  return `${doc}export type ${typeName} = {\n${fields.join('')}};\n`;
}

function typeOf(schema: ReducedSchema, typeNames: ReadonlyMap<string, string>): string {
  if (schema.$ref === QUANTITY || schema.$ref === INT_OR_STRING) return 'number | string';
  if (schema.$ref !== undefined) return typeNames.get(schema.$ref) ?? schema.$ref;
  if (schema.open === true) return 'JsonObject';
  if (schema.enum !== undefined) return schema.enum.map((value) => `'${value}'`).join(' | ');
  if (schema.type === 'array') return `readonly ${listItem(typeOf(schema.items ?? {}, typeNames))}[]`;
  if (schema.additionalProperties !== undefined) {
    return `{ readonly [key: string]: ${typeOf(schema.additionalProperties, typeNames)} }`;
  }
  if (schema.type === 'object') return '{ readonly [key: string]: never }';
  const types = (Array.isArray(schema.type) ? schema.type : [schema.type]) as readonly string[];
  return types.map((type) => (type === 'integer' ? 'number' : type)).join(' | ');
}

function listItem(type: string): string {
  return type.includes(' | ') ? `(${type})` : type;
}

function keyText(field: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(field) ? field : `'${field}'`;
}
