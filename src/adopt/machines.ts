import { isJsonObject, type DeviceRequest, type JsonObject, type VirtualMachine } from '../model';
import { emitYaml } from '../yaml';
import type { DocumentPart } from './adoption';
import type { AdoptedDevice } from './devices';
import { fullName, type LeftList } from './left-objects';
import { freeFile, isDnsLabel, isDnsName } from './names';
import { withoutControllersWords } from './live-object';

/** VMs of the fleet with the files of their manifests. */
export interface AdoptedMachines {
  readonly section: DocumentPart;
  readonly files: ReadonlyMap<string, string>;
  readonly count: number;
}

/** The folder of the manifests. */
const FOLDER = 'virtual-machines';

/** The VMs that ask for what the fleet's pools hand over, each with its own manifest. */
export function adoptMachines(
  machines: readonly VirtualMachine[],
  devices: readonly AdoptedDevice[],
  handedOver: ReadonlySet<string>,
  left: LeftList,
): AdoptedMachines {
  const idOf = new Map(devices.map(({ id, device }) => [device.resourceName, id]));
  const value: Record<string, JsonObject> = {};
  const files = new Map<string, string>();
  const paths = new Set<string>();
  for (const machine of machines) {
    const { foreign, kind, namespace, name } = machine;
    if (foreign === undefined) continue;
    const reason = reasonAgainst(machine, idOf, handedOver);
    if (reason !== undefined) {
      left.add(kind, fullName(machine), reason);
      continue;
    }
    const id = Object.hasOwn(value, name) ? `${namespace}.${name}` : name;
    if (Object.hasOwn(value, id) || !isDnsName(id)) {
      left.add(kind, fullName(machine), 'a VM of another kind has its name');
      continue;
    }
    const path = `${FOLDER}/${freeFile([namespace, kind, name], paths)}`;
    files.set(path, emitYaml(manifestOf(foreign.content, namespace)));
    value[id] = { kind, namespace, manifest: path, ...(id === name ? {} : { name }) };
  }
  return { section: { value, comments: new Map() }, files, count: files.size };
}

function reasonAgainst(
  machine: VirtualMachine,
  idOf: ReadonlyMap<string | undefined, string>,
  handedOver: ReadonlySet<string>,
): string | undefined {
  const requests: readonly DeviceRequest[] = [...machine.gpus, ...machine.hostDevices];
  if (requests.length === 0) return 'it asks for no host device';
  if (!isDnsName(machine.name) || !isDnsLabel(machine.namespace)) return 'its name or namespace is no DNS name';
  for (const { deviceName } of requests) {
    if (deviceName === undefined) return 'it asks for a device by a claim, not by `deviceName`';
    const id = idOf.get(deviceName);
    if (id === undefined) return 'nothing that is taken over has the `deviceName` that it asks for';
    if (!handedOver.has(id)) return 'nothing here shows which nodes provide what it asks for';
  }
  return undefined;
}

/** The object as its author would write it. */
function manifestOf(content: JsonObject, namespace: string): JsonObject {
  const { status: _status, ...rest } = withoutControllersWords(content);
  const metadata = isJsonObject(rest['metadata']) ? rest['metadata'] : {};
  const { name, labels, annotations } = metadata;
  return {
    ...rest,
    metadata: {
      name,
      namespace,
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
    },
  };
}
