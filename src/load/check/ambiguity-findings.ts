import { stamp, type PlacedDiagnostic } from '../../diagnostics';
import { AMBIGUOUS_SCALAR, ambiguityProblem, quoteText, type YamlAmbiguity } from '../../yaml';
import { parseBdfAddress, parsePciId } from '../../model';
import type { Place } from '../../source';
import type { FleetDocument } from '../document';
import { fixAt } from './edits';
import { shapeAt, type DocumentRole } from './shape';
import { shortened } from './words';

const LONGEST_LABEL = 60;

const ADDRESS_FORMS: ReadonlySet<string> = new Set(['PCI address', 'PCI id or address']);

/**
 * Unquoted scalars that a YAML 1.1 reader takes for something else. A spot that something is already said about is left out:
 * what helps there helps here.
 */
export function ambiguityFindings(
  document: FleetDocument,
  role: DocumentRole,
  ambiguities: readonly YamlAmbiguity[],
  said: readonly PlacedDiagnostic[],
): PlacedDiagnostic[] {
  const known = new Set(said.map(({ primary }) => spotKey(primary.at)));
  return ambiguities.flatMap((ambiguity) => {
    const { pointer, part, readAs } = ambiguity;
    const at = document.placeOf(pointer, part);
    if (known.has(spotKey(at))) return [];
    const form = part === 'value' ? shapeAt(role, pointer)?.shape['x-form'] : undefined;
    // one that is no address in any reading is pci/malformed-address, whose fix quotes it
    if (form !== undefined && ADDRESS_FORMS.has(form) && !isAddressOrId(ambiguity.raw)) return [];
    return form === undefined || typeof readAs !== 'string'
      ? [ambiguityProblem(ambiguity)]
      : [ambiguousForm(at, form, ambiguity)];
  });
}

function isAddressOrId(text: string): boolean {
  return parseBdfAddress(text).ok || parsePciId(text).ok;
}

/** In the words of the field: what stands there is an address or an id, not just a text. */
function ambiguousForm(at: Place, form: string, { raw, readBy11 }: YamlAmbiguity): PlacedDiagnostic {
  const seen = `YAML 1.1 readers see ${readBy11}`;
  return stamp(AMBIGUOUS_SCALAR, {
    message: `${form} ${shortened(raw)} stands without quotes`,
    primary: { at, text: seen.length <= LONGEST_LABEL ? seen : 'YAML 1.1 readers see something else' },
    fixes: fixAt(at, `quote the ${form}`, true, quoteText(raw)),
  });
}

function spotKey(place: Place): string {
  return place.kind === 'document' ? `${place.part} ${place.pointer}` : '';
}
