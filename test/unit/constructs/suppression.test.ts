import { App } from 'cdk8s';
import { Fleet, NodePool, PciDevice } from '../../../src';

function findingsIn(declare: (fleet: Fleet, device: PciDevice) => NodePool): {
  readonly found: readonly string[];
  readonly allowed: readonly string[];
} {
  const fleet = new Fleet(new App(), 'test', { nodePlatform: 'openshift', kubevirt: { version: '1.6' } });
  const device = new PciDevice(fleet, 'gpu', { selectors: ['10de:1eb8'], resourceName: 'example.com/gpu' });
  declare(fleet, device).passThrough(device, { addresses: ['0000:01:00.0'] });
  const { report } = fleet._compile().compilation;
  const onlyHere = (code: string): boolean => code === 'NOD408' || code === 'SUP903';
  return {
    found: report.diagnostics.map(({ code }) => code).filter(onlyHere),
    allowed: report.suppressed.map(({ diagnostic }) => diagnostic.code),
  };
}

it('finds that the argument for AMD does nothing', () => {
  expect(findingsIn((fleet) => new NodePool(fleet, 'gpu', { nodes: ['node01'], cpuVendor: 'amd' }))).toEqual({
    found: ['NOD408', 'SUP903'],
    allowed: [],
  });
});

it('allows it in a comment of the program', () => {
  const outcome = findingsIn(
    (fleet) =>
      // hostdev-allow NOD408: the guides say so
      new NodePool(fleet, 'gpu', { nodes: ['node01'], cpuVendor: 'amd' }),
  );

  expect(outcome).toEqual({ found: ['SUP903'], allowed: ['NOD408'] });
});

// the comment without a reason that both tests find
// hostdev-allow NOD408
