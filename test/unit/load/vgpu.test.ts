import { loadSpec, requireFleet } from '../../support/fleet-of';

const SPEC = (framework = ''): string => `  cluster: { nodePlatform: openshift, kubevirt: { version: "1.9" } }
  devices:
    share: { vgpu: { type: NVIDIA L40S-4Q, parent: "10DE:26B9"${framework} }, resourceName: nvidia.com/L40S-4Q }
  nodePools:
    shares: { nodes: [n1], mediatedDevices: [{ device: share }] }
`;
const node = (...functions: readonly string[]): string =>
  `  functions:\n${functions.map((one) => `    - { ${one} }\n`).join('')}`;

const CARD = 'address: "0000:65:00.0", id: "10de:26b9"';
const VIRTUAL = 'address: "0000:65:00.4", physicalFunction: "0000:65:00.0"';
const AS_FUNCTION = 'vgpuTypes: [{ id: "1155", name: NVIDIA L40S-4Q }]';
const AS_MEDIATED = 'mdevTypes: [{ id: nvidia-1155, name: NVIDIA L40S-4Q }]';

const deviceOf = (inventories: Readonly<Record<string, string>>, framework = ''): unknown =>
  requireFleet(loadSpec(SPEC(framework), inventories)).devices[0];

describe('how a vGPU is made', () => {
  it('is what the inventory shows of the card, or of its virtual functions', () => {
    expect(deviceOf({ n1: node(`${CARD}, ${AS_MEDIATED}`) })).toMatchObject({ kind: 'mdev', isVgpu: true });
    expect(deviceOf({ n1: node(CARD, `${VIRTUAL}, id: "10de:26b9", ${AS_FUNCTION}`) })).toMatchObject({
      kind: 'vgpu',
      framework: 'vendor-vfio',
    });
  });

  it('is not known where nothing is shown, or two different things are', () => {
    expect(deviceOf({ n1: node(CARD) })).toMatchObject({ kind: 'vgpu', framework: undefined });
    const both = { n1: node(`${CARD}, ${AS_MEDIATED}`), n2: node(`${CARD}, ${AS_FUNCTION}`) };
    expect(deviceOf(both)).toMatchObject({ kind: 'vgpu', framework: undefined });
  });

  it('is decided by the type where a driver lists types of both kinds', () => {
    const other = 'mdevTypes: [{ id: nvidia-9, name: NVIDIA L40S-4C }]';
    expect(deviceOf({ n1: node(`${CARD}, ${other}`, `${VIRTUAL}, id: "10de:26b9", ${AS_FUNCTION}`) })).toMatchObject({
      framework: 'vendor-vfio',
    });
  });

  it('is what the fleet says, whatever the inventory shows', () => {
    const inventory = { n1: node(`${CARD}, ${AS_MEDIATED}`) };
    expect(deviceOf(inventory, ', framework: vendor-vfio')).toMatchObject({ kind: 'vgpu', framework: 'vendor-vfio' });
  });
});

it('permits the ids of the virtual functions where an inventory shows them, and else what the fleet says', () => {
  const seen = deviceOf({ n1: node(CARD, `${VIRTUAL}, id: "10de:26ba", ${AS_FUNCTION}`) });
  const unseen = deviceOf({ n1: node(CARD) }, ', framework: vendor-vfio');

  expect(seen).toMatchObject({ virtualFunctions: [{ text: '10de:26ba' }] });
  expect(unseen).toMatchObject({ virtualFunctions: [{ text: '10DE:26B9' }] });
});

it('is made on the host where virt-handler cannot, unless the fleet says by whom', () => {
  const makerOf = (framework: string): string | undefined =>
    requireFleet(loadSpec(SPEC(`, framework: ${framework}`))).nodePools[0]?.mediatedDevices[0]?.createdBy;

  expect([makerOf('vendor-vfio'), makerOf('mdev')]).toEqual(['host', 'kubevirt']);
});
