import { sourcesMissing } from '../../tools/schema/sources';

const missing = sourcesMissing();

/** Runs tests that need the published API schemas; says in the name of the block why they are skipped where there are none. */
export function describeWithPublishedSchemas(name: string, body: () => void): void {
  if (missing === undefined) describe(name, body);
  else describe.skip(`${name} [skipped: ${missing}]`, body);
}
