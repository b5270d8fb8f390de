import { isJsonObject, parseQuantity, type CurrentObject, type JsonObject, type Taint } from '../../model';
import { placeAt, type Place } from '../../source';
import { listAt, mapAt, textAt, type LiveObjects } from './live-objects';

/** A taint of a live Node. */
export interface LiveTaint extends Taint {
  readonly place: Place;
}

/** What a live Node says of itself. */
export interface LiveNode {
  readonly name: string;
  readonly labels: JsonObject;
  readonly taints: readonly LiveTaint[];
  /** As Kubernetes spells it, `amd64`; undefined: not shown. */
  readonly architecture: string | undefined;
  /** `6.12.38+deb13-amd64`; undefined: not shown. */
  readonly kernelRelease: string | undefined;
  /** DMI's product UUID as kubelet reports it; undefined: not shown. */
  readonly systemUuid: string | undefined;
  /** Extended resources that can be handed out, by name; undefined when the Node shows no status. */
  readonly allocatable: ReadonlyMap<string, number> | undefined;
  /** Bytes of huge pages that VMs and pods can have, by the size of a page in bytes, as far as the Node shows them. */
  readonly hugepages: ReadonlyMap<number, number>;
  readonly place: Place;
}

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const;

/** The live Nodes by name. */
export function liveNodes(objects: LiveObjects): ReadonlyMap<string, LiveNode> {
  return new Map(objects.of('', 'Node').map((object) => [object.name, toLiveNode(object)]));
}

function toLiveNode({ name, content, place }: CurrentObject): LiveNode {
  const labels = mapAt(content, 'metadata', 'labels');
  return {
    name,
    labels,
    taints: toTaints(content, place),
    architecture:
      textAt(content, 'status', 'nodeInfo', 'architecture') ?? textAt(labels, 'kubernetes.io/arch') ?? undefined,
    kernelRelease: textAt(content, 'status', 'nodeInfo', 'kernelVersion'),
    systemUuid: textAt(content, 'status', 'nodeInfo', 'systemUUID'),
    allocatable: toAllocatable(content),
    hugepages: toHugepages(content),
    place,
  };
}

function toTaints(content: JsonObject, place: Place): LiveTaint[] {
  return listAt(content, 'spec', 'taints').flatMap((taint, i) => {
    const key = textAt(taint, 'key');
    const effect = EFFECTS.find((one) => one === textAt(taint, 'effect'));
    if (key === undefined || effect === undefined) return [];
    return [{ key, value: textAt(taint, 'value'), effect, place: placeAt(place, 'spec', 'taints', i) }];
  });
}

/** Whole numbers of resources with a domain: a quantity of cpu or memory is nothing that a device plugin advertises. */
function toAllocatable(content: JsonObject): ReadonlyMap<string, number> | undefined {
  const status = content['status'];
  if (!isJsonObject(status) || !isJsonObject(status['allocatable'])) return undefined;
  const allocatable = new Map<string, number>();
  for (const [name, quantity] of Object.entries(status['allocatable'])) {
    const text = typeof quantity === 'number' ? String(quantity) : quantity;
    if (name.includes('/') && typeof text === 'string' && /^\d{1,9}$/.test(text)) allocatable.set(name, Number(text));
  }
  return allocatable;
}

function toHugepages(content: JsonObject): ReadonlyMap<number, number> {
  const hugepages = new Map<number, number>();
  for (const [name, quantity] of Object.entries(mapAt(content, 'status', 'allocatable'))) {
    const size = parseQuantity(/^hugepages-(.{1,20})$/.exec(name)?.[1]);
    const bytes = parseQuantity(quantity);
    if (size.ok && bytes.ok) hugepages.set(size.value, bytes.value);
  }
  return hugepages;
}
