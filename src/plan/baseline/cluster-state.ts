import { liveKubeVirt, liveMediatedSettings, type Analysis } from '../../analysis';
import { behaves, hyperConvergedGate, normalisedMdevName, parseKubeVirtVersion } from '../../kubevirt';
import { jsonAt, type JsonObject, type JsonValue } from '../../model';
import { listAt } from '../../openshift';
import type { ClusterState, PermittedState } from './baseline';
import { textAt, toObjectState, type WrittenFile } from './object-state';

/** What a fleet says of the cluster; `objects` are those that prepare no nodes. */
export function clusterState(analysis: Analysis, objects: readonly WrittenFile[]): ClusterState {
  const { nodePlatform, nodePlatformVersion, kubernetesVersion, kubevirt } = analysis.fleet.cluster;
  return {
    nodePlatform,
    nodePlatformVersion,
    kubernetesVersion,
    kubevirtVersion: kubevirt.version,
    featureGates: writtenGates(analysis, objects),
    mediatedHandling: mediatedHandling(analysis),
    gitopsTool: analysis.fleet.cluster.gitops?.tool ?? 'none',
    gitopsReboots: analysis.fleet.cluster.gitops?.reboots,
    liveUpdates: liveUpdates(analysis),
    permitted: permittedStates(analysis),
    disruptionPolicies: disruptionPolicyStates(analysis),
    objects: objects.map(toObjectState),
  };
}

/**
 * The gates that KubeVirt's object lists, those of the live one that are kept included; elsewhere those that the fleet needs, without
 * those that HyperConverged has on whatever it says: no merge changes them.
 */
function writtenGates({ fleet, featureGates }: Analysis, objects: readonly WrittenFile[]): readonly string[] {
  const kubevirt = objects.find(({ content }) => textAt(content, 'kind') === 'KubeVirt')?.content;
  const path = ['spec', 'configuration', 'developerConfiguration', 'featureGates'];
  const listed = listAt(kubevirt, ...path).filter((gate): gate is string => typeof gate === 'string');
  if (listed.length > 0) return listed;
  const { managedBy, version } = fleet.cluster.kubevirt;
  const parsed = parseKubeVirtVersion(version);
  if (managedBy !== 'hyperconverged' || !parsed.ok) return featureGates;
  return featureGates.filter((gate) => hyperConvergedGate(parsed.value, gate).kind !== 'on');
}

/**
 * Whether virt-handler makes and removes mediated devices: the field counts before the gate.
 *
 * @see https://github.com/kubevirt/kubevirt/blob/d923fdb815/pkg/virt-config/virt-config.go (MediatedDevicesHandlingDisabled)
 */
export function mediatedHandling({ fleet, featureGates, mediatedHandlingOff }: Analysis): 'on' | 'off' {
  if (mediatedHandlingOff !== undefined) return 'off';
  const enabled = liveMediatedSettings(fleet)?.['enabled'];
  if (typeof enabled === 'boolean') return enabled ? 'on' : 'off';
  return featureGates.includes('DisableMDEVConfiguration') ? 'off' : 'on';
}

/**
 * Whether virt-controller changes what it can of VMs that run, as the live object says or else by default.
 *
 * @see https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-config/virt-config.go (DefaultVMRolloutStrategy)
 */
export function liveUpdates({ fleet }: Analysis): boolean {
  const stated = jsonAt(liveKubeVirt(fleet)?.content, 'spec', 'configuration', 'vmRolloutStrategy');
  if (typeof stated === 'string') return stated === 'LiveUpdate';
  const version = parseKubeVirtVersion(fleet.cluster.kubevirt.version);
  return version.ok && behaves(version.value, 'live-update-by-default');
}

/** What live MachineConfigurations say of the reboots for files and units. */
export function disruptionPolicyStates({ current }: Analysis): ClusterState['disruptionPolicies'] {
  return (current?.disruptionPolicies ?? []).map(({ of: { kind, name }, actions }) => ({ of: kind, name, actions }));
}

/** The allow-list, one entry for each selector. */
export function permittedStates({ permitted }: Pick<Analysis, 'permitted'>): PermittedState[] {
  return [...permitted].flatMap(([list, entries]) =>
    entries.map(({ entry, place }): PermittedState => {
      const resource = entry['resourceName'];
      return {
        list,
        selector: selectorOf(list, entry),
        resource: typeof resource === 'string' ? resource : '',
        external: entry['externalResourceProvider'] === true,
        ours: place !== undefined,
      };
    }),
  );
}

function selectorOf(list: PermittedState['list'], entry: JsonObject): string {
  const inWords = (value: JsonValue | undefined): string =>
    typeof value === 'string' ? value : JSON.stringify(value ?? null);
  switch (list) {
    case 'pciHostDevices':
      return inWords(entry['pciVendorSelector']).toLowerCase();
    case 'mediatedDevices':
      return normalisedMdevName(inWords(entry['mdevNameSelector']));
    case 'usb': {
      const selectors = entry['selectors'];
      const items = Array.isArray(selectors) ? (selectors as readonly JsonValue[]) : [];
      const ids = items.map((item) => `${inWords(jsonAt(item, 'vendor'))}:${inWords(jsonAt(item, 'product'))}`);
      return ids.join(' ').toLowerCase();
    }
  }
}
