import { stamp, type PlacedDiagnostic } from '../../diagnostics';
import { AMBIGUOUS_SCALAR } from '../problems';
import { quotedInMessage } from './quoted-in-message';
import { quoteText } from '../scalars/format-scalar';
import { rangePlace } from './structure-problems';
import type { YamlAmbiguity } from '../yaml-text';

/**
 * Says that a scalar depends on the version of YAML that its reader knows.
 *
 * Quoting it is a safe fix where it is read as a text already; where it is read as a number, nobody but the author knows
 * whether a text was meant.
 */
export function ambiguityProblem(ambiguity: YamlAmbiguity): PlacedDiagnostic {
  const at = rangePlace(ambiguity.span);
  const isText = ambiguity.part === 'key' || typeof ambiguity.readAs === 'string';
  const reading = isText ? 'a text' : `the ${typeof ambiguity.readAs} ${String(ambiguity.readAs)}`;
  return stamp(AMBIGUOUS_SCALAR, {
    message: `${quotedInMessage(ambiguity.raw)} is something else to readers of YAML 1.1`,
    primary: { at, text: 'not quoted' },
    notes: [`it is read here as ${reading}; YAML 1.1 readers see ${ambiguity.readBy11}`],
    fixes: [{ title: 'quote the text', safe: isText, edits: [{ at, text: quoteText(ambiguity.raw) }] }],
  });
}
