/*
 * Holds a document against the schema and says in field words what is wrong. The generated validator finds every complaint;
 * what each means to the reader is decided here, because a schema's own words ("must match pattern") help nobody.
 */
import { stamp, type PlacedDiagnostic } from '../../diagnostics';
import { isJsonObject, jsonAt, type JsonValue } from '../../model';
import { parentPointer, pointerSegments, type Pointer } from '../../source';
import type { FleetDocument } from '../document';
import { validateFleet, validateIncludedFleet } from '../fleet-validator.generated';
import { NOT_A_FLEET } from '../problems';
import { meantKey, missingKey, misplacedKey, unknownKey } from './key-findings';
import { readAsMeant, type MisspeltKey } from './read-as-meant';
import type { DocumentRole } from './shape';
import type { Spot } from './spot';
import { foundWords, shortened } from './words';
import {
  conflictingKeys,
  duplicateItem,
  malformedKey,
  malformedValue,
  valueNotAllowed,
  wrongType,
} from './value-findings';

/** A complaint as ajv's generated code makes it. */
interface Complaint {
  readonly instancePath: Pointer;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Set where the complaint is about a key instead of a value. */
  readonly propertyName?: string;
}

const FORM_KEYWORDS: ReadonlySet<string> = new Set(['pattern', 'maxLength', 'minimum', 'maximum', 'minItems']);
const API_VERSION = 'hostdev/v1alpha1';
const KIND = 'Fleet';

/** What is known of a document once it has been held against the schema. */
export interface CheckedDocument {
  readonly problems: readonly PlacedDiagnostic[];
  /** Whether it is a fleet at all, so that it is worth reading on. */
  readonly isFleet: boolean;
  /** The document with its misspelt keys read as they were meant, so that one slip is one finding. */
  readonly document: FleetDocument;
}

/** A misspelt key may hide others below it; a document that needs more rounds than this has enough findings. */
const MOST_ROUNDS = 4;

/** Everything that is wrong with a document by itself; whether the names in it name anything is for rules to say. */
export function checkDocument(document: FleetDocument, role: DocumentRole): CheckedDocument {
  const problems: PlacedDiagnostic[] = [];
  let read = document;
  for (let round = 1; ; round++) {
    const checked = checkAsItStands(read, role);
    if (checked.misspelt.length === 0 || round === MOST_ROUNDS) {
      return { problems: [...problems, ...checked.problems], isFleet: checked.isFleet, document: read };
    }
    problems.push(...checked.misspelt.map(({ problem }) => problem));
    read = readAsMeant(read, checked.misspelt);
  }
}

function checkAsItStands(
  document: FleetDocument,
  role: DocumentRole,
): {
  readonly problems: readonly PlacedDiagnostic[];
  readonly isFleet: boolean;
  readonly misspelt: readonly (MisspeltKey & { readonly problem: PlacedDiagnostic })[];
} {
  const stranger = notAFleet(document);
  if (stranger !== undefined) return { problems: [stranger], isFleet: false, misspelt: [] };
  const validate = (role === 'fleet' ? validateFleet : validateIncludedFleet) as {
    (value: unknown): boolean;
    errors?: readonly Complaint[] | null;
  };
  validate(document.value);
  const complaints = withoutRepetitions(validate.errors ?? []);
  const unknown = unknownKeysByMap(complaints);
  const misspelt: (MisspeltKey & { readonly problem: PlacedDiagnostic })[] = [];
  const problems = complaints.flatMap((complaint) => {
    const spot = {
      document,
      role,
      pointer: complaint.instancePath,
      value: jsonAt(document.value as JsonValue, ...pathOf(complaint.instancePath, document.value)),
    };
    const findings = findingsFor(complaint, spot, unknown.get(complaint.instancePath) ?? []);
    if (complaint.keyword === 'additionalProperties') {
      const key = String(complaint.params['additionalProperty']);
      const meant = meantKey(spot, key);
      const [problem] = findings;
      const isTaken = misspelt.some((other) => other.map === spot.pointer && other.meant === meant);
      if (meant !== undefined && problem !== undefined && !isTaken)
        misspelt.push({ map: spot.pointer, key, meant, problem });
    }
    return findings;
  });
  return { problems, isFleet: true, misspelt };
}

