import { claimApiVersion, type AnalysedMachine, type Analysis, type PlannedClaim } from '../../analysis';
import { NVIDIA_DRA_DRIVER } from '../../kubevirt';
import type { JsonObject } from '../../model';
import { placeAt, type Place, type Pointer } from '../../source';
import { claimKey } from '../keys';
import type { Manifest } from '../manifest';
import { objectFile, outputPath } from '../output-path';
import { traceBy } from '../trace';

/**
 * The claims of a VM, or the templates that they are made from at each start, next to the VM.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/dynamic-resource-allocation/
 */
export function resourceClaims(analysis: Analysis, { machine, claims }: AnalysedMachine): Manifest[] {
  return claims.map((claim) => {
    const kind = claim.kind === 'claim' ? 'ResourceClaim' : 'ResourceClaimTemplate';
    const spec = claimSpec(analysis, claim);
    const at: Pointer = kind === 'ResourceClaim' ? '/spec' : '/spec/spec';
    return {
      key: claimKey(machine.namespace, claim.objectName),
      path: outputPath('virtual-machines', machine.namespace, objectFile(kind, claim.objectName)),
      content: {
        apiVersion: `resource.k8s.io/${claimApiVersion(analysis.fleet)}`,
        kind,
        metadata: { name: claim.objectName, namespace: machine.namespace },
        spec: kind === 'ResourceClaim' ? spec : { spec },
      },
      comments: commentsOf(claim, at),
      modelPath: `virtualMachines.${machine.id}`,
      trace: traceBy(
        new Map<Pointer, Place>([
          ['/metadata/namespace', machine.place],
          [`${at}/devices/config`, placeAt(claim.allocation.place, 'driver')],
        ]),
        claim.request.request.place,
      ),
    };
  });
}

function claimSpec(analysis: Analysis, claim: PlannedClaim): JsonObject {
  const exactly: JsonObject = {
    deviceClassName: claim.allocation.deviceClassName,
    // virt-launcher takes exactly one device of a request (kubevirt.md fact 109)
    allocationMode: 'ExactCount',
    count: 1,
    ...(claim.expressions.length === 0
      ? {}
      : { selectors: claim.expressions.map((expression) => ({ cel: { expression } })) }),
  };
  const isFlat = claimApiVersion(analysis.fleet) === 'v1beta1';
  const config = configOf(analysis, claim);
  return {
    devices: {
      requests: [isFlat ? { name: claim.requestName, ...exactly } : { name: claim.requestName, exactly }],
      ...(config === undefined ? {} : { config: [config] }),
    },
  };
}

/**
 * libvirt needs the VFIO API device, which NVIDIA's driver leaves out unless it is asked for, and QEMU takes devices through it as long as
 * KubeVirt's gate IOMMUFD is off.
 *
 * @see https://github.com/kubevirt/user-guide/blob/main/docs/compute/dra_gpu.md
 */
function configOf({ featureGates }: Analysis, claim: PlannedClaim): JsonObject | undefined {
  const { driver } = claim.allocation;
  if (driver !== NVIDIA_DRA_DRIVER) return undefined;
  return {
    requests: [claim.requestName],
    opaque: {
      driver,
      parameters: {
        apiVersion: 'resource.nvidia.com/v1beta1',
        kind: 'VfioDeviceConfig',
        iommu: {
          backendPolicy: featureGates.includes('IOMMUFD') ? 'PreferIommuFD' : 'LegacyOnly',
          enableAPIDevice: true,
        },
      },
    },
  };
}

function commentsOf({ kind, allocation }: PlannedClaim, at: Pointer): Manifest['comments'] {
  const comments = new Map<Pointer, string>([
    [
      '',
      kind === 'claim'
        ? 'The device that this VM keeps while it is stopped.'
        : 'What this VM claims at each start, and gives back when it stops.',
    ],
  ]);
  if (allocation.driver === NVIDIA_DRA_DRIVER) {
    comments.set(`${at}/devices/config/0`, 'libvirt needs the VFIO API device, which the driver leaves out by default');
  }
  return comments;
}
