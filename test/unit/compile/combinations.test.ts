/* Which combinations of release, owner and device are refused, and by what: the kind of VM and the platform say nothing to that. */
import { KUBEVIRT_RELEASES } from '../../../src/kubevirt';
import { combinations, DEVICE_KINDS, filesOf, MACHINE_KINDS, nameOf, OWNERS, PLATFORMS } from '../../api/matrix';
import { outcomeOf } from '../../support/outcome';

const ALL = combinations();

test('refuses what the components refuse, with these codes', () => {
  const refused = ALL.filter(({ machine }) => machine === 'VirtualMachine').flatMap((one) => {
    const { refusedBy } = outcomeOf(filesOf(one));
    return refusedBy.length === 0 ? [] : [`${one.release} ${one.owner} ${one.device}: ${refusedBy.join(' ')}\n`];
  });
  expect(refused.join('')).toMatchGolden('compile/refused-combinations.txt');
});

test('every pair of a release, an owner, a device, a kind of VM and a platform is among the combinations', () => {
  const axes = {
    release: KUBEVIRT_RELEASES,
    owner: OWNERS,
    device: Object.keys(DEVICE_KINDS),
    machine: MACHINE_KINDS,
    platform: PLATFORMS,
  } as const;
  const names = Object.keys(axes) as (keyof typeof axes)[];
  const seen = new Set(ALL.flatMap((one) => names.flatMap((a) => names.map((b) => `${a}=${one[a]} ${b}=${one[b]}`))));
  const pairs = names.flatMap((a) =>
    names.filter((b) => b !== a).flatMap((b) => axes[a].flatMap((x) => axes[b].map((y) => `${a}=${x} ${b}=${y}`))),
  );
  expect(pairs.filter((pair) => !seen.has(pair))).toEqual([]);
  expect(new Set(ALL.map(nameOf)).size).toBe(ALL.length);
});
