import type { ExitStatus } from '../exit-status';
import { compileInput } from '../fleet-input';
import { reportInterrupted } from '../interrupted';
import { showReport, type ReportOptions } from '../show-report';
import type { World } from '../world';

/** `hostdev check`: compiles and reports; writes nothing. */
export function check(world: World, fleet: string, options: ReportOptions): ExitStatus {
  reportInterrupted(world, 'dist');
  return showReport(world, compileInput(world, fleet), options);
}
