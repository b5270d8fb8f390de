import { stamp, type PlacedDiagnostic } from '../diagnostics';
import { complaintHistory, hasSchema, validateObject, type SchemaComplaint } from '../kubevirt';
import type { Manifest } from '../manifests';
import { keyPlace, parentPointer, pointerSegments } from '../source';
import { API_PROBLEMS } from './problems';

/**
 * Whether an object is one that the API of its target version takes; a complaint stands at the input behind it. Kinds
 * without a schema at run time are Kubernetes' own, which only our own code writes: tests validate those.
 */
export function checkManifest(release: string, manifest: Manifest): PlacedDiagnostic[] {
  const { apiVersion, kind } = manifest.content;
  if (typeof apiVersion === 'string' && typeof kind === 'string' && !hasSchema({ release }, apiVersion, kind))
    return [];
  return validateObject({ release }, manifest.content).map((complaint) => diagnose(release, manifest, complaint));
}

function diagnose(release: string, manifest: Manifest, complaint: SchemaComplaint): PlacedDiagnostic {
  const { pointer } = complaint;
  const field = pointerSegments(pointer).at(-1) ?? String(manifest.content['kind']);
  const owner = pointerSegments(parentPointer(pointer)).at(-1) ?? String(manifest.content['kind']);
  const place = manifest.trace(pointer);
  const history = complaintHistory(complaint);
  const notes = [
    `validated as ${String(manifest.content['kind'])} of KubeVirt ${release}`,
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
