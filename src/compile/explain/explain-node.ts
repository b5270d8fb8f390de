import type {
  AdvertisedDevice,
  AdvertisedResource,
  AnalysedFunction,
  AnalysedNode,
  OtherAdvertised,
  PreparationUnit,
} from '../../analysis';
import { unitKeys } from '../../manifests';
import { isBridge, leavesGroupViable } from '../../rules';
import { countedBy, kernelArgumentsStep, providerStep } from './delivery-steps';
import { artefactOf, type ChainDraft, type ExplainContext, type StepDraft } from './explain-context';
import type { AdvertisedFate, DeviceFate, FunctionFate, GroupFate, NodeFate } from '../../diagnostics';
import { counted, someOf } from './wording';

/** The chains of a node: how it is prepared, and what it advertises. */
export function nodeChains(context: ExplainContext, node: AnalysedNode): ChainDraft[] {
  const units = unitsOf(context, node);
  return [
    { title: 'node', steps: [nodeStep(node), ...units.flatMap((unit) => unitSteps(context, node, unit))] },
    ...node.advertised.map((advertised) => ({
      title: advertised.resource.name ?? advertised.resource.device.name,
      steps: [providerStep(context, advertised.resource), advertisedStep(advertised)],
    })),
    ...(node.alsoAdvertised.length === 0
      ? []
      : [{ title: 'advertised besides', steps: node.alsoAdvertised.map(otherStep) }]),
  ];
}

/** What becomes of a node's functions, groups and resources. */
export function nodeFate(context: ExplainContext, node: AnalysedNode): NodeFate {
  const units = unitsOf(context, node);
  return {
    hasInventory: node.inventory !== undefined,
    functions: node.functions.map((one) => functionFate(context, units, one)),
    groups: groupFates(node),
    advertised: [...node.advertised.map(advertisedFate), ...node.alsoAdvertised.map(otherFate)],
  };
}

function unitsOf({ analysis }: ExplainContext, node: AnalysedNode): PreparationUnit[] {
  return analysis.units.filter(({ nodes }) => nodes.includes(node));
}

function nodeStep({ name, pools, inventory, functions }: AnalysedNode): StepDraft {
  const [first] = pools;
  const seen =
    inventory === undefined
      ? 'there is no inventory of it'
      : `its inventory shows ${counted(functions.length, 'function')}`;
  const membership = pools.length === 0 ? 'in no pool' : `in pool ${someOf(pools.map((pool) => pool.name))}`;
  return {
    kind: 'node',
    state: pools.length > 1 ? 'broken' : inventory === undefined || first === undefined ? 'unknown' : 'holds',
    text: `node ${name} is ${membership}, and ${seen}`,
    place: first?.nodes.find((member) => member.name === name)?.place ?? inventory?.place,
  };
}

function unitSteps(context: ExplainContext, node: AnalysedNode, unit: PreparationUnit): StepDraft[] {
  const choices = unit.strategies.filter(({ pool }) => node.pools.includes(pool));
  return [
    ...choices.map(({ passthrough, strategy, reason }): StepDraft => {
      const bound = node.functions.filter(({ bindings }) => bindings.some((one) => one.passthrough === passthrough));
      const addresses = bound.map(({ fact }) => fact.address);
      const what =
        node.inventory === undefined
          ? passthrough.device
          : `${passthrough.device} (${addresses.length === 0 ? 'nothing on this node' : someOf(addresses, 4)})`;
      return {
        kind: 'binding',
        state: strategy === 'external' || node.inventory === undefined ? 'unknown' : 'holds',
        text:
          strategy === 'external'
            ? `somebody else binds ${what}: ${reason}`
            : `${what} is bound to vfio-pci by ${strategy}: ${reason}`,
        place: passthrough.place,
        artefact: strategy === 'external' ? undefined : artefactOf(context, unitKeys(unit.name).vfio),
      };
    }),
    kernelArgumentsStep(context, unit),
  ];
}

function advertisedStep(advertised: AdvertisedResource): StepDraft {
  const { resource, count, provided, unknownBecause } = advertised;
  const { functions } = advertisedFate(advertised);
  const how = `counted ${countedBy(resource)}`;
  const place = resource.device.place;
  const name = resource.name ?? resource.device.name;
  if (count === undefined) {
    const text = `how many is not known: ${unknownBecause ?? 'nobody has said'}`;
    return { kind: 'advertised', state: 'unknown', text, details: [how], place };
  }
  const isMissing = count === 0 && provided !== 0;
  const wanted = isMissing && provided !== undefined ? `, where the fleet provides ${provided}` : '';
  return {
    kind: 'advertised',
    state: isMissing ? 'broken' : 'holds',
    text: `${counted(count, 'device')} of ${name}${wanted}`,
    details: [how, ...(functions.length === 0 ? [] : [functions.join(', ')])],
    place,
  };
}

