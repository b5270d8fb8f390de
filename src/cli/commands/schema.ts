import { join } from 'node:path';
import { InternalError } from '../../diagnostics';
import { EXIT_STATUS, type ExitStatus } from '../exit-status';
import type { World } from '../world';

/** `hostdev schema`: the fleet's JSON Schema. */
export function printSchema(world: World): ExitStatus {
  world.writeOut(readSchema(world));
  return EXIT_STATUS.done;
}

/**
 * The text of the fleet's JSON Schema.
 *
 * @throws InternalError when the package lies without it
 */
export function readSchema(world: World): string {
  const text = world.files.readText(join(world.packageFolder, 'schema', 'fleet.schema.json'));
  if (text === undefined) throw new InternalError('the package has no schema/fleet.schema.json');
  return text;
}
