import type { ExitStatus } from '../exit-status';
import { compileInput } from '../fleet-input';
import { reportInterrupted } from '../interrupted';
import { compileManifests } from '../manifests-input';
import { showReport, type ReportOptions } from '../show-report';
import { UsageError } from '../usage-error';
import type { World } from '../world';

/** Options of `hostdev check`. */
export interface CheckOptions extends ReportOptions {
  /** A folder of objects that no fleet wrote, checked instead of a fleet. */
  readonly manifests?: string;
  /** With `manifests`: the folder of inventories. */
  readonly inventory?: string;
  /** With `manifests`: KubeVirt's release. */
  readonly kubevirt?: string;
}

/**
 * `hostdev check`: compiles and reports; writes nothing.
 *
 * @param fleet - undefined where the user named none: `fleet.yaml`
 */
export function check(world: World, fleet: string | undefined, options: CheckOptions): ExitStatus {
  const { manifests, inventory, kubevirt } = options;
  if (manifests === undefined) {
    if (inventory !== undefined || kubevirt !== undefined) {
      throw new UsageError('--inventory and --kubevirt go with --manifests: a fleet says both itself');
    }
    reportInterrupted(world, 'dist');
    return showReport(world, compileInput(world, fleet ?? 'fleet.yaml'), options);
  }
  if (fleet !== undefined) throw new UsageError('--manifests checks a folder instead of a fleet: name one of them');
  return showReport(world, compileManifests(world, { folder: manifests, inventory, kubevirt }), options);
}
