import type { CpuVendor, DeclaredHugepages, NodePool } from '../model';
import type { KernelArgumentEffect } from './effects';

/** What the kernel calls the sizes that Kubernetes names. */
const HUGEPAGE_SIZES: Readonly<Record<string, string>> = {
  '64Ki': '64K',
  '2Mi': '2M',
  '32Mi': '32M',
  '512Mi': '512M',
  '1Gi': '1G',
  '16Gi': '16G',
};

/**
 * The kernel arguments of a unit with the reason of each: the IOMMU's, then what its pools list, then hugepages. An argument of the
 * IOMMU that a pool lists itself stands where the list has it: their order is compared on the node (node-prep.md fact 12).
 *
 * An argument that two of them ask for is there once, except those of hugepages: a number counts for the size right in front of it
 * (node-prep.md fact 54), so of those whole pairs are kept together.
 *
 * Where a PerformanceProfile sets up the nodes, `intel_iommu=on` and `iommu=pt` are left out: the node tuning operator writes them, and an
 * argument that two write goes when one of them takes it back (node-prep.md facts 11 and 53).
 *
 * @param cpuVendors - whose IOMMU is used; empty: nobody's
 * @see https://github.com/torvalds/linux/blob/v6.12/Documentation/admin-guide/kernel-parameters.txt
 */
export function kernelArgumentEffects(
  pools: readonly NodePool[],
  cpuVendors: readonly CpuVendor[],
): KernelArgumentEffect[] {
  const effects: KernelArgumentEffect[] = [];
  const seen = new Set<string>();
  const add = (argument: string, reason: string): void => {
    if (!isOfHugepages(argument) && seen.has(argument)) return;
    seen.add(argument);
    effects.push({ argument, reason });
  };
  // where the fleet spells out an argument, its own list says where it stands
  const spelledOut = new Set(pools.flatMap((pool) => pool.kernelArguments.map(({ text }) => text)));
  const addOwn = (argument: string, reason: string): void => {
    if (!spelledOut.has(argument)) add(argument, reason);
  };
  const profiled = pools.some((pool) => pool.nodePlatform === 'openshift' && pool.performanceProfile !== undefined);
  if (cpuVendors.includes('intel') && !profiled && pools.some((pool) => pool.iommu.intelArgument === 'emit'))
    addOwn('intel_iommu=on', 'turns the Intel IOMMU on, so that functions get IOMMU groups');
  if (cpuVendors.includes('amd') && pools.some((pool) => pool.iommu.amdArgument === 'emit')) {
    addOwn(
      'amd_iommu=on',
      'printed by the guides; the kernel ignores it, the AMD IOMMU is on when the firmware turns it on',
    );
  }
  if (pools.some((pool) => pool.iommu.pt)) {
    if (cpuVendors.some((vendor) => vendor !== 'arm') && !profiled)
      addOwn('iommu=pt', 'the fleet asks for it: host devices skip translation');
    if (cpuVendors.includes('arm'))
      addOwn('iommu.passthrough=1', 'the fleet asks for it: host devices skip translation');
  }
  const listed = new Set<string>();
  for (const pool of pools) {
    const list = pool.kernelArguments.map(({ text }) => text);
    const pages = list.filter(isOfHugepages).join(' ');
    // two pools of one unit that list the same pages mean the same pages
    const isRepeated = listed.has(pages);
    listed.add(pages);
    for (const text of list) {
      if (!isRepeated || !isOfHugepages(text)) add(text, `the fleet lists it for pool ${pool.name}`);
    }
  }
  for (const { size, count } of unitHugepages(pools)) {
    const reason = `the fleet asks for ${count} hugepages of ${size}`;
    add(`hugepagesz=${HUGEPAGE_SIZES[size] ?? size}`, reason);
    add(`hugepages=${count}`, reason);
  }
  return effects;
}

/** The hugepages of a unit: of each size what the first pool says; another number is a finding of its own. */
export function unitHugepages(pools: readonly NodePool[]): DeclaredHugepages[] {
  const bySize = new Map<string, DeclaredHugepages>();
  for (const { hugepages } of pools) for (const one of hugepages) if (!bySize.has(one.size)) bySize.set(one.size, one);
  return [...bySize.values()];
}

function isOfHugepages(argument: string): boolean {
  return /^hugepages(?:z)?=/.test(argument);
}
