import type { VgpuType } from '../../model';
import type { CapturedTree } from '../capture/captured-tree';

/**
 * The types of mediated device that a function's driver offers, in natural order of their ids; undefined where it offers
 * none.
 *
 * How many there can be is `max_instance` of NVIDIA's description; else what is available now and what is made already,
 * which says nothing where devices of another type are on the card.
 *
 * @param isWhole - whether devices that the capture does not show are known not to be there
 *
 * @see https://github.com/torvalds/linux/blob/v6.12/Documentation/driver-api/vfio-mediated-device.rst
 */
export function readMdevTypes(tree: CapturedTree, folder: string, isWhole: boolean): readonly VgpuType[] | undefined {
  const types = `${folder}/mdev_supported_types`;
  const ids = tree.names(types);
  if (ids.length === 0) return undefined;
  const made = new Map(ids.map((id) => [id, tree.names(`${types}/${id}/devices`).length]));
  return ids.map((id) => {
    const declared = /\bmax_instance=(\d{1,6})\b/.exec(tree.line(`${types}/${id}/description`) ?? '')?.[1];
    const available = tree.line(`${types}/${id}/available_instances`) ?? '';
    const isShared = !isWhole || [...made].some(([other, count]) => other !== id && count > 0);
    const seen = /^\d{1,6}$/.test(available) && !isShared ? Number(available) + (made.get(id) ?? 0) : undefined;
    return {
      id,
      name: tree.line(`${types}/${id}/name`),
      instances: declared === undefined ? seen : Number(declared),
    };
  });
}

/**
 * The vGPUs that NVIDIA's driver can make of a virtual function without mdev: lines `1428 : NVIDIA H200X-141C` under a
 * heading. Undefined where the driver shows no such list.
 */
export function readVgpuTypes(tree: CapturedTree, folder: string): readonly VgpuType[] | undefined {
  const path = `${folder}/nvidia/creatable_vgpu_types`;
  if (!tree.has(path)) return undefined;
  return tree.lines(path).flatMap((line): VgpuType[] => {
    const [, id, name] = /^\s*(\d{1,9})\s*:\s*(\S.*)$/.exec(line) ?? [];
    // one function is one vGPU
    return id === undefined || name === undefined ? [] : [{ id, name: name.trimEnd(), instances: 1 }];
  });
}

/**
 * The type of the vGPU that a virtual function is set to be; null where the driver says `0`. A virtual function of NVIDIA's driver
 * without the file has none.
 *
 * @param isWhole - whether a file that the capture does not show is known not to be there
 *
 * @see https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-handler/device-manager/common.go (HasVGPUProfile)
 */
export function readCurrentVgpuType(tree: CapturedTree, folder: string, isWhole: boolean): string | null | undefined {
  const text = tree.line(`${folder}/nvidia/current_vgpu_type`);
  if (text !== undefined) return text === '0' ? null : /^[1-9]\d{0,8}$/.test(text) ? text : undefined;
  const couldHaveOne =
    tree.linkName(`${folder}/driver`) === 'nvidia' && tree.linkName(`${folder}/physfn`) !== undefined;
  return isWhole && couldHaveOne ? null : undefined;
}
