import { stamp, type Fix, type PlacedDiagnostic } from '../../diagnostics';
import { quoteText } from '../../yaml';
import { nearestName, parseKubeVirtVersion } from '../../kubevirt';
import { isJsonObject } from '../../model';
import { appendToPointer, pointerSegments, type Place } from '../../source';
import {
  CONFLICTING_KEYS,
  DUPLICATE_ITEM,
  MALFORMED_VALUE,
  MISSING_KEY,
  VALUE_NOT_ALLOWED,
  WRONG_TYPE,
} from '../problems';
import { fixAt } from './edits';
import { isMeantBy, notSupported } from './key-findings';
import { resolvedShape, shapeAt, type Shape } from './shape';
import type { Spot } from './spot';
import { unquotedText } from './unquoted-text';
import { unsupportedValue } from './unsupported';
import { expectedWords, foundWords, quotedList, shortened, spotName, typeWords } from './words';

const LONGEST_LABEL = 60;
/** Keys of which an entry has exactly one, by the definition that it follows. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  device: ['pci', 'mdev', 'vgpu', 'usb'],
  virtualMachine: ['spec', 'manifest'],
  pluginVariable: ['value', 'valueFrom'],
};
/** What YAML 1.1 took for booleans, and people still write. */
const LEGACY_BOOLEANS: ReadonlyMap<string, string> = new Map([
  ['yes', 'true'],
  ['y', 'true'],
  ['on', 'true'],
  ['true', 'true'],
  ['no', 'false'],
  ['n', 'false'],
  ['off', 'false'],
  ['false', 'false'],
]);
const KUBEVIRT_VERSION = '/spec/cluster/kubevirt/version';

/** A value of another type than the schema takes. */
export function wrongType(spot: Spot): PlacedDiagnostic {
  const { document, role, pointer, value } = spot;
  const shape = shapeAt(role, pointer)?.shape ?? {};
  const subject = spotName(role, pointer);
  const at = document.placeOf(pointer);
  const expected = label(`expected ${expectedWords(shape)}`, `expected ${typeWords(shape)}`);
  if (value === null) {
    return stamp(WRONG_TYPE, { message: `${subject} has no value`, primary: { at, text: expected } });
  }
  const takes = [shape.type ?? []].flat();
  if (takes.includes('string') && takes.length === 1 && (typeof value === 'number' || typeof value === 'boolean')) {
    const unquoted = unquotedText(spot, value, shape);
    if (unquoted !== undefined) return unquoted;
  }
  return stamp(WRONG_TYPE, {
    message: `${subject} is ${foundWords(value)}, not ${typeWords(shape)}`,
    primary: { at, text: expected },
    fixes: typeof value === 'string' ? fixesOfText(value, takes, at) : [],
  });
}

function fixesOfText(value: string, takes: readonly string[], at: Place): Fix<Place>[] {
  if (takes.includes('array')) return fixAt(at, 'write a list of one', true, `[${quoteText(value)}]`);
  const meant = takes.includes('boolean') ? LEGACY_BOOLEANS.get(value.toLowerCase()) : undefined;
  return meant === undefined ? [] : fixAt(at, `write \`${meant}\``, false, meant);
}

/** A value that is none of the few that the schema takes. */
export function valueNotAllowed(spot: Spot): PlacedDiagnostic {
  const { document, role, pointer, value } = spot;
  const spotShape = shapeAt(role, pointer);
  const allowed = (spotShape?.shape.enum ?? []).map(String);
  const subject = spotName(role, pointer);
  const at = document.placeOf(pointer);
  const listed = `expected ${quotedList(allowed, 'or')}`;
  const text = label(listed, 'not one of the values that it takes');
  if (value === null) return stamp(WRONG_TYPE, { message: `${subject} has no value`, primary: { at, text } });
  const instead = unsupportedValue(pointerSegments(pointer).at(-1) ?? '', value);
  if (instead !== undefined && typeof value === 'string') return notSupported(`${subject} ${value}`, at, instead);
  const nearest = typeof value === 'string' ? nearestName(value, allowed) : undefined;
  return stamp(VALUE_NOT_ALLOWED, {
    message: `${subject} cannot be ${typeof value === 'string' ? shortened(value) || 'empty' : foundWords(value)}`,
    primary: { at, text },
    notes: text === listed ? [] : [`${subject} takes ${quotedList(allowed, 'or')}`],
    fixes: nearest === undefined ? [] : fixAt(at, `use ${nearest}`, false, nearest),
  });
}

