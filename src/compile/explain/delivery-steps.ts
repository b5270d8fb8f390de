/*
 * The links that a device's resource needs before a VM can get it, in the order in which the cluster needs them: permitted, served,
 * advertised, bound, and the kernel's IOMMU on. Shared by the chains of VMs and of devices.
 */
import type { AdvertisedResource, AnalysedNode, PreparationUnit, Resource, StrategyChoice } from '../../analysis';
import { selectorIds, unitInWords } from '../../analysis';
import { devicePluginKey, KUBEVIRT_KEY, unitKeys } from '../../manifests';
import {
  isJsonObject,
  jsonAt,
  type Device,
  type JsonObject,
  type JsonValue,
  type MediatedDeviceUse,
  type NodePool,
  type VgpuHostDevice,
} from '../../model';
import { placeAt, type Place } from '../../source';
import { artefactOf, type ExplainContext, type StepDraft } from './explain-context';
import type { NodeCount } from '../../diagnostics';
import { counted, someOf } from './wording';

const LISTS = ['pciHostDevices', 'mediatedDevices', 'usb'] as const;

/** The entry of the allow-list that lets a resource name into VMs. */
export function permittedStep(context: ExplainContext, resourceName: string | undefined, device?: Device): StepDraft {
  const kind = 'permitted';
  if (device?.kind === 'pci' && device.dra !== undefined) {
    return { kind, text: 'a claim needs no entry in `permittedHostDevices`', place: device.dra.place };
  }
  if (resourceName === undefined)
    return { kind, state: 'broken', text: 'without a resource name nothing is permitted' };
  const manifest = context.manifestByKey.get(KUBEVIRT_KEY);
  const entries = LISTS.flatMap((list) => permittedIn(manifest?.content, list, resourceName));
  const [first] = entries;
  if (manifest === undefined || first === undefined) {
    return {
      kind,
      state: 'broken',
      text: `no entry of \`permittedHostDevices\` has the resource name ${resourceName}`,
      details: ['virt-controller refuses to make the pod of a VM that asks for it'],
    };
  }
  const place = manifest.trace(first.pointer);
  const external = entries.some(({ entry }) => entry['externalResourceProvider'] === true);
  return {
    kind,
    text: `\`permittedHostDevices.${first.list}\` permits ${someOf(entries.map(({ entry }) => selectorOf(entry)))} as ${resourceName}`,
    details: external ? ['`externalResourceProvider: true`: virt-handler permits it and serves nothing'] : [],
    place,
    artefact: artefactOf(context, KUBEVIRT_KEY),
  };
}

function permittedIn(
  content: JsonObject | undefined,
  list: (typeof LISTS)[number],
  resourceName: string,
): { readonly list: string; readonly entry: JsonObject; readonly pointer: string }[] {
  const entries = jsonAt(content, 'spec', 'configuration', 'permittedHostDevices', list);
  if (!Array.isArray(entries)) return [];
  return (entries as readonly JsonValue[]).flatMap((entry, index) =>
    isJsonObject(entry) && entry['resourceName'] === resourceName
      ? [{ list, entry, pointer: `/spec/configuration/permittedHostDevices/${list}/${index}` }]
      : [],
  );
}

function selectorOf(entry: JsonObject): string {
  for (const field of ['pciVendorSelector', 'mdevNameSelector']) {
    const selector = entry[field];
    if (typeof selector === 'string') return selector;
  }
  const selectors = entry['selectors'];
  if (!Array.isArray(selectors)) return 'what its provider selects';
  return (selectors as readonly JsonValue[])
    .map((one) =>
      [jsonAt(one, 'vendor'), jsonAt(one, 'product')].map((part) => (typeof part === 'string' ? part : '')).join(':'),
    )
    .join(' with ');
}

/** Who registers the resource with kubelet. */
export function providerStep(context: ExplainContext, resource: Resource): StepDraft {
  const { socket, variable } = resource;
  const details = [
    ...(socket === undefined ? [] : [`socket ${socket}`]),
    ...(variable === undefined ? [] : [`virt-launcher reads its devices from ${variable}`]),
  ];
  return { ...provider(context, resource), details };
}

