import { generatedFiles } from '../../tools/schema-table';
import { reachableDefinitions } from '../../tools/schema/reachable';
import { reduceDefinitions, reduceSchema } from '../../tools/schema/reduce-schema';
import { allKubeVirtDefinitions, customResourcesIn } from '../../tools/schema/sources';
import { definitionOf, kubeVirtKinds } from '../../src/kubevirt/api-versions';
import { customResources, definitionsOf, shapesOf } from '../../src/kubevirt/schema/definitions';
import { KUBEVIRT_SCHEMA } from '../../src/kubevirt/schema/kubevirt-schema.generated';
import {
  INT_OR_STRING,
  QUANTITY,
  type Definitions,
  type ReducedSchema,
} from '../../src/kubevirt/schema/reduced-schema';
import { KUBEVIRT_RELEASES, NEWEST_RELEASE } from '../../src/kubevirt/version';
import { describeWithPublishedSchemas } from './published-schemas';

describeWithPublishedSchemas('the table of KubeVirt definitions, compared with the published ones', () => {
  test('rebuilds every definition of every release', () => {
    for (const [release, raw] of allKubeVirtDefinitions()) {
      expect([release, definitionsOf(release)]).toEqual([release, reduceDefinitions(raw)]);
    }
  });

  test('holds every custom resource that its sources serve', () => {
    const files = ['machineconfiguration.openshift.io.yaml', 'hco.kubevirt.io.yaml'];
    for (const { group, version, kind } of files.flatMap(customResourcesIn)) {
      expect(customResources().find(`${group}/${version}/${kind}`)).toMatchObject({ kind: 'object' });
    }
  });

  test('says of the newest release what its CustomResourceDefinitions say', () => {
    const definitions = definitionsOf(NEWEST_RELEASE);
    const crds = customResourcesIn('kubevirt.io.yaml').filter(({ version }) => version === 'v1');

    expect(crds.map(({ kind }) => kind)).toEqual(['KubeVirt', 'VirtualMachineInstance', 'VirtualMachine']);
    for (const { kind, schema } of crds) {
      const { metadata, ...described } = reduceSchema(schema, kind).properties ?? {};
      const { metadata: ours, ...known } = inlined({ $ref: `v1.${kind}` }, definitions).properties ?? {};

      expect([metadata, ours !== undefined]).toEqual([{ type: 'object' }, true]);
      expect([kind, described]).toEqual([kind, known]);
    }
  });

  test('is generated again with the same text', () => {
    const files = generatedFiles();

    expect(files instanceof Map && [...files.keys()]).toEqual([
      'src/kubevirt/schema/kubevirt-schema.generated.ts',
      'src/kubevirt/schema/custom-resources.generated.ts',
      'src/kubevirt/api-types.generated.ts',
      'test/schema/core-kinds.generated.ts',
    ]);
    expect(generatedFiles()).toEqual(files);
  });
});

describe('the table of KubeVirt definitions', () => {
  test.each(KUBEVIRT_RELEASES)('has in %s the definition of every kind that KubeVirt serves', (release) => {
    for (const { apiVersion, kind } of kubeVirtKinds(release)) {
      const definition = definitionOf(release, apiVersion, kind) ?? '';

      expect([kind, shapesOf(release).find(definition)?.kind]).toEqual([kind, 'object']);
    }
  });

  test.each(KUBEVIRT_RELEASES)('has in %s no reference that goes in a circle or leads nowhere', (release) => {
    const definitions = definitionsOf(release);

    expect(() => reachableDefinitions(definitions, Object.keys(definitions))).not.toThrow();
  });

  test('shares what a patch does not touch', () => {
    expect(definitionsOf('1.9')['core.Affinity']).toBe(definitionsOf('1.4')['core.Affinity']);
  });

  test('is small enough to be loaded by every command', () => {
    expect(Object.values(KUBEVIRT_SCHEMA).join('').length).toBeLessThan(95_000);
  });
});

/** A schema with every reference replaced by what it refers to; a CRD writes quantities like ports. */
function inlined(schema: ReducedSchema, definitions: Definitions): ReducedSchema {
  if (schema.$ref === QUANTITY || schema.$ref === INT_OR_STRING) return { $ref: INT_OR_STRING };
  // the content of managedFields, which our table leaves free
  if (schema.$ref === 'meta.FieldsV1') return { type: 'object' };
  if (schema.$ref !== undefined) return inlined(definitions[schema.$ref] ?? {}, definitions);
  const { properties, items, additionalProperties, ...rest } = schema;
  return {
    ...rest,
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, property]) => [name, inlined(property, definitions)]),
      ),
    }),
    ...(items && { items: inlined(items, definitions) }),
    ...(additionalProperties && { additionalProperties: inlined(additionalProperties, definitions) }),
  };
}