/** A value that fails two tests of its form, or one test that the schema makes twice, fails once. */
function withoutRepetitions(complaints: readonly Complaint[]): readonly Complaint[] {
  const seen = new Set<string>();
  return complaints.filter(({ instancePath, keyword, params, propertyName }) => {
    const kind = FORM_KEYWORDS.has(keyword) ? 'form' : keyword === 'type' ? keyword : JSON.stringify([keyword, params]);
    const key = JSON.stringify([instancePath, kind, propertyName]);
    return !seen.has(key) && seen.add(key);
  });
}

function unknownKeysByMap(complaints: readonly Complaint[]): ReadonlyMap<Pointer, readonly string[]> {
  const byMap = new Map<Pointer, string[]>();
  for (const { keyword, instancePath, params } of complaints) {
    if (keyword !== 'additionalProperties') continue;
    const keys = byMap.get(instancePath) ?? [];
    keys.push(String(params['additionalProperty']));
    byMap.set(instancePath, keys);
  }
  return byMap;
}

function notAFleet(document: FleetDocument): PlacedDiagnostic | undefined {
  const { value, placeOf } = document;
  const expected = `expected \`apiVersion: ${API_VERSION}\` and \`kind: ${KIND}\``;
  if (!isJsonObject(value)) {
    return stamp(NOT_A_FLEET, {
      message: `the document is ${foundWords(value)}, not a fleet`,
      primary: { at: placeOf(''), text: expected },
    });
  }
  for (const [key, wanted] of [
    ['kind', KIND],
    ['apiVersion', API_VERSION],
  ] as const) {
    const found = value[key];
    if (found === undefined || found === wanted) continue;
    return stamp(NOT_A_FLEET, {
      message: `\`${key}\` is ${typeof found === 'string' ? shortened(found) : foundWords(found)}, not ${wanted}`,
      primary: { at: placeOf(`/${key}`), text: `a fleet has \`${key}: ${wanted}\`` },
    });
  }
  if (value['kind'] !== undefined || value['apiVersion'] !== undefined) return undefined;
  return stamp(NOT_A_FLEET, {
    message: 'the document has neither `apiVersion` nor `kind`',
    primary: { at: placeOf(''), text: expected },
  });
}

function findingsFor(complaint: Complaint, spot: Spot, unknownKeys: readonly string[]): PlacedDiagnostic[] {
  const { keyword, params, schemaPath } = complaint;
  // branches of a choice complain one by one; the choice itself is put into words as a whole
  if (/\/(?:oneOf|if)\//.test(schemaPath)) return [];
  switch (keyword) {
    case 'additionalProperties':
      return [unknownKey(spot, String(params['additionalProperty']))];
    case 'required':
      return missingKey(spot, String(params['missingProperty']), unknownKeys);
    case 'type':
      return [wrongType(spot)];
    case 'enum':
    case 'const':
      return [valueNotAllowed(spot)];
    case 'propertyNames':
      return [malformedKey(spot, String(params['propertyName']))];
    case 'uniqueItems':
      return [duplicateItem(spot, Number(params['i']), Number(params['j']))];
    case 'oneOf':
      return isJsonObject(spot.value) ? conflictingKeys(spot, unknownKeys) : [];
    case 'false schema':
      return [
        misplacedKey({ ...spot, pointer: parentPointer(spot.pointer) }, pointerSegments(spot.pointer).at(-1) ?? ''),
      ];
    case 'if':
      return [];
    default:
      return complaint.propertyName === undefined ? [malformedValue(spot)] : [];
  }
}

/** A pointer as steps that tell list items from keys. */
function pathOf(pointer: Pointer, root: unknown): (string | number)[] {
  let at = root as JsonValue | undefined;
  return pointerSegments(pointer).map((segment) => {
    const step = Array.isArray(at) ? Number(segment) : segment;
    at = jsonAt(at, step);
    return step;
  });
}