function provider(context: ExplainContext, { device, server }: Resource): StepDraft {
  const kind = 'provider';
  const { devicePlugin } = device;
  const place = placeAt(device.place, 'devicePlugin');
  switch (server) {
    case 'kubevirt':
      return { kind, text: `virt-handler's own device plugin serves it, ${countedBy({ device, server })}` };
    case 'nvidia': {
      const artefact = artefactOf(context, devicePluginKey('nvidia'));
      const text = `NVIDIA's kubevirt-gpu-device-plugin serves it, ${countedBy({ device, server })}`;
      if (artefact !== undefined) return { kind, text, place, artefact };
      return { kind, state: 'broken', text: `${text}, and is not deployed: no node holds what it serves`, place };
    }
    case 'dra': {
      const dra = device.kind === 'pci' ? device.dra : undefined;
      return {
        kind,
        state: 'unknown',
        text: `driver ${dra?.driver ?? ''} hands it to claims of DeviceClass ${dra?.deviceClassName ?? ''}, and is not deployed by this fleet`,
        place: dra?.place ?? place,
      };
    }
    case 'other': {
      if (devicePlugin.kind !== 'named') {
        return {
          kind,
          state: 'unknown',
          text: 'a device plugin that this fleet does not deploy has to serve it',
          place,
        };
      }
      const artefact = artefactOf(context, devicePluginKey(devicePlugin.name));
      const text = `device plugin ${devicePlugin.name} serves it`;
      if (artefact !== undefined) return { kind, text, place, artefact };
      return { kind, state: 'broken', text: `${text}, and is not deployed: no node holds what it serves`, place };
    }
  }
}

/** How a server counts what it advertises. */
export function countedBy({ device, server }: Pick<Resource, 'device' | 'server'>): string {
  switch (device.kind) {
    case 'usb':
      return 'one for each set of plugged devices that the selectors find';
    case 'mdev':
      return server === 'kubevirt'
        ? 'one for each IOMMU group, which every mediated device has to itself'
        : 'one for each mediated device';
    case 'vgpu':
    case 'pci':
      return server === 'kubevirt'
        ? 'one for each IOMMU group'
        : server === 'nvidia'
          ? 'one for each function'
          : 'as that plugin counts';
  }
}

/** On which of these nodes it is advertised, and how many; `whose` says in a clause what nodes they are. */
export function nodesStep(resource: Resource, nodes: readonly AnalysedNode[], whose: string): StepDraft {
  const kind = 'nodes';
  const all = `${counted(nodes.length, 'node')}${whose}`;
  const counts = nodes.flatMap((node): NodeCount[] => {
    const advertised = node.advertised.find((one) => one.resource.device.name === resource.device.name);
    return advertised === undefined ? [] : [countOf(node, advertised)];
  });
  const some = counts.filter(({ count }) => count !== undefined && count > 0);
  const unknown = counts.filter(({ count }) => count === undefined);
  const details = [...some, ...unknown].slice(0, 12).map(countInWords);
  if (counts.length > details.length) details.push(`and ${counted(counts.length - details.length, 'more node')}`);
  const total = some.reduce((sum, { count }) => sum + (count ?? 0), 0);
  if (some.length > 0) {
    const also = unknown.length === 0 ? '' : `, and an unknown number on ${unknown.length} more`;
    return { kind, text: `advertised: ${total} on ${some.length} of ${all}${also}`, details, counts };
  }
  if (unknown.length > 0) {
    return {
      kind,
      state: 'unknown',
      text: `advertised: an unknown number on ${unknown.length} of ${all}`,
      details,
      counts,
    };
  }
  const pools = resource.pools.map(({ name }) => name);
  return {
    kind,
    state: 'broken',
    text: `advertised: none on any of ${all}`,
    details: [pools.length === 0 ? 'no pool hands it over' : `handed over in pool ${someOf(pools)}`],
    counts,
  };
}

function countOf({ name }: AnalysedNode, { count, unknownBecause, functions }: AdvertisedResource): NodeCount {
  return { node: name, count, unknownBecause, functions: functions.map(({ fact }) => fact.address) };
}