/** Names that the fleet does not give are no link of any chain of it. */
function otherStep({ name, server, count, unknownBecause }: OtherAdvertised): StepDraft {
  const who = server === 'kubevirt' ? 'virt-handler' : "NVIDIA's plugin";
  const text =
    count === undefined
      ? `${who}: an unknown number of ${name}, ${unknownBecause ?? 'nobody has said'}`
      : `${who}: ${counted(count, 'device')} of ${name}`;
  return { kind: 'advertised', state: count === undefined ? 'unknown' : 'holds', text };
}

function advertisedFate(advertised: AdvertisedResource): AdvertisedFate {
  const { resource, count, unknownBecause, functions, devices } = advertised;
  return {
    resourceName: resource.name,
    device: resource.device.name,
    server: resource.server,
    count,
    devices: devices.map(deviceFate),
    countedBy: countedBy(resource),
    unknownBecause,
    functions: functions.map(({ fact }) => fact.address),
  };
}

function otherFate({ name, server, count, unknownBecause, devices }: OtherAdvertised): AdvertisedFate {
  return {
    resourceName: name,
    device: undefined,
    server,
    count,
    devices: devices.map(deviceFate),
    countedBy: server === 'kubevirt' ? 'one for each IOMMU group' : 'one for each function',
    unknownBecause,
    functions: devices.flatMap(({ functions }) => functions.map(({ fact }) => fact.address)),
  };
}

function deviceFate({ id, functions, numaNode }: AdvertisedDevice): DeviceFate {
  return { id, functions: functions.map(({ fact }) => fact.address), numaNode };
}

function functionFate(context: ExplainContext, units: readonly PreparationUnit[], one: AnalysedFunction): FunctionFate {
  const { fact, bindings, hostUse } = one;
  return {
    address: fact.address,
    id: fact.id,
    class: fact.class,
    name: fact.name,
    iommuGroup: fact.iommuGroup,
    driver: { seen: fact.driver, after: one.driver },
    bindings: bindings.map(({ pool, passthrough, role, strategy }) => {
      const unit = units.find(({ pools }) => pools.includes(pool));
      const choice = unit?.strategies.find((candidate) => candidate.passthrough === passthrough);
      return {
        pool: pool.name,
        device: passthrough.device,
        role,
        strategy,
        reason: choice?.reason ?? '',
        artefact:
          unit === undefined || strategy === 'external' ? undefined : artefactOf(context, unitKeys(unit.name).vfio),
      };
    }),
    hostUse: hostUse?.map(({ kind, reason }) => ({ kind, reason })),
    at: context.locate(fact.place),
  };
}

function groupFates({ functions }: AnalysedNode): GroupFate[] {
  const byGroup = new Map<number, AnalysedFunction[]>();
  for (const one of functions) {
    const group = one.fact.iommuGroup;
    if (typeof group !== 'number') continue;
    const members = byGroup.get(group);
    if (members === undefined) byGroup.set(group, [one]);
    else members.push(one);
  }
  return [...byGroup]
    .filter(([, members]) => members.some(({ bindings }) => bindings.length > 0))
    .sort(([a], [b]) => a - b)
    .map(([group, members]) => ({ group, ...viability(members), functions: members.map(({ fact }) => fact.address) }));
}

function viability(members: readonly AnalysedFunction[]): Pick<GroupFate, 'viable' | 'because'> {
  const endpoints = members.filter((one) => !isBridge(one));
  const holding = endpoints.find((one) => leavesGroupViable(one.driver) === false);
  if (holding !== undefined) {
    return { viable: false, because: `${holding.fact.address} stays with driver ${String(holding.driver)}` };
  }
  const unknown = endpoints.find((one) => leavesGroupViable(one.driver) === undefined);
  if (unknown !== undefined)
    return { viable: undefined, because: `the driver of ${unknown.fact.address} is not known` };
  return { viable: true, because: `${counted(endpoints.length, 'function')} with vfio-pci or without a driver` };
}
