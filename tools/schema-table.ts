/*
 * Makes the generated files about APIs: the schema tables that objects are validated against, and the types of `spec`.
 * `npm run generate` writes them; a test compares them with the disk.
 */
import { apiTypes } from './schema/api-types';
import { coreKindTable, customResourceTable, kubeVirtTable } from './schema/tables';
import { sourcesMissing } from './schema/sources';

/**
 * Path, relative to the repository's root, to text of every file that is made from the published API schemas.
 *
 * @returns why they were not made where those schemas are not at hand.
 */
export function generatedFiles(): Map<string, string> | { readonly skipped: string } {
  const missing = sourcesMissing();
  if (missing !== undefined) return { skipped: missing };
  return new Map([
    ['src/kubevirt/schema/kubevirt-schema.generated.ts', kubeVirtTable()],
    ['src/kubevirt/schema/custom-resources.generated.ts', customResourceTable()],
    ['src/kubevirt/api-types.generated.ts', apiTypes()],
    ['test/schema/core-kinds.generated.ts', coreKindTable()],
  ]);
}
