import { SourceSet, upgradePath } from '../../compile';
import { hasSeverity } from '../../diagnostics';
import { compareReleases, isKubeVirtRelease, KUBEVIRT_RELEASES, type KubeVirtRelease } from '../../kubevirt';
import { renderUpgrade, renderUpgradeJson } from '../../report';
import { EXIT_STATUS, type ExitStatus } from '../exit-status';
import { shownFiles, type CompiledFleets } from '../fleet-input';
import { terminalPaint, wantsColor } from '../paint';
import { showReport, type ReportOptions } from '../show-report';
import { UsageError } from '../usage-error';
import type { World } from '../world';

/**
 * The releases of a range, both ends included; undefined where the text is no range.
 *
 * @throws UsageError when it is one of releases that are not known, or goes down.
 * @example `1.6..1.8` gives 1.6, 1.7 and 1.8
 */
export function releaseRange(text: string): readonly KubeVirtRelease[] | undefined {
  const ends = /^(.*?)\.\.\.?(.*)$/.exec(text);
  if (ends === null) return undefined;
  const [from = '', to = ''] = [ends[1], ends[2]];
  if (!isKubeVirtRelease(from) || !isKubeVirtRelease(to) || compareReleases(from, to) >= 0) {
    const known = `${KUBEVIRT_RELEASES[0]} to ${KUBEVIRT_RELEASES.at(-1) ?? ''}`;
    throw new UsageError(
      `--kubevirt ${JSON.stringify(text)}: write two releases of ${known}, the later one last: 1.6..1.9`,
    );
  }
  return KUBEVIRT_RELEASES.slice(KUBEVIRT_RELEASES.indexOf(from), KUBEVIRT_RELEASES.indexOf(to) + 1);
}

/**
 * Shows what changes for fleets from release to release. The status is that of their findings in the last one.
 *
 * @throws UsageError for a format that has no form for it.
 */
export function checkUpgrade(
  world: World,
  compiled: CompiledFleets,
  releases: readonly KubeVirtRelease[],
  options: ReportOptions,
): ExitStatus {
  const { format, color, strict } = options;
  if (format !== 'text' && format !== 'json') {
    throw new UsageError(`--format ${format} has no form for a range of releases: text and json have`);
  }
  const fleets = compiled.fleets.map(({ fleet }) => fleet);
  // a document that makes no model has no way to go: what is wrong with it comes first
  if (fleets.some((fleet) => fleet === undefined)) return showReport(world, compiled, options);
  const set = new SourceSet(compiled.files, shownFiles(world));
  const ways = fleets.flatMap((fleet) =>
    fleet === undefined
      ? []
      : [
          upgradePath({
            fleet,
            releases,
            locate: (place) => set.locate(place),
            suppressions: { sources: set, today: world.today },
          }),
        ],
  );
  const paths = ways.map(({ path }) => path);
  world.writeOut(
    format === 'json'
      ? renderUpgradeJson(paths, compiled.sourceOf)
      : renderUpgrade(paths, compiled.sourceOf, wantsColor(world, color) ? terminalPaint() : undefined),
  );
  const level = strict === true ? 'warning' : 'error';
  const fails = ways.some(({ last }) => last !== undefined && hasSeverity(last.report, level));
  return fails ? EXIT_STATUS.findings : EXIT_STATUS.done;
}
