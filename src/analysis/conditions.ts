/*
 * What has to hold before a unit's effects can work, and what holds once they have. Nothing here can bring the first about: firmware
 * is set by hand. The second is what the program on the node, `--check` and people compare with.
 */
import type { CpuVendor } from '../model';
import type { Condition, Effects } from './effects';

const FIRMWARE: Readonly<Record<CpuVendor, string>> = {
  intel: 'VT-d is on in the firmware of every node',
  amd: 'AMD-Vi (IOMMU, with an IVRS table) is on in the firmware of every node',
  arm: 'the firmware of every node describes its SMMU (IORT)',
};

/** The conditions of a unit, in the order in which they are to be looked at. */
export function conditions(
  {
    kernelArguments,
    ids,
    rows,
    virtualFunctions,
    vgpus,
    kubelet,
  }: Pick<Effects, 'kernelArguments' | 'ids' | 'rows' | 'virtualFunctions' | 'vgpus' | 'kubelet'>,
  usesIommu: boolean,
  cpuVendors: readonly CpuVendor[],
): Pick<Effects, 'preconditions' | 'postconditions'> {
  return {
    preconditions: [
      ...(usesIommu
        ? cpuVendors.map((vendor): Condition => ({ kind: 'iommu-in-firmware', text: FIRMWARE[vendor] }))
        : []),
      ...(vgpus.length === 0
        ? []
        : [
            {
              kind: 'vgpu-driver',
              text: 'the vendor’s driver that makes vGPUs is on every node, not in a container',
            } as const,
          ]),
      ...(virtualFunctions.length === 0
        ? []
        : [{ kind: 'sriov-in-firmware', text: 'SR-IOV is on in the firmware of every node' } as const]),
    ],
    postconditions: [
      ...(kernelArguments.length === 0
        ? []
        : [
            {
              kind: 'kernel-arguments',
              text: `/proc/cmdline has ${kernelArguments.map(({ argument }) => argument).join(' ')}`,
            } as const,
          ]),
      ...virtualFunctions
        .filter(({ scope }) => scope.kind === 'any')
        .map(({ parent, count }): Condition => ({
          kind: 'functions',
          text: `every card ${parent} has ${count} virtual functions`,
        })),
      ...vgpus
        .filter(({ scope }) => scope.kind === 'any')
        .map(({ typeName, count }): Condition => ({
          kind: 'vgpus',
          text: `every node has ${count ?? 'as many as fit'} of ${typeName}`,
        })),
      ...(ids.length === 0
        ? []
        : [{ kind: 'bound', text: `every function with id ${ids.join(' or ')} is on vfio-pci` } as const]),
      ...(rows.length === 0
        ? []
        : [{ kind: 'bound', text: 'every function that is listed for the node is on vfio-pci' } as const]),
      ...(kubelet.length === 0
        ? []
        : [{ kind: 'kubelet', text: `kubelet runs with ${kubelet.map(({ field }) => field).join(', ')}` } as const]),
    ],
  };
}
