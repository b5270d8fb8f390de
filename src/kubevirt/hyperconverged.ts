/*
 * What HyperConverged does with KubeVirt's feature gates. It passes none on by name: some are always on, some have a switch of
 * another name, and the rest it leaves off, which from the release with KubeVirt 1.9 on means listed as disabled.
 */
import { gateStage } from './feature-gates';
import type { HyperConvergedApiVersion } from './configuration-layout';
import { isAtLeast, type KubeVirtRelease } from './version';

/** Name of the HyperConverged object when nobody says otherwise. */
export const DEFAULT_HYPERCONVERGED_NAME = 'kubevirt-hyperconverged';

/** Where HyperConverged is when nobody says otherwise: upstream, and as OpenShift Virtualization. */
export const DEFAULT_HYPERCONVERGED_NAMESPACE = 'kubevirt-hyperconverged';

/** The namespace of OpenShift Virtualization. */
export const OPENSHIFT_VIRTUALIZATION_NAMESPACE = 'openshift-cnv';

/** The annotation whose JSON patch HyperConverged applies to the KubeVirt object that it writes. */
export const KUBEVIRT_PATCH_ANNOTATION = 'kubevirt.kubevirt.io/jsonpatch';

/** The annotation that turns on {@link BUNDLED_GATES}, and deploys a webhook and a device plugin. */
export const DEPLOY_AIE_ANNOTATION = 'hco.kubevirt.io/deployAIE';

/** Gates that come together with {@link DEPLOY_AIE_ANNOTATION}, and in no other way (kubevirt.md fact 128). */
export const BUNDLED_GATES: readonly string[] = ['GraceIOVirtualization', 'IOMMUFD', 'PCINUMAAwareTopology'];

/** Gates that are on whatever HyperConverged says (kubevirt.md fact 125). */
const ALWAYS_ON: ReadonlySet<string> = new Set([
  'CPUManager',
  'HostDevices',
  'HypervStrictCheck',
  'KubevirtSeccompProfile',
  'Snapshot',
]);

/**
 * HyperConverged's own names for gates of KubeVirt's.
 *
 * @see https://github.com/kubevirt/hyperconverged-cluster-operator/blob/v1.20.0/controllers/handlers/kubevirt.go (getFeatureGateChecks)
 */
const SWITCHES: ReadonlyMap<string, string> = new Map([
  ['AlignCPUs', 'alignCPUs'],
  ['ContainerPathVolumes', 'containerPathVolumes'],
  ['DecentralizedLiveMigration', 'decentralizedLiveMigration'],
  ['DeclarativeHotplugVolumes', 'declarativeHotplugVolumes'],
  ['DownwardMetrics', 'downwardMetrics'],
  ['IncrementalBackup', 'incrementalBackup'],
  ['ObjectGraph', 'objectGraph'],
  ['PersistentReservation', 'persistentReservation'],
  ['VideoConfig', 'videoConfig'],
]);

/**
 * Gates that HyperConverged has no switch for.
 *
 * @see https://github.com/kubevirt/hyperconverged-cluster-operator/blob/v1.20.0/controllers/handlers/kubevirt.go (getFeatureGateChecks,
 * getKvDisabledFeatureGateList)
 */
const WITHOUT_SWITCH: ReadonlySet<string> = new Set([
  'GPUsWithDRA',
  'HostDevicesWithDRA',
  'LibvirtHooksServerAndClient',
  'NetworkDevicesWithDRA',
  'Plugins',
  'Sidecar',
  'VGPULiveMigration',
  'WorkloadEncryptionSEV',
  'WorkloadEncryptionTDX',
]);

/** The gate by which the making of mediated devices is turned off: each version of HyperConverged has its own field for it. */
const MEDIATED_OFF = 'DisableMDEVConfiguration';

/**
 * How a gate of KubeVirt's is turned on through HyperConverged:
 * - `on`: it is on, whatever the object says
 * - `switch`: by a feature gate of HyperConverged's, under its `name`
 * - `mediated-off`: by the field that turns off the making of mediated devices
 * - `bundle`: by {@link DEPLOY_AIE_ANNOTATION}, which brings more than the gate
 * - `none`: not at all, but by {@link KUBEVIRT_PATCH_ANNOTATION}
 * - `unknown`: our sources do not say
 */
export type HyperConvergedGate =
  | { readonly kind: 'on' | 'mediated-off' | 'bundle' | 'none' | 'unknown' }
  | { readonly kind: 'switch'; readonly name: string };

/** How a gate is turned on. A name of HyperConverged's own is taken for the gate behind it. */
export function hyperConvergedGate(version: { readonly release: KubeVirtRelease }, name: string): HyperConvergedGate {
  if (ALWAYS_ON.has(name) || gateStage(version, name) === 'ga') return { kind: 'on' };
  if (name === MEDIATED_OFF || name === 'disableMDevConfiguration') return { kind: 'mediated-off' };
  if (BUNDLED_GATES.includes(name)) return { kind: 'bundle' };
  for (const [gate, own] of SWITCHES) if (gate === name || own === name) return { kind: 'switch', name: own };
  return { kind: WITHOUT_SWITCH.has(name) ? 'none' : 'unknown' };
}

/**
 * The version of its API that HyperConverged is written in where the fleet does not say: `v1` with the release of KubeVirt 1.9, in
 * which it is the stored version, and `v1beta1` before.
 *
 * @see https://github.com/kubevirt/hyperconverged-cluster-operator/tree/v1.20.0/api
 */
export function preferredHyperConvergedApi(version: { readonly release: KubeVirtRelease }): HyperConvergedApiVersion {
  return isAtLeast(version, '1.9') ? 'hco.kubevirt.io/v1' : 'hco.kubevirt.io/v1beta1';
}