function countInWords({ node, count, unknownBecause, functions }: NodeCount): string {
  if (count === undefined) return `${node}: not known, ${unknownBecause ?? 'nobody has said'}`;
  return functions.length === 0 ? `${node}: ${count}` : `${node}: ${count} (${someOf(functions, 4)})`;
}

/** How its functions come to the driver that hands them over, declaration by declaration, with the kernel arguments behind it. */
export function preparationSteps(
  context: ExplainContext,
  { device }: Resource,
  isOfInterest: (pool: NodePool) => boolean,
): StepDraft[] {
  const units = context.analysis.units.flatMap((unit) => {
    const pools = unit.pools.filter(isOfInterest);
    const steps = [
      ...unit.strategies
        .filter(({ pool, passthrough }) => pools.includes(pool) && passthrough.device === device.name)
        .map((choice) => bindingStep(context, unit, choice)),
      ...pools.flatMap((pool) =>
        pool.mediatedDevices
          .filter((use) => use.device === device.name)
          .map((use) =>
            device.kind === 'vgpu'
              ? vgpuStep(context, unit, pool, device, use)
              : creationStep(context, unit, pool, device, use),
          ),
      ),
      ...pools.flatMap((pool) =>
        pool.usb.filter((use) => use.device === device.name).map((use) => usbStep(pool, use.place)),
      ),
    ];
    if (steps.length === 0) return [];
    return device.kind === 'usb' ? steps : [...steps, kernelArgumentsStep(context, unit)];
  });
  if (units.length > 0) return units;
  return [{ kind: 'binding', state: 'broken', text: `no pool hands ${device.name} over there` }];
}

function bindingStep(context: ExplainContext, unit: PreparationUnit, choice: StrategyChoice): StepDraft {
  const { pool, passthrough, strategy, reason } = choice;
  const kind = 'binding';
  const { place } = passthrough;
  const keys = unitKeys(unit.name);
  switch (strategy) {
    case 'id': {
      const ids = selectorIds(context.analysis.deviceByName.get(passthrough.device));
      return {
        kind,
        text: `pool ${pool.name} binds ${someOf(ids)} to vfio-pci by id: ${reason}`,
        details: [`options vfio-pci ids=${unit.effects.ids.join(',')}`],
        place,
        artefact: artefactOf(context, keys.vfio),
      };
    }
    case 'address': {
      const rows = unit.effects.rows.filter(
        ({ purpose }) => purpose === passthrough.device || purpose === `companion of ${passthrough.device}`,
      );
      const addresses = [...new Set(rows.map(({ address }) => address))];
      return {
        kind,
        state: rows.length === 0 ? 'broken' : 'holds',
        text: `pool ${pool.name} binds ${rows.length === 0 ? 'nothing' : someOf(addresses)} to vfio-pci by address: ${reason}`,
        details: rows.slice(0, 12).map(({ scope, address, ids, purpose }) => {
          const where = scope.kind === 'any' ? `every node of ${unit.name}` : scope.node;
          return `${where}: ${address}, expected to be ${ids.length === 0 ? 'anything' : ids.join(' or ')} (${purpose})`;
        }),
        place,
        artefact: artefactOf(context, keys.vfio),
      };
    }
    case 'external':
      return { kind, state: 'unknown', text: `somebody else binds it in pool ${pool.name}: ${reason}`, place };
  }
}

const CREATORS: Readonly<Record<MediatedDeviceUse['createdBy'], string>> = {
  kubevirt: 'virt-handler makes them',
  'vgpu-device-manager': "NVIDIA's vgpu-device-manager makes them",
  host: 'node preparation makes them at every boot',
  external: 'somebody else makes them',
};

function creationStep(
  context: ExplainContext,
  unit: PreparationUnit,
  pool: NodePool,
  device: Device,
  { createdBy, place }: MediatedDeviceUse,
): StepDraft {
  const isKubeVirts = createdBy === 'kubevirt';
  return {
    kind: 'binding',
    state: isKubeVirts || createdBy === 'host' ? 'holds' : 'unknown',
    text: `the card keeps its driver in pool ${pool.name}, and ${CREATORS[createdBy]}`,
    details: isKubeVirts ? ['`mediatedDevicesConfiguration.nodeMediatedDeviceTypes`'] : madeAtBoot(unit, device),
    place,
    artefact: isKubeVirts ? artefactOf(context, KUBEVIRT_KEY) : makerOf(context, unit, createdBy),
  };
}

