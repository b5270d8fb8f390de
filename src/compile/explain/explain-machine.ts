import { namesAddress, type AnalysedMachine, type AnalysedRequest, type PlannedClaim } from '../../analysis';
import { claimKey, KUBEVIRT_KEY, virtualMachineKey } from '../../manifests';
import { isMachineSet } from '../../model';
import { nodesStep, permittedStep, preparationSteps, providerStep } from './delivery-steps';
import { artefactOf, type ChainDraft, type ExplainContext, type StepDraft } from './explain-context';
import { counted, someOf } from './wording';

/** The chains of a VM: itself, each device that it asks for, and where all of it comes together. */
export function machineChains(context: ExplainContext, analysed: AnalysedMachine): ChainDraft[] {
  const { machine, requests } = analysed;
  const { kind, namespace, name, replicas, place } = machine;
  const head: StepDraft = {
    kind: 'machine',
    text: `${kind} ${namespace}/${name} ${isMachineSet(kind) ? `makes ${counted(replicas, 'VM')}, each of which asks` : 'asks'} for ${counted(requests.length, 'host device')}`,
    details: [`evictionStrategy ${analysed.evictionStrategy}`],
    place,
    artefact: artefactOf(context, virtualMachineKey(kind, namespace, name)),
  };
  return [
    { title: 'virtual machine', steps: [head] },
    ...requests.map((request) => ({
      title: `${request.list} ${request.request.name}`,
      steps: requestSteps(context, analysed, request),
    })),
    { title: 'placement', steps: [placementStep(analysed)] },
  ];
}

function requestSteps(
  context: ExplainContext,
  { candidates, claims, machine }: AnalysedMachine,
  asked: AnalysedRequest,
): StepDraft[] {
  const { list, request, resource, deviceName } = asked;
  const gate = list === 'hostDevices' ? [gateStep(context)] : [];
  const claim = claims.find((one) => one.request === asked);
  const asks: StepDraft = {
    kind: 'request',
    place: request.place,
    ...(claim === undefined ? requestText(asked) : claimText(context, machine.namespace, claim)),
  };
  const permitted = permittedStep(context, deviceName, resource?.device);
  if (resource === undefined) {
    if (request.device !== undefined || deviceName === undefined) return [asks, ...gate];
    // somebody else's resource: kept in the allow-list, or nowhere
    const provider: StepDraft = {
      kind: 'provider',
      state: 'unknown',
      text: 'what serves it is not part of this fleet',
    };
    return [{ ...asks, state: permitted.state === 'broken' ? 'broken' : 'unknown' }, ...gate, permitted, provider];
  }
  const pools = new Set(candidates.flatMap((node) => node.pools));
  return [
    asks,
    ...gate,
    permitted,
    providerStep(context, resource),
    nodesStep(resource, candidates, ' that it may run on'),
    ...preparationSteps(context, resource, (pool) => pools.has(pool)),
  ];
}

/** What an entry claims, with the object that says so. */
function claimText(
  context: ExplainContext,
  namespace: string,
  { request: { list, request }, objectName, kind, expressions }: PlannedClaim,
): Pick<StepDraft, 'text' | 'details' | 'artefact'> {
  const made = kind === 'claim' ? `ResourceClaim ${objectName}` : `a claim of template ${objectName} at each start`;
  return {
    text: `entry ${request.name} of \`${list}\` takes device ${request.device ?? ''} by ${made}`,
    details: expressions,
    artefact: artefactOf(context, claimKey(namespace, objectName)),
  };
}

function requestText({ list, request, resource, deviceName }: AnalysedRequest): Pick<StepDraft, 'text' | 'state'> {
  const entry = `entry ${request.name} of \`${list}\``;
  if (resource !== undefined) {
    const named = deviceName === undefined ? 'no `deviceName`' : `\`deviceName\` ${deviceName}`;
    const text = `${entry} asks for device ${resource.device.name}, which has ${named}`;
    return deviceName === undefined ? { text, state: 'broken' } : { text };
  }
  if (request.device !== undefined) {
    return { text: `${entry} asks for device ${request.device}, which the fleet does not declare`, state: 'broken' };
  }
  return {
    text: `${entry} has \`deviceName\` ${deviceName ?? 'not set'}, which is no device of this fleet`,
    state: 'broken',
  };
}

function gateStep(context: ExplainContext): StepDraft {
  const kind = 'feature-gate';
  if (!context.analysis.featureGates.includes('HostDevices')) {
    return { kind, state: 'broken', text: '`hostDevices` needs feature gate HostDevices, which is not on' };
  }
  return {
    kind,
    text: 'feature gate HostDevices, which `hostDevices` needs, is on',
    artefact: artefactOf(context, KUBEVIRT_KEY),
  };
}

function placementStep({ machine, requests, candidates, fits, pinned }: AnalysedMachine): StepDraft {
  const kind = 'placement';
  const place = machine.place;
  const names = fits.map(({ name }) => name);
  if (candidates.length === 0) {
    return { kind, state: 'broken', text: 'no node of the fleet meets what it says about where it runs', place };
  }
  if (names.length === 0) {
    const text = `none of ${counted(candidates.length, 'possible node')} provides everything that it asks for together`;
    return { kind, state: 'broken', text, place };
  }
  const foreign = requests.filter(({ resource }) => resource === undefined).length;
  if (foreign > 0) {
    return {
      kind,
      state: 'unknown',
      text: `where it can run is not known: ${counted(foreign, 'device')} that it asks for ${foreign === 1 ? 'is' : 'are'} not of this fleet`,
      place,
    };
  }
  const wanted = new Set(requests.flatMap(({ resource }) => (resource === undefined ? [] : [resource.device.name])));
  const isSure = fits.some((node) =>
    [...wanted].every((device) =>
      node.advertised.some(({ resource, count }) => resource.device.name === device && count !== undefined),
    ),
  );
  const where = names.length === 1 ? someOf(names) : `${counted(names.length, 'node')}: ${someOf(names, 6)}`;
  if (pinned !== undefined) {
    const addresses = requests.flatMap((asked) => (namesAddress(asked) ? (asked.request.address?.text ?? []) : []));
    return {
      kind,
      text: `it is pinned to ${where}, where ${someOf(addresses)} is the only device of its resource`,
      place,
    };
  }
  return isSure
    ? { kind, text: `it can run on ${where}`, place }
    : { kind, state: 'unknown', text: `it may be able to run on ${where}`, place };
}
