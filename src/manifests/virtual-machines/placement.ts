/*
 * Where a VM may run, said in its own spec: a node by its label, a pool by its labels or by the host names of its nodes.
 * What the user typed stays; ours is added so that both must hold.
 */
import type { Analysis } from '../../analysis';
import {
  compareNatural,
  isJsonObject,
  jsonAt,
  type JsonObject,
  type JsonValue,
  type NodePool,
  type Taint,
  type VirtualMachine,
} from '../../model';
import { HOSTNAME_LABEL, hostnameLabel } from '../node-labels';
import { tolerates, tolerationOf } from '../tolerations';

/** What placing a VM adds to its spec: nothing for one that names neither a node nor a pool. */
export interface Placement {
  readonly labels: Readonly<Record<string, string>>;
  /** Expressions that each term of the node affinity gets. */
  readonly expressions: readonly JsonObject[];
  readonly taints: readonly Taint[];
}

/** Answers for each VM what places it; VMs of one node or one pool share the answer. */
export class Placements {
  private readonly analysis: Analysis;
  private readonly known = new Map<string, Placement | undefined>();

  /** Computes nothing yet. */
  constructor(analysis: Analysis) {
    this.analysis = analysis;
  }

  /** What to add to a VM's spec; undefined: nothing. */
  of({ node, pool }: VirtualMachine): Placement | undefined {
    if (node === undefined && pool === undefined) return undefined;
    const key = JSON.stringify([node ?? null, pool ?? null]);
    if (!this.known.has(key)) this.known.set(key, node === undefined ? this.inPool(pool ?? '') : this.onNode(node));
    return this.known.get(key);
  }

  private onNode(name: string): Placement {
    return {
      labels: { [HOSTNAME_LABEL]: hostnameLabel(this.analysis.fleet, name) },
      expressions: [],
      taints: (this.analysis.nodeByName.get(name)?.pools ?? []).flatMap((pool) => pool.taints),
    };
  }

  private inPool(name: string): Placement | undefined {
    const pool = this.analysis.poolByName.get(name);
    if (pool === undefined) return undefined;
    const { nodeSelector, taints } = pool;
    if (nodeSelector !== undefined) return { labels: nodeSelector, expressions: [], taints };
    return { labels: {}, expressions: [this.hostNames(pool)], taints };
  }

  private hostNames(pool: NodePool): JsonObject {
    const values = new Set(pool.nodes.map(({ name }) => hostnameLabel(this.analysis.fleet, name)));
    return { key: HOSTNAME_LABEL, operator: 'In', values: [...values].sort(compareNatural) };
  }
}

/** A spec that is placed as well: typed labels and tolerations win, every typed affinity term is narrowed. */
export function placed(spec: JsonObject, placement: Placement | undefined): JsonObject {
  if (placement === undefined) return spec;
  const { labels, expressions, taints } = placement;
  const typedLabels = spec['nodeSelector'];
  const tolerations = Array.isArray(spec['tolerations']) ? (spec['tolerations'] as readonly JsonValue[]) : [];
  const missing = taints.filter((taint) => !tolerations.some((toleration) => tolerates(toleration, taint)));
  const added = new Map(missing.map((taint) => [JSON.stringify(tolerationOf(taint)), tolerationOf(taint)]));
  return {
    ...spec,
    ...(Object.keys(labels).length === 0
      ? {}
      : { nodeSelector: { ...labels, ...(isJsonObject(typedLabels) ? typedLabels : {}) } }),
    ...(expressions.length === 0 ? {} : { affinity: narrowed(spec['affinity'], expressions) }),
    ...(added.size === 0 ? {} : { tolerations: [...tolerations, ...added.values()] }),
  };
}

/** Terms are alternatives, expressions of one term all hold: each typed term gets ours too. */
function narrowed(typed: JsonValue | undefined, expressions: readonly JsonObject[]): JsonObject {
  const affinity = isJsonObject(typed) ? typed : {};
  const nodeAffinity = jsonAt(affinity, 'nodeAffinity');
  const required = jsonAt(nodeAffinity, REQUIRED);
  const listed = jsonAt(required, 'nodeSelectorTerms');
  const terms = Array.isArray(listed) ? (listed as readonly JsonValue[]) : [];
  return {
    ...affinity,
    nodeAffinity: {
      ...(isJsonObject(nodeAffinity) ? nodeAffinity : {}),
      [REQUIRED]: {
        ...(isJsonObject(required) ? required : {}),
        nodeSelectorTerms:
          terms.length === 0 ? [{ matchExpressions: expressions }] : terms.map(narrowTerm(expressions)),
      },
    },
  };
}

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';

function narrowTerm(expressions: readonly JsonObject[]): (term: JsonValue) => JsonValue {
  return (term) => {
    // a term that says nothing matches no node, and would match some with ours in it
    if (!isJsonObject(term) || Object.keys(term).length === 0) return term;
    const typed = term['matchExpressions'];
    return {
      ...term,
      matchExpressions: [...(Array.isArray(typed) ? (typed as readonly JsonValue[]) : []), ...expressions],
    };
  };
}
