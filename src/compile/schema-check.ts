import { stamp, type PlacedDiagnostic } from '../diagnostics';
import { complaintHistory, hasSchema, validateObject, type SchemaComplaint } from '../kubevirt';
import type { Manifest } from '../manifests';
import { jsonAt, type CurrentObject, type JsonObject } from '../model';
import { keyPlace, parentPointer, placeAt, pointerSegments, type Pointer } from '../source';
import { API_PROBLEMS } from './problems';

/**
 * Whether an object is one that the API of its target version takes; a complaint stands at the input behind it. Kinds
 * without a schema at run time are Kubernetes' own, which only our own code writes: tests validate those.
 */
export function checkManifest(
  release: string,
  manifest: Pick<Manifest, 'trace'>,
  content: JsonObject,
): PlacedDiagnostic[] {
  const { apiVersion, kind } = content;
  if (typeof apiVersion === 'string' && typeof kind === 'string' && !hasSchema({ release }, apiVersion, kind))
    return [];
  const traced = { content, trace: (pointer: Pointer) => manifest.trace(pointer) };
  return validateObject({ release }, content).map((complaint) => diagnose(release, traced, complaint));
}

/**
 * The same for objects that no fleet wrote. What came from an API server, which has looked at it, is left out; without a release
 * of KubeVirt nothing can be said.
 */
export function checkObjects(release: string, objects: readonly CurrentObject[]): PlacedDiagnostic[] {
  if (release === '') return [];
  return objects.filter(isWritten).flatMap(({ content, place }) => {
    const { apiVersion, kind } = content;
    if (typeof apiVersion !== 'string' || typeof kind !== 'string' || !hasSchema({ release }, apiVersion, kind))
      return [];
    const traced = { content, trace: (pointer: Pointer) => placeAt(place, ...pointerSegments(pointer)) };
    return validateObject({ release }, content)
      .filter((complaint) => !isMisplacedList(kind, complaint))
      .map((complaint) => diagnose(release, traced, complaint));
  });
}

/** A list of HyperConverged's in the layout of its other version: rule `kubevirt/misplaced-lists` says where it belongs. */
function isMisplacedList(objectKind: string, { kind, pointer }: SchemaComplaint): boolean {
  if (objectKind !== 'HyperConverged' || kind !== 'unknown-field') return false;
  return /^\/spec\/(?:permittedHostDevices|mediatedDevicesConfiguration|virtualization)$/.test(pointer);
}

/** Whether people wrote an object: what an API server prints has a `uid`. */
function isWritten({ content }: CurrentObject): boolean {
  return jsonAt(content, 'metadata', 'uid') === undefined;
}

function diagnose(
  release: string,
  manifest: Pick<Manifest, 'content' | 'trace'>,
  complaint: SchemaComplaint,
): PlacedDiagnostic {
  const { pointer } = complaint;
  const kind = typeof manifest.content['kind'] === 'string' ? manifest.content['kind'] : 'object';
  const field = pointerSegments(pointer).at(-1) ?? kind;
  const owner = pointerSegments(parentPointer(pointer)).at(-1) ?? kind;
  const place = manifest.trace(pointer);
  const history = complaintHistory(complaint);
  const notes = [
    `validated as ${kind} of KubeVirt ${release}`,
    ...(history === undefined ? [] : [`\`${field}\` is ${history}`]),
  ];
  switch (complaint.kind) {
    case 'unknown-field':
      return stamp(API_PROBLEMS.unknownField, {
        message: `\`${field}\` is not a field of \`${owner}\` in the target version`,
        primary: { at: keyPlace(place), text: 'unknown field' },
        notes,
        help:
          complaint.suggestion === undefined ? [] : [`use \`${complaint.suggestion}\`, a field with a similar name`],
      });
    case 'missing-field':
      return stamp(API_PROBLEMS.missingField, {
        message: `\`${field}\` is required in \`${owner}\` by the target version`,
        primary: { at: keyPlace(place), text: `\`${field}\` is missing` },
        notes,
      });
    case 'unknown-kind':
    case 'wrong-type':
    case 'not-in-enum':
    case 'out-of-bounds':
    case 'malformed':
      return stamp(API_PROBLEMS.wrongValue, {
        message: `\`${field}\` is ${complaint.found}, not ${complaint.expected}`,
        primary: { at: place, text: `expected ${complaint.expected}` },
        notes,
        help: complaint.suggestion === undefined ? [] : [`use \`${complaint.suggestion}\``],
      });
  }
}
