/*
 * Where a VM may run, said in its own spec: a node by its label, a pool by its labels or by the host names of its nodes, and the nodes on
 * which the device at an address is the only one by their host names.
 * What the user typed stays; ours is added so that both must hold.
 */
import type { AnalysedMachine, AnalysedNode, Analysis } from '../../analysis';
import { compareNatural, isJsonObject, jsonAt, type JsonObject, type JsonValue, type Taint } from '../../model';
import { HOSTNAME_LABEL, hostnameLabel } from '../node-labels';
import { tolerates, tolerationOf } from '../../analysis';

/** What placing a VM adds to its spec: nothing for one that names neither a node, a pool nor an address. */
export interface Placement {
  readonly labels: Readonly<Record<string, string>>;
  /** Expressions that each term of the node affinity gets. */
  readonly expressions: readonly JsonObject[];
  /** What a VM that types no affinity gets. */
  readonly affinity: JsonObject;
  readonly taints: readonly Taint[];
}

/** Answers for each VM what places it; VMs of one node, one pool or one set of pinned nodes share the answer. */
export class Placements {
  private readonly analysis: Analysis;
  private readonly byNode = new Map<string, Placement>();
  private readonly byPool = new Map<string | undefined, Placement | undefined>();
  private readonly byPin = new Map<readonly AnalysedNode[], Map<string | undefined, Placement>>();

  /** Computes nothing yet. */
  constructor(analysis: Analysis) {
    this.analysis = analysis;
  }

  /** What to add to a VM's spec; undefined: nothing. */
  of({ machine: { node, pool }, pinned }: AnalysedMachine): Placement | undefined {
    if (node !== undefined) {
      let placement = this.byNode.get(node);
      if (placement === undefined) this.byNode.set(node, (placement = this.onNode(node)));
      return placement;
    }
    if (pinned !== undefined) {
      let byPool = this.byPin.get(pinned);
      if (byPool === undefined) this.byPin.set(pinned, (byPool = new Map<string | undefined, Placement>()));
      let placement = byPool.get(pool);
      if (placement === undefined) byPool.set(pool, (placement = this.pinnedTo(pinned, pool)));
      return placement;
    }
    if (pool === undefined) return undefined;
    if (!this.byPool.has(pool)) this.byPool.set(pool, this.inPool(pool));
    return this.byPool.get(pool);
  }

  private onNode(name: string): Placement {
    return placementBy({ [HOSTNAME_LABEL]: hostnameLabel(this.analysis.fleet, name) }, [], this.taintsOf(name));
  }

  private pinnedTo(nodes: readonly AnalysedNode[], poolName: string | undefined): Placement {
    const pool = poolName === undefined ? undefined : this.analysis.poolByName.get(poolName);
    const names = nodes.map(({ name }) => name);
    return placementBy(
      pool?.nodeSelector ?? {},
      [this.hostNames(names)],
      names.flatMap((name) => this.taintsOf(name)),
    );
  }

  private inPool(name: string): Placement | undefined {
    const pool = this.analysis.poolByName.get(name);
    if (pool === undefined) return undefined;
    const { nodeSelector, taints, nodes } = pool;
    return nodeSelector === undefined
      ? placementBy({}, [this.hostNames(nodes.map((node) => node.name))], taints)
      : placementBy(nodeSelector, [], taints);
  }

  private taintsOf(node: string): Taint[] {
    return (this.analysis.nodeByName.get(node)?.pools ?? []).flatMap((pool) => pool.taints);
  }

  private hostNames(names: readonly string[]): JsonObject {
    const values = new Set(names.map((name) => hostnameLabel(this.analysis.fleet, name)));
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

/** Places a VM in its spec: typed labels and tolerations win, every typed affinity term is narrowed. */
export function place(spec: Record<string, JsonValue | undefined>, placement: Placement | undefined): void {
  if (placement === undefined) return;
  const { labels, expressions, affinity, taints } = placement;
  const { nodeSelector, affinity: typed } = spec;
  if (Object.keys(labels).length > 0)
    spec['nodeSelector'] = { ...labels, ...(isJsonObject(nodeSelector) ? nodeSelector : {}) };
  if (expressions.length > 0) spec['affinity'] = typed === undefined ? affinity : narrowed(typed, expressions);
  if (taints.length > 0) {
    const tolerations = Array.isArray(spec['tolerations']) ? (spec['tolerations'] as readonly JsonValue[]) : [];
    const missing = taints.filter((taint) => !tolerations.some((toleration) => tolerates(toleration, taint)));
    const added = new Map(missing.map((taint) => [JSON.stringify(tolerationOf(taint)), tolerationOf(taint)]));
    if (added.size > 0) spec['tolerations'] = [...tolerations, ...added.values()];
  }
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