/** What the program that makes vGPUs is told of a device. */
function madeAtBoot({ effects, name }: PreparationUnit, device: Device): string[] {
  if (device.kind !== 'mdev' && device.kind !== 'vgpu') return [];
  return effects.vgpus
    .filter(({ typeName }) => typeName === device.typeName)
    .map(({ scope, count, parent }) => {
      const where = scope.kind === 'any' ? `every node of ${name}` : scope.node;
      return `${where}: ${count ?? 'as many as fit'} of ${device.typeName}, made from ${parent ?? 'any card that offers it'}`;
    });
}

function makerOf(
  context: ExplainContext,
  unit: PreparationUnit,
  createdBy: MediatedDeviceUse['createdBy'],
): StepDraft['artefact'] {
  return createdBy === 'host' ? artefactOf(context, unitKeys(unit.name).vfio) : undefined;
}

/** virt-handler makes nothing here: the vendor's driver keeps the card, and each virtual function that has a type is a vGPU. */
function vgpuStep(
  context: ExplainContext,
  unit: PreparationUnit,
  pool: NodePool,
  device: VgpuHostDevice,
  { createdBy, place }: MediatedDeviceUse,
): StepDraft {
  const kind = 'binding';
  if (device.framework === undefined) {
    return { kind, state: 'broken', text: `nobody has said how ${device.typeName} is made`, place };
  }
  const functions = pool.sriov.find(({ parent }) => parent.id !== undefined && parent.id === device.parent.id);
  return {
    kind,
    state: createdBy === 'host' ? 'holds' : 'unknown',
    text: `virtual functions keep the vendor's driver in pool ${pool.name}, and ${VGPU_MAKERS[createdBy]}`,
    details: [
      ...(functions === undefined
        ? []
        : [
            `${functions.numVfs} virtual functions for each ${functions.parent.text}, made by the ${functions.createdBy}`,
          ]),
      ...madeAtBoot(unit, device),
    ],
    place,
    artefact: makerOf(context, unit, createdBy),
  };
}

const VGPU_MAKERS: Readonly<Record<MediatedDeviceUse['createdBy'], string>> = {
  kubevirt: 'virt-handler would have to set their type, which it cannot',
  'vgpu-device-manager': "NVIDIA's vgpu-device-manager sets their type",
  host: 'node preparation sets their type at every boot',
  external: 'somebody else sets their type',
};

function usbStep(pool: NodePool, place: Place): StepDraft {
  return {
    kind: 'binding',
    text: `pool ${pool.name} holds it; a USB device is bound to nothing before a VM takes it`,
    place,
  };
}

/** What the kernel of a unit's nodes is started with. */
export function kernelArgumentsStep(context: ExplainContext, unit: PreparationUnit): StepDraft {
  const kind = 'kernel-arguments';
  const keys = unitKeys(unit.name);
  const place = unit.pools[0]?.place;
  const { kernelArguments } = unit.effects;
  const details = kernelArguments.map(({ argument, reason }) => `${argument}: ${reason}`);
  const artefact = artefactOf(context, keys.kernelArguments) ?? artefactOf(context, keys.vfio);
  const set = kernelArguments.map(({ argument }) => argument).join(' ');
  if (unit.cpuVendors.length === 0) {
    const others = set === '' ? '' : `; it sets ${set}`;
    const text = `${unitInWords(unit)} turns no IOMMU on, since the CPU vendor is not known${others}`;
    return { kind, state: 'unknown', text, details, place, ...(set === '' ? {} : { artefact }) };
  }
  if (set === '') return { kind, text: `${unitInWords(unit)} needs no kernel argument`, place };
  return { kind, text: `${unitInWords(unit)} starts its kernels with ${set}`, details, place, artefact };
}
