import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { KUBEVIRT_RELEASES, type KubeVirtRelease } from '../../src/kubevirt/version';
import type { RawSchema } from './reduce-schema';

/** The published API schemas that the tables are made from; not part of the package. */
const SHARED = join(__dirname, '..', '..', '..', 'shared');

/** Why nothing can be generated or compared here, or undefined when the published schemas are at hand. */
export function sourcesMissing(): string | undefined {
  const missing = ['schemas', 'crds'].filter((folder) => !existsSync(join(SHARED, folder)));
  return missing.length > 0
    ? `the published API schemas (${missing.join(' and ')}) are not beside this checkout`
    : undefined;
}

/** OpenAPI definitions of one KubeVirt release, as published. */
export function kubeVirtDefinitions(release: KubeVirtRelease): Readonly<Record<string, RawSchema>> {
  return definitionsIn(join('schemas', 'kubevirt', `v${release}.0.json`));
}

/** All releases, oldest first. */
export function allKubeVirtDefinitions(): (readonly [KubeVirtRelease, Readonly<Record<string, RawSchema>>])[] {
  return KUBEVIRT_RELEASES.map((release) => [release, kubeVirtDefinitions(release)]);
}

/** Definitions of Kubernetes' own kinds, `v1.34`, as published. */
export function kubernetesDefinitions(version: string): Readonly<Record<string, RawSchema>> {
  return definitionsIn(join('schemas', 'kubernetes', `${version}.json`));
}

/** One served version of a custom resource. */
export interface CustomResource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly schema: RawSchema;
}

/** The served versions of every CustomResourceDefinition in a file, in the order of the file. */
export function customResourcesIn(fileName: string): CustomResource[] {
  const text = readFileSync(join(SHARED, 'crds', fileName), 'utf8');
  return parseAllDocuments(text).flatMap((document) => {
    const crd = document.toJS() as CustomResourceDefinition | null;
    if (crd?.kind !== 'CustomResourceDefinition') return [];
    const { group, names, versions } = crd.spec;
    return versions
      .filter((version) => version.served)
      .map(({ name, schema }) => ({ group, version: name, kind: names.kind, schema: schema.openAPIV3Schema }));
  });
}

interface CustomResourceDefinition {
  readonly kind?: string;
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly {
      readonly name: string;
      readonly served: boolean;
      readonly schema: { readonly openAPIV3Schema: RawSchema };
    }[];
  };
}

function definitionsIn(path: string): Readonly<Record<string, RawSchema>> {
  const file = JSON.parse(readFileSync(join(SHARED, path), 'utf8')) as {
    definitions: Readonly<Record<string, RawSchema>>;
  };
  return file.definitions;
}
