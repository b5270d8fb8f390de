import type { ExitStatus } from '../exit-status';
import { compileInput } from '../fleet-input';
import { reportInterrupted } from '../interrupted';
import { compileManifests } from '../manifests-input';
import { checkUpgrade, releaseRange } from './check-upgrade';
import { showReport, type ReportOptions } from '../show-report';
import { UsageError } from '../usage-error';
import type { World } from '../world';

/** Options of `hostdev check`. */
export interface CheckOptions extends ReportOptions {
  /** A folder of objects that no fleet wrote, checked instead of a fleet. */
  readonly manifests?: string;
  /** With `manifests`: the folder of inventories. */
  readonly inventory?: string;
  /** With `manifests`: KubeVirt's release. With a fleet: a range of releases, `1.6..1.9`. */
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
    const releases = kubevirt === undefined ? undefined : releaseRange(kubevirt);
    if (inventory !== undefined || (kubevirt !== undefined && releases === undefined)) {
      throw new UsageError(
        '--inventory and one release in --kubevirt go with --manifests: a fleet says both itself; a range of releases is 1.6..1.9',
      );
    }
    reportInterrupted(world, 'dist');
    if (releases !== undefined)
      return checkUpgrade(world, compileInput(world, fleet ?? 'fleet.yaml'), releases, options);
    return showReport(world, compileInput(world, fleet ?? 'fleet.yaml'), options);
  }
  if (fleet !== undefined) throw new UsageError('--manifests checks a folder instead of a fleet: name one of them');
  return showReport(world, compileManifests(world, { folder: manifests, inventory, kubevirt }), options);
}