/** A text, a number or a list whose form the schema refuses. */
export function malformedValue(spot: Spot): PlacedDiagnostic {
  const { document, role, pointer, value } = spot;
  const shape = shapeAt(role, pointer)?.shape ?? {};
  const subject = spotName(role, pointer);
  const at = document.placeOf(pointer);
  if (Array.isArray(value)) {
    return stamp(MALFORMED_VALUE, {
      message: `${subject} is an empty list`,
      primary: { at, text: 'expected 1 item at least' },
    });
  }
  const found = typeof value === 'string' ? shortened(value) : foundWords(value);
  if (pointer === KUBEVIRT_VERSION && typeof value === 'string') {
    if (/^4\.\d+/.test(value)) {
      return notSupported(
        `\`version\` ${found} of OpenShift Virtualization`,
        at,
        'known are 4.18 to 4.22: state the release of KubeVirt in it',
      );
    }
    const version = parseKubeVirtVersion(value);
    const withoutPrefix = parseKubeVirtVersion(value.replace(/^v/, ''));
    return stamp(MALFORMED_VALUE, {
      message: `KubeVirt ${found} is not a release that fleets are written for`,
      primary: {
        at,
        text: label(version.ok ? expectedWords(shape) : version.reason, `expected ${expectedWords(shape)}`),
      },
      fixes: withoutPrefix.ok ? fixAt(at, 'leave out `v`', true, quoteText(withoutPrefix.value.text)) : [],
    });
  }
  const expected = label(`expected ${expectedWords(shape)}`, `expected ${typeWords(shape)}`);
  if (found.trim() === '')
    return stamp(MALFORMED_VALUE, { message: `${subject} is blank`, primary: { at, text: expected } });
  return stamp(MALFORMED_VALUE, {
    message: typeof value === 'string' ? `${subject} ${found} is malformed` : `${subject} cannot be ${found}`,
    primary: { at, text: expected },
    fixes: lowerCased(spot, shape),
  });
}

/** A key of the user's own, an id, whose form the schema refuses. `spot` is the map around it. */
export function malformedKey(spot: Spot, key: string): PlacedDiagnostic {
  const { document, role, pointer } = spot;
  const names = resolvedShape(shapeAt(role, pointer)?.shape.propertyNames ?? {});
  return stamp(MALFORMED_VALUE, {
    message:
      key.trim() === ''
        ? `a key of ${spotName(role, pointer)} is blank`
        : `key ${shortened(key)} of ${spotName(role, pointer)} is malformed`,
    primary: {
      at: document.placeOf(appendToPointer(pointer, key), 'key'),
      text: label(`expected ${expectedWords(names)}`, 'expected a name'),
    },
  });
}

/** One thing twice in a list; both items are the same text. */
export function duplicateItem(spot: Spot, i: number, j: number): PlacedDiagnostic {
  const { document, role, pointer, value } = spot;
  const [first, second] = [Math.min(i, j), Math.max(i, j)];
  const item: unknown = Array.isArray(value) ? value[first] : undefined;
  return stamp(DUPLICATE_ITEM, {
    message: `${spotName(role, pointer)} names ${shortened(String(item))} twice`,
    primary: { at: document.placeOf(appendToPointer(pointer, second)), text: 'second mention' },
    secondary: [{ at: document.placeOf(appendToPointer(pointer, first)), text: 'first mention' }],
  });
}

/** An entry that has none, or several, of the keys of which it needs one. */
export function conflictingKeys(spot: Spot, unknownKeys: readonly string[]): PlacedDiagnostic[] {
  const { document, role, pointer, value } = spot;
  const keys = CHOICES[shapeAt(role, pointer)?.name ?? ''] ?? [];
  const present = keys.filter((key) => isJsonObject(value) && value[key] !== undefined);
  const subject = spotName(role, pointer);
  const [first, ...others] = present;
  if (first === undefined) {
    if (isMeantBy(spot, keys, unknownKeys)) return [];
    return [
      stamp(MISSING_KEY, {
        message: `${subject} has ${keys.length === 2 ? 'neither' : 'none of'} ${quotedList(keys, keys.length === 2 ? 'nor' : 'and')}`,
        primary: { at: document.placeOf(pointer, 'key'), text: 'one of them says what it is' },
      }),
    ];
  }
  return others.map((other) =>
    stamp(CONFLICTING_KEYS, {
      message: `${subject} has both \`${first}\` and \`${other}\``,
      primary: { at: document.placeOf(appendToPointer(pointer, other), 'key'), text: 'only one of them may be there' },
      secondary: [{ at: document.placeOf(appendToPointer(pointer, first), 'key'), text: 'the other one' }],
    }),
  );
}

function lowerCased({ document, pointer, value }: Spot, shape: Shape): ReturnType<typeof fixAt> {
  if (typeof value !== 'string' || shape['x-form'] !== 'name') return [];
  const lower = value.toLowerCase();
  return lower === value ? [] : fixAt(document.placeOf(pointer), 'write it in lower case', false, quoteText(lower));
}

/** The first text that fits a label. */
function label(text: string, shorter: string): string {
  return text.length <= LONGEST_LABEL ? text : shorter;
}
