import type { Hugepages, NumaNode } from '../../model';
import type { CapturedTree } from '../capture/captured-tree';
import { integerAttribute } from './attributes';

const NODES = 'sys/devices/system/node';

/** CPUs, memory and hugepages of every NUMA node, by number; undefined where the capture shows no node. */
export function readNumaNodes(tree: CapturedTree): readonly NumaNode[] | undefined {
  const nodes = tree.names(NODES).flatMap((name): NumaNode[] => {
    const digits = /^node(\d{1,6})$/.exec(name)?.[1];
    return digits === undefined ? [] : [readNode(tree, `${NODES}/${name}`, Number(digits))];
  });
  return nodes.length === 0 ? undefined : nodes;
}

function readNode(tree: CapturedTree, folder: string, node: number): NumaNode {
  const cpus = tree.text(`${folder}/cpulist`)?.trim();
  const kibibytes = /\bMemTotal:\s*(\d{1,15}) kB/.exec(tree.text(`${folder}/meminfo`) ?? '')?.[1];
  const pages = tree.names(`${folder}/hugepages`).flatMap((name): Hugepages[] => {
    const size = /^hugepages-(\d{1,9})kB$/.exec(name)?.[1];
    const count = integerAttribute(tree, `${folder}/hugepages/${name}/nr_hugepages`);
    return size === undefined || count === undefined || count < 0 ? [] : [{ size: pageSize(Number(size)), count }];
  });
  return {
    node,
    cpus: cpus !== undefined && /^(?:\d{1,6}(?:-\d{1,6})?(?:,\d{1,6}(?:-\d{1,6})?)*)?$/.test(cpus) ? cpus : undefined,
    memoryMebibytes: kibibytes === undefined ? undefined : Math.floor(Number(kibibytes) / 1024),
    hugepages: pages.length === 0 ? undefined : pages,
  };
}

/** As Kubernetes writes the size in a resource's name: `2Mi`, `1Gi`. */
function pageSize(kibibytes: number): string {
  if (kibibytes % 1048576 === 0) return `${kibibytes / 1048576}Gi`;
  return kibibytes % 1024 === 0 ? `${kibibytes / 1024}Mi` : `${kibibytes}Ki`;
}
