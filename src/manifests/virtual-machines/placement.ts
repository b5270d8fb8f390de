/*
 * Where a VM may run, said in its own spec: a node by its label, a pool by its labels or by the host names of its nodes.
 * What the user typed stays; ours is added so that both must hold.
 */
import type { Analysis } from '../../analysis';
import {
  compareNatural,
  copyOf,
  isJsonObject,
  jsonAt,
  type JsonObject,
  type JsonValue,
  type NodePool,
  type Taint,
  type VirtualMachine,
} from '../../model';
import { HOSTNAME_LABEL, hostnameLabel } from '../node-labels';
import { tolerates, tolerationOf } from '../../analysis';

/** What placing a VM adds to its spec: nothing for one that names neither a node nor a pool. */
export interface Placement {
  readonly labels: Readonly<Record<string, string>>;
  /** Expressions that each term of the node affinity gets. */
  readonly expressions: readonly JsonObject[];
  /** What a VM that types no affinity gets. */
  readonly affinity: JsonObject;
  readonly taints: readonly Taint[];
}

/** Answers for each VM what places it; VMs of one node or one pool share the answer. */
export class Placements {
  private readonly analysis: Analysis;
  private readonly byNode = new Map<string, Placement>();
  private readonly byPool = new Map<string, Placement | undefined>();

  /** Computes nothing yet. */
  constructor(analysis: Analysis) {
    this.analysis = analysis;
  }

  /** What to add to a VM's spec; undefined: nothing. */
  of({ node, pool }: VirtualMachine): Placement | undefined {
    if (node !== undefined) {
      let placement = this.byNode.get(node);
      if (placement === undefined) this.byNode.set(node, (placement = this.onNode(node)));
      return placement;
    }
    if (pool === undefined) return undefined;
    if (!this.byPool.has(pool)) this.byPool.set(pool, this.inPool(pool));
    return this.byPool.get(pool);
  }

  private onNode(name: string): Placement {
    const taints = (this.analysis.nodeByName.get(name)?.pools ?? []).flatMap((pool) => pool.taints);
    return placementBy({ [HOSTNAME_LABEL]: hostnameLabel(this.analysis.fleet, name) }, [], taints);
  }

  private inPool(name: string): Placement | undefined {
    const pool = this.analysis.poolByName.get(name);
    if (pool === undefined) return undefined;
    const { nodeSelector, taints } = pool;
    return nodeSelector === undefined
      ? placementBy({}, [this.hostNames(pool)], taints)
      : placementBy(nodeSelector, [], taints);
  }

  private hostNames(pool: NodePool): JsonObject {
    const values = new Set(pool.nodes.map(({ name }) => hostnameLabel(this.analysis.fleet, name)));
    return { key: HOSTNAME_LABEL, operator: 'In', values: [...values].sort(compareNatural) };
  }
}

function placementBy(
  labels: Placement['labels'],
  expressions: Placement['expressions'],
  taints: Placement['taints'],
): Placement {
  return { labels, expressions, affinity: narrowed(undefined, expressions), taints };
}

/** A copy of a spec that is placed as well: typed labels and tolerations win, every typed affinity term is narrowed. */
export function placed(spec: JsonObject, placement: Placement | undefined): Record<string, JsonValue | undefined> {
  const result = copyOf(spec);
  if (placement === undefined) return result;
  const { labels, expressions, affinity, taints } = placement;
  const { nodeSelector, affinity: typed } = spec;
  if (Object.keys(labels).length > 0)
    result['nodeSelector'] = { ...labels, ...(isJsonObject(nodeSelector) ? nodeSelector : {}) };
  if (expressions.length > 0) result['affinity'] = typed === undefined ? affinity : narrowed(typed, expressions);
  if (taints.length > 0) {
    const tolerations = Array.isArray(spec['tolerations']) ? (spec['tolerations'] as readonly JsonValue[]) : [];
    const missing = taints.filter((taint) => !tolerations.some((toleration) => tolerates(toleration, taint)));
    const added = new Map(missing.map((taint) => [JSON.stringify(tolerationOf(taint)), tolerationOf(taint)]));
    if (added.size > 0) result['tolerations'] = [...tolerations, ...added.values()];
  }
  return result;
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
