import { compareNatural } from '../../model';
import type { Baseline } from '../baseline/baseline';

/** A resource whose plugin goes on as it is until virt-handler is started again. */
export interface HandlerRestart {
  readonly resource: string;
  /** Selectors that begin and cease to count: `10de:1eb8`. */
  readonly addedSelectors: readonly string[];
  readonly removedSelectors: readonly string[];
  /** Nodes of the fleet that advertise it before or afterwards, natural order. */
  readonly nodes: readonly string[];
}

/**
 * Resources of KubeVirt's own plugins that keep their name and get other selectors: a plugin that runs is never rebuilt, only new names
 * start one and vanished names stop one.
 *
 * @see https://github.com/kubevirt/kubevirt/blob/d923fdb815/pkg/virt-handler/device-manager/device_controller.go (splitPermittedDevices)
 */
export function handlerRestarts(before: Baseline, after: Baseline): HandlerRestart[] {
  const [earlier, later] = [selectorsByResource(before), selectorsByResource(after)];
  return [...earlier]
    .flatMap(([resource, had]): HandlerRestart[] => {
      const has = later.get(resource);
      if (has === undefined) return [];
      const addedSelectors = [...has].filter((selector) => !had.has(selector)).sort(compareNatural);
      const removedSelectors = [...had].filter((selector) => !has.has(selector)).sort(compareNatural);
      if (addedSelectors.length + removedSelectors.length === 0) return [];
      return [{ resource, addedSelectors, removedSelectors, nodes: nodesWith(resource, before, after) }];
    })
    .sort((a, b) => compareNatural(a.resource, b.resource));
}

function selectorsByResource({ cluster }: Baseline): Map<string, Set<string>> {
  const selectors = new Map<string, Set<string>>();
  for (const entry of cluster.permitted) {
    if (entry.external) continue;
    const known = selectors.get(entry.resource) ?? new Set<string>();
    selectors.set(entry.resource, known.add(entry.selector));
  }
  return selectors;
}

function nodesWith(resource: string, ...sides: readonly Baseline[]): string[] {
  const names = sides.flatMap(({ pools }) =>
    pools.flatMap(({ nodes }) => nodes.filter(({ advertises }) => advertises.has(resource)).map(({ name }) => name)),
  );
  return [...new Set(names)].sort(compareNatural);
}
