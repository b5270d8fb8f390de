/*
 * Where a device plugin runs: on exactly the nodes that hold something to serve. Terms of an affinity are alternatives, so a
 * pool that is held whole and has labels of its own is one term, and all other nodes are one term with their host names.
 */
import type { AnalysedNode } from '../../analysis';
import { compareNatural, compareText, type Fleet, type JsonObject, type NodePool } from '../../model';
import { HOSTNAME_LABEL, hostnameLabel } from '../node-labels';
import { tolerationOf } from '../../analysis';

/** The required node affinity that selects these nodes and no others. */
export function affinityFor(fleet: Fleet, nodes: readonly AnalysedNode[]): JsonObject {
  const wanted = new Set(nodes.map(({ name }) => name));
  const selected = new Set<string>();
  const terms: JsonObject[] = [];
  for (const pool of poolsOf(nodes)) {
    if (pool.nodeSelector === undefined || !pool.nodes.every(({ name }) => wanted.has(name))) continue;
    const labels = Object.entries(pool.nodeSelector).sort(([a], [b]) => compareText(a, b));
    if (labels.length === 0) continue;
    terms.push({ matchExpressions: labels.map(([key, value]) => ({ key, operator: 'In', values: [value] })) });
    for (const { name } of pool.nodes) selected.add(name);
  }
  const others = nodes.filter(({ name }) => !selected.has(name)).map(({ name }) => hostnameLabel(fleet, name));
  if (others.length > 0) {
    const values = [...new Set(others)].sort(compareNatural);
    terms.push({ matchExpressions: [{ key: HOSTNAME_LABEL, operator: 'In', values }] });
  }
  return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } };
}

/** Tolerations of every taint that the fleet states for these nodes, each once. */
export function tolerationsFor(nodes: readonly AnalysedNode[]): JsonObject[] {
  const tolerations = new Map<string, JsonObject>();
  for (const pool of poolsOf(nodes)) {
    for (const taint of pool.taints) {
      const toleration = tolerationOf(taint);
      tolerations.set(JSON.stringify(toleration), toleration);
    }
  }
  return [...tolerations.values()];
}

function poolsOf(nodes: readonly AnalysedNode[]): NodePool[] {
  return [...new Set(nodes.flatMap(({ pools }) => pools))].sort((a, b) => compareNatural(a.name, b.name));
}
