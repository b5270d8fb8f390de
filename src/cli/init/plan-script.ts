/**
 * Shell lines that write `plan.md`: what merging does, against a commit. A commit from before the first baseline counts as nothing at all.
 * They end with the status of the plan: 3 where hazards are not in `ACCEPTED`.
 *
 * @param fleet - the argument that names the fleet; empty: the default
 * @param base - the commit that is merged to, as the shell reads it
 */
export function planScript(fleet: string, base: string): string {
  const argument = fleet === '' ? '' : ` ${fleet}`;
  return `base=${base}
git cat-file -e "$base:dist/baseline/cluster.json" || base=none
npx hostdev plan${argument} --against "$base" --format markdown $ACCEPTED > plan.md`;
}
