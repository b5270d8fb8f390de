import { parseAllDocuments } from 'yaml';

/** What a tree of files has for the API server. */
export interface Emitted {
  /** Texts of whole objects. */
  readonly objects: readonly string[];
  /** Those of VMs, which KubeVirt's admission looks at. */
  readonly machines: readonly unknown[];
  /** The partial object for server-side apply, as text and as what is read from it; absent where there is none. */
  readonly patch: { readonly text: string; readonly object: Owner } | undefined;
  /** `group/version kind` of what no CustomResourceDefinition here describes. */
  readonly unjudged: readonly string[];
}

/** Groups of operators whose CustomResourceDefinitions are not among the published ones. */
const WITHOUT_DEFINITION = ['monitoring.coreos.com', 'source.toolkit.fluxcd.io'];

const OWNER_KINDS = ['KubeVirt', 'HyperConverged'];

/** KubeVirt's own object or HyperConverged's, or a part of one. */
export interface Owner {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
}

interface Head {
  readonly apiVersion?: unknown;
  readonly kind?: unknown;
  readonly metadata?: unknown;
}

/** Sorts files by who takes them; what is applied by hand, and what only kustomize or hostdev reads, is nobody's here. */
export function emittedBy(files: ReadonlyMap<string, string>, withoutDefinition = WITHOUT_DEFINITION): Emitted {
  const objects: string[] = [];
  const machines: unknown[] = [];
  const unjudged = new Set<string>();
  let patch: Emitted['patch'];
  for (const [path, text] of files) {
    if (!path.endsWith('.yaml') || path.includes('/apply-by-hand/') || path.startsWith('baseline/')) continue;
    const documents = parseAllDocuments(text).map((document) => document.toJS() as Head | null);
    const [object, ...others] = documents;
    if (others.length > 0) throw new Error(`${path} holds ${documents.length} objects`);
    if (typeof object?.apiVersion !== 'string' || typeof object.kind !== 'string') continue;
    const group = object.apiVersion.split('/')[0] ?? '';
    if (group === 'kustomize.config.k8s.io') continue;
    if (OWNER_KINDS.includes(object.kind)) patch = { text, object: object as Owner };
    else if (withoutDefinition.includes(group)) unjudged.add(`${object.apiVersion} ${object.kind}`);
    else {
      objects.push(text);
      if (object.kind.startsWith('VirtualMachine')) machines.push(object);
    }
  }
  return { objects, machines, patch, unjudged: [...unjudged].sort() };
}
