import { stamp, type PlacedDiagnostic } from '../../diagnostics';
import type { Acknowledgement, NodePool } from '../../model';
import { keyPlace, type Place } from '../../source';
import { fitting, fittingLabel } from '../words';
import { nearestName } from '../../kubevirt';
import type { FleetRule, RuleInput } from '../rule';
import { unacknowledgeableRule } from './unacknowledgeable-rule';
import { unknownRule } from './unknown-rule';
import { withoutFinding } from './without-finding';

/** What is wrong with the acknowledgements themselves, once it is known which of them accepted something. */
export function* acknowledgementFindings(
  { fleet, analysis, unread }: RuleInput,
  rules: readonly FleetRule[],
  used: ReadonlySet<Acknowledgement>,
  found: readonly PlacedDiagnostic[],
): Iterable<PlacedDiagnostic> {
  const ruleBySlug = new Map(rules.map((rule) => [rule.slug, rule]));
  const isJudged = (pool: NodePool, rule: FleetRule): boolean =>
    !rule.needs.includes('inventory') ||
    pool.nodes.every(({ name }) => analysis.nodeByName.get(name)?.inventory !== undefined);

  const isPartial = (['devices', 'nodePools', 'inventory'] as const).some((part) => unread?.has(part));

  for (const pool of fleet.nodePools) {
    for (const { device, acknowledge, place: entry } of pool.passthrough) {
      // what is wrong with the entry decides first whether there is anything to accept
      const isWrong = found.some(({ severity, primary }) => severity === 'error' && isWithin(primary.at, entry));
      for (const acknowledgement of acknowledge) {
        const { slug, place } = acknowledgement;
        const rule = ruleBySlug.get(slug);
        if (rule === undefined) {
          const nearest = nearestName(slug, ruleBySlug.keys());
          yield stamp(unknownRule, {
            message: fitting(
              `\`acknowledge\` names ${slug}, which is not a rule`,
              '`acknowledge` names what is not a rule',
            ),
            primary: { at: keyPlace(place), text: 'no rule has this name' },
            help: nearest === undefined ? [] : [`write \`${nearest}\` if that is the rule meant`],
          });
        } else if (rule.acknowledgeable !== true) {
          yield stamp(unacknowledgeableRule, {
            message: `${slug} cannot be acknowledged`,
            primary: { at: keyPlace(place), text: 'this rule has no exception' },
            help: [`remove it, and read \`hostdev explain ${slug}\``],
          });
        } else if (!used.has(acknowledgement) && !isWrong && !isPartial && isJudged(pool, rule)) {
          yield stamp(withoutFinding, {
            message: `\`acknowledge\` accepts ${slug}, which finds nothing here`,
            primary: {
              at: keyPlace(place),
              text: fittingLabel(`passthrough of ${device} gives no such finding`, 'no such finding'),
            },
            help: ['remove the entry'],
          });
        }
      }
    }
  }
}

function isWithin(place: Place, entry: Place): boolean {
  if (place.kind !== 'document' || entry.kind !== 'document') return place === entry;
  return place.file === entry.file && `${place.pointer}/`.startsWith(`${entry.pointer}/`);
}
