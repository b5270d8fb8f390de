/* The architectures of VMs and of the nodes that they can run on, as Kubernetes spells them. */
import type { AnalysedMachine, AnalysedNode } from '../analysis';
import type { CpuVendor } from '../model';

/** The architecture that a VM's own spec states. */
export function statedArchitecture({ machine }: AnalysedMachine): string | undefined {
  const { architecture } = machine.spec;
  return typeof architecture === 'string' && architecture !== '' ? architecture : undefined;
}

/** The architectures of the nodes that a VM fits on, if none of them is the one wanted and all are known; else nothing. */
export function onlyOtherArchitectures({ fits }: AnalysedMachine, wanted: string): ReadonlySet<string> {
  const found = architecturesOf(fits);
  return found.has(undefined) || found.has(wanted) ? NONE : (found as ReadonlySet<string>);
}

const NONE: ReadonlySet<string> = new Set();
const KNOWN = new WeakMap<readonly AnalysedNode[], ReadonlySet<string | undefined>>();

/** Thousands of VMs share a few lists of nodes. */
function architecturesOf(nodes: readonly AnalysedNode[]): ReadonlySet<string | undefined> {
  let found = KNOWN.get(nodes);
  if (found === undefined) KNOWN.set(nodes, (found = new Set(nodes.map(architectureOf))));
  return found;
}

/** What is known of a node's architecture. */
export function architectureOf({ live, inventory, pools }: AnalysedNode): string | undefined {
  const vendor = inventory?.cpuVendor ?? pools.find(({ cpuVendor }) => cpuVendor !== undefined)?.cpuVendor;
  return live?.architecture ?? inventory?.architecture ?? (vendor === undefined ? undefined : ARCHITECTURES[vendor]);
}

/** What the servers of a vendor are. */
const ARCHITECTURES: Readonly<Record<CpuVendor, string>> = { intel: 'amd64', amd: 'amd64', arm: 'arm64' };
