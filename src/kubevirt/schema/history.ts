import { pointerSegments } from '../../source';
import { KUBEVIRT_RELEASES, type KubeVirtRelease } from '../version';
import type { SchemaComplaint } from './complaint';
import { shapesOf } from './definitions';
import type { Shape } from './shape';

/** What the other releases say about one spot of an object. */
type FieldHistory = Pick<SchemaComplaint, 'introducedIn' | 'removedIn' | 'requiredUntil'>;

/**
 * A complaint together with what the other releases say about its spot.
 *
 * @param definitionIn the definition of the whole object in a release; undefined where it has none
 * @param text the text at the spot, for `not-in-enum`
 */
export function withHistory(
  complaint: SchemaComplaint,
  release: KubeVirtRelease,
  definitionIn: (release: KubeVirtRelease) => string | undefined,
  text: string | undefined,
): SchemaComplaint {
  const segments = pointerSegments(complaint.pointer);
  const later = KUBEVIRT_RELEASES.slice(KUBEVIRT_RELEASES.indexOf(release) + 1);
  const shapeIn = (other: KubeVirtRelease, path: readonly string[]): Shape | undefined =>
    shapeAt(rootIn(other, definitionIn), path);
  let history: FieldHistory = {};
  if (complaint.kind === 'unknown-field') {
    const earlier = KUBEVIRT_RELEASES.slice(0, KUBEVIRT_RELEASES.indexOf(release)).reverse();
    const lastWith = earlier.find((other) => shapeIn(other, segments) !== undefined);
    history = {
      ...defined(
        'introducedIn',
        later.find((other) => shapeIn(other, segments) !== undefined),
      ),
      ...defined('removedIn', lastWith && KUBEVIRT_RELEASES[KUBEVIRT_RELEASES.indexOf(lastWith) + 1]),
    };
  } else if (complaint.kind === 'missing-field') {
    const name = segments.at(-1) ?? '';
    const firstWithout = later.find((other) => !isRequired(shapeIn(other, segments.slice(0, -1)), name));
    history = defined('requiredUntil', firstWithout && KUBEVIRT_RELEASES[KUBEVIRT_RELEASES.indexOf(firstWithout) - 1]);
  } else if (complaint.kind === 'not-in-enum') {
    history = defined(
      'introducedIn',
      later.find((other) => allows(shapeIn(other, segments), text)),
    );
  }
  return { ...complaint, ...history };
}

function rootIn(
  release: KubeVirtRelease,
  definitionIn: (release: KubeVirtRelease) => string | undefined,
): Shape | undefined {
  const definition = definitionIn(release);
  return definition === undefined ? undefined : shapesOf(release).find(definition);
}

/** The shape at a path; undefined where the path leaves what is described. */
function shapeAt(root: Shape | undefined, path: readonly string[]): Shape | undefined {
  let at = root;
  for (const step of path) {
    if (at?.kind === 'object') at = at.fields.get(step);
    else if (at?.kind === 'map') at = at.values;
    else if (at?.kind === 'list') at = at.items;
    else return undefined;
  }
  return at;
}

function isRequired(shape: Shape | undefined, name: string): boolean {
  return shape?.kind === 'object' && shape.required.includes(name);
}

function allows(shape: Shape | undefined, text: string | undefined): boolean {
  return shape?.kind === 'scalar' && text !== undefined && (shape.values === undefined || shape.values.includes(text));
}

function defined<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>);
}
