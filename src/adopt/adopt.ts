/*
 * Objects that people or a cluster have, to a fleet that changes none of them. Pure: text by path comes out, nothing is read or written.
 */
import { OPENSHIFT_VIRTUALIZATION_RELEASES, parseKubeVirtVersion, releaseInOpenShiftVirtualization } from '../kubevirt';
import { permittedDevicesOf } from '../load';
import { commentText } from '../manifests';
import { compareText, isVirtualMachineKind, jsonAt, type CurrentObject, type Fleet, type JsonObject } from '../model';
import { listAt, toMachineConfig } from '../openshift';
import type { Pointer } from '../source';
import { emitYaml } from '../yaml';
import type { Adoption, DocumentPart, MissingFact } from './adoption';
import { adoptDevices } from './devices';
import { LeftList } from './left-objects';
import { asKept } from './live-object';
import { concernsDevices, isGenerated } from './machine-configs';
import { adoptMachines } from './machines';
import { freeFile, isDnsLabel, isDnsName } from './names';
import { kubernetesVersionOf, platformOf } from './node-facts';
import { adoptPools } from './pools';

/** The folder of live objects below the fleet's own. */
const CURRENT_FOLDER = 'current';

/**
 * Writes a fleet for objects that no fleet wrote.
 *
 * @param read - the objects, read as `hostdev check --manifests` reads them
 * @param options.name - of the fleet
 * @param options.kubevirtVersion - KubeVirt's release where no object says it
 * @returns the files with what was left out, or the fact that nobody says
 */
export function adopt(
  read: Fleet,
  options: { readonly name: string; readonly kubevirtVersion?: string | undefined },
): Adoption | { readonly missing: MissingFact } {
  const objects = read.cluster.current ?? [];
  const owner =
    objects.find(({ kind }) => kind === 'HyperConverged') ?? objects.find(({ kind }) => kind === 'KubeVirt');
  if (owner === undefined) return { missing: 'kubevirt' };
  const version = options.kubevirtVersion ?? versionOf(read, owner);
  if (version === undefined) return { missing: 'kubevirt-version' };
  const left = new LeftList();
  for (const object of objects) {
    if (object.kind === owner.kind && object !== owner) left.addObject(object, 'a fleet writes into one such object');
  }
  const { devices, section } = adoptDevices(permittedDevicesOf(owner), owner, left);
  const pools = adoptPools(read, objects, devices, left);
  const machines = adoptMachines(read.virtualMachines, devices, pools.handedOver, left);
  const kept = keptObjects(objects, owner, pools.machineConfigs, pools.nodes, left);
  const cluster = clusterPart(objects, owner, version);
  const parts: Readonly<Record<string, DocumentPart>> = {
    cluster,
    devices: section,
    nodePools: pools.section,
    virtualMachines: machines.section,
  };
  const files = [...kept, ...machines.files].sort(([a], [b]) => compareText(a, b));
  return {
    files: new Map([['fleet.yaml', fleetText(options.name, parts)], ...files]),
    left: left.all(),
    counts: {
      devices: devices.length,
      nodePools: Object.keys(pools.section.value).length,
      machineConfigs: pools.machineConfigs.size,
      virtualMachines: machines.count,
    },
  };
}

function fleetText(name: string, parts: Readonly<Record<string, DocumentPart>>): string {
  const comments = new Map<Pointer, string>([
    [
      '',
      commentText(
        'Written by hostdev import from objects that were there; from now on it is yours.',
        'Next: hostdev check, then hostdev synth. What the objects do today stays as it is.',
      ),
    ],
  ]);
  const spec: Record<string, JsonObject> = {};
  for (const [key, part] of Object.entries(parts)) {
    if (Object.keys(part.value).length === 0) continue;
    spec[key] = part.value;
    for (const [pointer, text] of part.comments)
      comments.set(`/spec/${key}${pointer}`, commentText(...text.split('\n')));
  }
  return emitYaml({ apiVersion: 'hostdev/v1alpha1', kind: 'Fleet', metadata: { name }, spec }, { comments });
}

