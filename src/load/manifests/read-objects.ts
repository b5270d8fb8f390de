import { stamp, type PlacedDiagnostic } from '../../diagnostics';
import { jsonAt, type CurrentObject } from '../../model';
import { placeAt, type DocumentPlace, type Place } from '../../source';
import { shortened } from '../check/words';
import { DUPLICATE_OBJECT, UNREAD_TEMPLATE } from '../problems';
import { identityOf, readObjects } from '../read-current';
import { missingFile } from '../read-documents';
import type { TextStore } from '../text-store';
import { isPatch } from './patches';

/** An object of a file, with the place of its content. */
export type FoundObject = CurrentObject & { readonly place: DocumentPlace };

/** Kinds that say something about host devices. A file that names none of them is not read: it may be a template of anything. */
const KINDS = [
  'ClusterPolicy',
  'DaemonSet',
  'HyperConverged',
  'KubeletConfig',
  'KubeVirt',
  'MachineConfig',
  'MachineConfigPool',
  'MachineConfiguration',
  'Node',
  'NodeFeatureRule',
  'PerformanceProfile',
  'SriovNetworkNodePolicy',
  'VirtualMachine',
  'VirtualMachineClusterInstancetype',
  'VirtualMachineClusterPreference',
  'VirtualMachineInstance',
  'VirtualMachineInstanceReplicaSet',
  'VirtualMachineInstancetype',
  'VirtualMachinePool',
  'VirtualMachinePreference',
] as const;

const NAMES_A_KIND = new RegExp(`\\bkind["']?[ \\t]*:[ \\t]*["']?(?:${KINDS.join('|')})(?![A-Za-z])`);
const IS_A_KIND: ReadonlySet<string> = new Set(KINDS);

/**
 * The objects of some files that say something about host devices. What else is in the files is passed over: a folder of manifests
 * holds all kinds of things.
 *
 * Two objects of one identity with the same content count once; of two that differ the first stands and the second is a warning.
 *
 * @param at - what names the files, for those that cannot be read
 */
export function readManifestObjects(
  store: TextStore,
  paths: readonly string[],
  at: Place,
): { readonly objects: readonly FoundObject[]; readonly problems: readonly PlacedDiagnostic[] } {
  const problems: PlacedDiagnostic[] = [];
  const templates: string[] = [];
  const byIdentity = new Map<string, FoundObject>();
  for (const path of paths) {
    const source = store.source(path);
    if (source === undefined) {
      problems.push(missingFile(`file ${shortened(path)}`, path, at));
      continue;
    }
    if (!NAMES_A_KIND.test(source.text)) continue;
    const read = readObjects(source);
    if (read.problems.some(({ severity }) => severity === 'error') && source.text.includes('{{')) {
      templates.push(path);
      continue;
    }
    const strangers = new Set(read.strangers.map(({ problem }) => problem));
    problems.push(
      ...read.problems.filter((problem) => !strangers.has(problem)),
      ...read.strangers
        .filter(({ kind }) => kind !== undefined && IS_A_KIND.has(kind))
        .map(({ problem }) => ({ ...problem, severity: 'warning' as const })),
    );
    for (const object of read.objects) {
      if (!IS_A_KIND.has(object.kind)) continue;
      const identity = identityOf(object);
      const first = byIdentity.get(identity);
      if (first === undefined || (isPatch(first) && !isPatch(object))) byIdentity.set(identity, object);
      else if (isPatch(object)) continue;
      else if (JSON.stringify(first.content) !== JSON.stringify(object.content))
        problems.push(differing(first, object));
    }
  }
  return { objects: [...byIdentity.values()], problems: [...problems, ...unread(templates)] };
}

function unread(templates: readonly string[]): PlacedDiagnostic[] {
  const [first, ...others] = templates;
  if (first === undefined) return [];
  return [
    stamp(UNREAD_TEMPLATE, {
      message: others.length === 0 ? 'a file is a template' : `${templates.length} files are templates`,
      primary: { at: { kind: 'file', file: first }, text: 'not looked at' },
      help: ['render them first, and check the result'],
    }),
  ];
}

function differing(first: FoundObject, second: FoundObject): PlacedDiagnostic {
  const name = [second.namespace, second.name].filter((part) => part !== undefined).join('/');
  return stamp(DUPLICATE_OBJECT, {
    severity: 'warning',
    message: `${shortened(second.kind)} ${shortened(name)} is there twice, and the two differ`,
    primary: { at: nameOf(second), text: 'not looked at' },
    secondary: [{ at: nameOf(first), text: 'this one counts' }],
    help: ['keep one of them in the folder that is checked'],
  });
}

function nameOf({ place, content }: FoundObject): Place {
  return jsonAt(content, 'metadata', 'name') === undefined ? place : placeAt(place, 'metadata', 'name');
}
