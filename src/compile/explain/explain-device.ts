import type { Resource } from '../../analysis';
import { nodesStep, permittedStep, preparationSteps, providerStep } from './delivery-steps';
import type { ChainDraft, ExplainContext, StepDraft } from './explain-context';
import { counted, someOf } from './wording';

/** The chains of a device: how it reaches the nodes, and who asks for it. */
export function deviceChains(context: ExplainContext, resource: Resource): ChainDraft[] {
  const { analysis } = context;
  const { device, name, derived } = resource;
  const isClaimed = resource.server === 'dra';
  const named = isClaimed
    ? 'claims instead of a resource name'
    : name === undefined
      ? 'no resource name'
      : `resource name ${name}${derived ? ', derived' : ''}`;
  const head: StepDraft = {
    kind: 'device',
    state: name === undefined && !isClaimed ? 'broken' : 'holds',
    text: `${selection(resource)} with ${named}`,
    place: device.place,
  };
  return [
    {
      title: 'device',
      steps: [
        head,
        permittedStep(context, name, device),
        providerStep(context, resource),
        nodesStep(resource, analysis.nodes, ''),
        ...preparationSteps(context, resource, () => true),
      ],
    },
    { title: 'asked for by', steps: [machinesStep(context, resource)] },
  ];
}

function selection({ device }: Resource): string {
  switch (device.kind) {
    case 'pci':
      return `PCI device ${device.name} (${someOf(device.selectors.map(({ text }) => text))})`;
    case 'mdev':
      return `${device.isVgpu === true ? 'vGPU' : 'mediated device'} ${device.name} (${device.typeName})`;
    case 'vgpu':
      return `vGPU ${device.name} (${device.typeName} of ${device.parent.text})`;
    case 'usb':
      return `USB device ${device.name} (${device.selectors.map(({ vendor, product }) => `${vendor}:${product}`).join(' with ')})`;
  }
}

function machinesStep({ analysis }: ExplainContext, { device }: Resource): StepDraft {
  const kind = 'machines';
  const asking = analysis.machines.flatMap(({ machine, requests, fits }) => {
    const count = requests.filter(({ resource }) => resource?.device.name === device.name).length;
    return count === 0 ? [] : [{ name: `${machine.namespace}/${machine.name}`, count, fits: fits.length }];
  });
  if (asking.length === 0) return { kind, text: 'no VM of the fleet asks for it' };
  const details = asking
    .slice(0, 20)
    .map(
      ({ name, count, fits }) =>
        `${name}: ${count}, ${fits === 0 ? 'fits on no node' : `fits on ${counted(fits, 'node')}`}`,
    );
  if (asking.length > details.length) details.push(`and ${counted(asking.length - details.length, 'more VM')}`);
  return {
    kind,
    text: `${counted(asking.length, 'VM')} of the fleet ${asking.length === 1 ? 'asks' : 'ask'} for it`,
    details,
  };
}