function clusterPart(objects: readonly CurrentObject[], owner: CurrentObject, version: string): DocumentPart {
  const { platform, version: platformVersion } = platformOf(objects);
  const kubernetes = kubernetesVersionOf(objects.filter(({ kind }) => kind === 'Node'));
  const isManaged = owner.kind === 'HyperConverged';
  return {
    value: {
      nodePlatform: platform,
      ...(platformVersion === undefined ? {} : { nodePlatformVersion: platformVersion }),
      ...(kubernetes === undefined ? {} : { kubernetesVersion: kubernetes }),
      kubevirt: {
        version,
        ...(isManaged ? { managedBy: 'hyperconverged', apiVersion: owner.apiVersion } : {}),
        ...(isDnsLabel(owner.namespace ?? '') ? { namespace: owner.namespace } : {}),
        ...(isDnsName(owner.name) ? { name: owner.name } : {}),
      },
      current: `${CURRENT_FOLDER}/`,
    },
    comments: new Map([
      [
        '/current',
        'what is there already; take it anew with `kubectl get -o yaml` now and then: what others own is kept',
      ],
    ]),
  };
}

/** What virt-operator or the HyperConverged operator says that it runs. */
function versionOf(read: Fleet, owner: CurrentObject): string | undefined {
  if (read.cluster.kubevirt.version !== '') return read.cluster.kubevirt.version;
  const operator = listAt(owner.content, 'status', 'versions').find((one) => jsonAt(one, 'name') === 'operator');
  const text = jsonAt(operator, 'version');
  const release = typeof text === 'string' ? /^(4\.\d{1,3})\./.exec(text)?.[1] : undefined;
  if (release === undefined || !OPENSHIFT_VIRTUALIZATION_RELEASES.includes(release)) return undefined;
  const version = parseKubeVirtVersion(releaseInOpenShiftVirtualization(release) ?? '');
  return version.ok ? version.value.text : undefined;
}

/** The live objects that the fleet goes on looking at, as files; what each is left with is said. */
function keptObjects(
  objects: readonly CurrentObject[],
  owner: CurrentObject,
  machineConfigs: ReadonlySet<string>,
  nodes: ReadonlySet<string>,
  left: LeftList,
): [string, string][] {
  const taken = new Set<string>();
  return objects.flatMap((object): [string, string][] => {
    const { kind, namespace, name } = object;
    if (isVirtualMachineKind(kind)) return [];
    // what the operator makes of its templates holds secrets of the cluster, and says nothing about devices
    if (kind === 'MachineConfig' && isOfController(object)) {
      left.addObject(object, 'a controller writes it');
      return [];
    }
    const reason =
      machineConfigs.has(name) && kind === 'MachineConfig' ? undefined : reasonToLeave(object, owner, nodes);
    if (reason !== undefined && !left.has(object)) left.addObject(object, reason);
    return [
      [`${CURRENT_FOLDER}/${freeFile([kind, namespace, name], taken)}`, emitYaml(asKept(object), { isMarked: true })],
    ];
  });
}

function isOfController(object: CurrentObject): boolean {
  const config = toMachineConfig(object);
  return isGenerated(config) && (object.name.startsWith('rendered-') || !concernsDevices(config));
}

function reasonToLeave(
  { kind, name }: CurrentObject,
  owner: CurrentObject,
  nodes: ReadonlySet<string>,
): string | undefined {
  switch (kind) {
    case owner.kind:
      return undefined;
    case 'Node':
      return nodes.has(name) ? undefined : 'it is in no pool that hands devices over';
    case 'MachineConfigPool':
      return undefined;
    case 'MachineConfig':
      return 'it stays with its owner: nothing in it is taken over';
    default:
      return 'it stays with its owner, and is taken into account';
  }
}
