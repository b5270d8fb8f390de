import { stamp, type PlacedDiagnostic } from '../../diagnostics';
import { nearestName } from '../../kubevirt';
import { appendToPointer, keyPlace, pointerSegments, type Place } from '../../source';
import { MISPLACED_KEY, MISSING_KEY, NOT_SUPPORTED, UNKNOWN_KEY } from '../problems';
import { shapeAt } from './shape';
import type { Spot } from './spot';
import { adviceFor, unsupportedKey } from './unsupported';
import { fixAt } from './edits';
import { quotedList, shortened, spotName } from './words';

/** Keys that name a fleet's own cluster and hardware: a file that is shared cannot say them. */
const OF_THE_FLEET_ITSELF: readonly string[] = ['cluster', 'inventory'];
/** What a device can be besides a PCI device. */
const SHARED_KINDS: readonly string[] = ['mdev', 'vgpu', 'usb'];
/** Lists of known keys that are longer than this do not help. */
const MOST_KEYS_LISTED = 8;

/** A key that the schema does not have there. `spot` is the map around it. */
export function unknownKey(spot: Spot, key: string): PlacedDiagnostic {
  const { document, role, pointer } = spot;
  const shape = shapeAt(role, pointer);
  const definition = shape?.name ?? '';
  const at = document.placeOf(appendToPointer(pointer, key), 'key');
  if (role === 'included' && pointer === '/spec' && OF_THE_FLEET_ITSELF.includes(key)) return misplacedKey(spot, key);
  const instead = unsupportedKey(definition, key);
  if (instead !== undefined) return notSupported(`\`${shortened(key)}\``, at, instead);
  const known = knownKeys(spot);
  const nearest = meantKey(spot, key);
  const advice = adviceFor(definition, key);
  const where = spotName(role, pointer);
  return stamp(UNKNOWN_KEY, {
    message: `\`${shortened(key)}\` is not a key of ${where}`,
    primary: { at, text: nearest === undefined ? 'nobody reads this' : `a key with a similar name is \`${nearest}\`` },
    notes:
      nearest === undefined && advice === undefined && known.length <= MOST_KEYS_LISTED && known.length > 0
        ? [`${where} takes ${quotedList(known, 'and')}`]
        : [],
    help: advice === undefined || nearest !== undefined ? [] : [advice],
    fixes: nearest === undefined ? [] : fixAt(at, `use \`${nearest}\``, false, nearest),
  });
}

/**
 * The key that an unknown one stands for: a similar name that its map does not have yet. Undefined where the key is known to
 * mean something else.
 */
export function meantKey(spot: Spot, key: string): string | undefined {
  const { role, pointer } = spot;
  if (role === 'included' && pointer === '/spec' && OF_THE_FLEET_ITSELF.includes(key)) return undefined;
  if (unsupportedKey(shapeAt(role, pointer)?.name ?? '', key) !== undefined) return undefined;
  return nearestName(
    key,
    knownKeys(spot).filter((name) => !isPresent(spot, name)),
  );
}

function knownKeys({ role, pointer }: Spot): string[] {
  const properties = shapeAt(role, pointer)?.shape.properties ?? {};
  return Object.keys(properties).filter((name) => properties[name] !== false);
}

/** What this version cannot compile, in words that are no reproach. */
export function notSupported(subject: string, at: Place, instead: string): PlacedDiagnostic {
  return stamp(NOT_SUPPORTED, {
    message: `${subject} is not supported by this version of hostdev`,
    primary: { at, text: instead },
  });
}

/**
 * A key without a default that is not there. `spot` is the map that lacks it; an unknown key of that map that was meant to be
 * it says all there is to say.
 */
export function missingKey(spot: Spot, key: string, unknownKeys: readonly string[]): PlacedDiagnostic[] {
  const { document, role, pointer } = spot;
  if (isMeantBy(spot, [key], unknownKeys)) return [];
  const isItem = /^\d+$/.test(pointerSegments(pointer).at(-1) ?? '');
  return [
    stamp(MISSING_KEY, {
      message: `\`${key}\` is missing in ${spotName(role, pointer)}`,
      primary: {
        at: document.placeOf(pointer, isItem || pointer === '' ? 'value' : 'key'),
        text: `has no \`${key}\``,
      },
    }),
  ];
}

/** Whether one of a map's unknown keys stands for a key that is missing: misspelt, not supported, or written otherwise elsewhere. */
export function isMeantBy(spot: Spot, missing: readonly string[], unknownKeys: readonly string[]): boolean {
  const definition = shapeAt(spot.role, spot.pointer)?.name ?? '';
  return unknownKeys.some(
    (key) =>
      nearestName(key, missing) !== undefined ||
      unsupportedKey(definition, key) !== undefined ||
      adviceFor(definition, key) !== undefined,
  );
}

/** A key that the schema knows, in a place where it means nothing. `spot` is the map around it. */
export function misplacedKey(spot: Spot, key: string): PlacedDiagnostic {
  const { document, pointer } = spot;
  const at = document.placeOf(appendToPointer(pointer, key), 'key');
  if (OF_THE_FLEET_ITSELF.includes(key)) {
    return stamp(MISPLACED_KEY, {
      message: `\`${key}\` stands in an included file`,
      primary: { at, text: 'a shared file belongs to no cluster' },
      help: [`write \`${key}\` into the fleet that includes this file`],
    });
  }
  if (key === 'dra') {
    return stamp(MISPLACED_KEY, {
      message: '`dra` is written without `allocation: dra`',
      primary: { at, text: 'a device plugin serves the device' },
      help: ['add `allocation: dra`, or delete the key'],
    });
  }
  if (SHARED_KINDS.includes(key)) {
    return stamp(MISPLACED_KEY, {
      message: `\`allocation: dra\` is written for \`${key}\``,
      primary: { at, text: 'claims are for devices under `pci`' },
      help: ['delete `allocation` and `dra`'],
    });
  }
  return misplacedMachineField(key, at);
}

/** A field of some kinds of VMs on an entry of another kind. */
export function misplacedMachineField(field: string, at: Place): PlacedDiagnostic {
  if (field === 'replicas') {
    return stamp(MISPLACED_KEY, {
      message: '`replicas` is a field of a pool or a replica set, not of one VM',
      primary: { at: keyPlace(at), text: 'one VM has no such field' },
      help: ['delete the key, or write `kind: VirtualMachinePool`'],
    });
  }
  if (field === 'templateMetadata') {
    return stamp(MISPLACED_KEY, {
      message: '`templateMetadata` is for what makes instances, not for an instance',
      primary: { at: keyPlace(at), text: 'an instance is made from no template' },
      help: ['write its labels and annotations under `metadata`'],
    });
  }
  return stamp(MISPLACED_KEY, {
    message: `\`${field}\` is a field of a VirtualMachine, not of an instance`,
    primary: { at: keyPlace(at), text: 'a VirtualMachineInstance has no such field' },
    help: ['delete the key, or write `kind: VirtualMachine`'],
  });
}

function isPresent({ value }: Spot, key: string): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key);
}
