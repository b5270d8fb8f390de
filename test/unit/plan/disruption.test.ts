import type { ConfigState, DisruptionPolicyState } from '../../../src/plan';
import { paceOf } from '../../../src/plan/disruption/pace';
import { compareRendered, daemonAct, renderConfigs } from '../../../src/plan/disruption/rendered-config';
import { hashOf } from '../../../src/plan/baseline/hashes';

describe('how many nodes at a time (node-prep.md fact 37)', () => {
  test.each([
    ['gpu', undefined, 10, 1],
    ['gpu', 1, 10, 1],
    ['gpu', 3, 10, 3],
    ['gpu', 0, 10, 1],
    ['gpu', '10%', 10, 1],
    ['gpu', '10%', 9, 1],
    ['gpu', '25%', 10, 2],
    ['gpu', '29%', 10, 2],
    ['gpu', '33%', 100, 33],
    ['gpu', '100%', 4, 4],
    ['gpu', '0%', 10, 1],
    ['gpu', '10%', undefined, undefined],
    ['arbiter', 5, 10, 1],
    ['gpu', 'many', 10, undefined],
  ])('pool %s, maxUnavailable %s of %s: %s', (pool, maxUnavailable, count, expected) => {
    expect(paceOf(pool, maxUnavailable, count).atATime).toBe(expected);
  });
});

const config = (name: string, more: Partial<ConfigState> = {}): ConfigState => ({
  path: '',
  kind: 'MachineConfig',
  name,
  hash: undefined,
  role: 'gpu',
  kernelArguments: [],
  files: new Map(),
  units: new Map(),
  rest: hashOf([{}, {}, {}]),
  ...more,
});

describe('what a pool gets', () => {
  it('is the configs of worker by name, then the others by name, compared as texts (facts 4 and 5)', () => {
    const { kernelArguments } = renderConfigs([
      config('99-b', { kernelArguments: ['b'] }),
      config('100-a', { kernelArguments: ['a'] }),
      config('zz-worker', { role: 'worker', kernelArguments: ['w'] }),
    ]);

    expect(kernelArguments).toEqual(['w', 'a', 'b']);
  });

  it('is the later of two entries for one file (fact 26)', () => {
    const { files } = renderConfigs([
      config('10', { files: new Map([['/etc/x', 'old']]) }),
      config('20', { files: new Map([['/etc/x', 'new']]) }),
    ]);

    expect([...files]).toEqual([['/etc/x', 'new']]);
  });
});

describe('what the daemon does (facts 12, 15, 32 to 34)', () => {
  const args = (...kernelArguments: string[]): ConfigState[] => [config('10', { kernelArguments })];
  const file = (path: string, entry: string): ConfigState[] => [config('10', { files: new Map([[path, entry]]) })];
  const policy = (name: string, ...actions: string[]): DisruptionPolicyState => ({ of: 'file', name, actions });

  test.each([
    ['nothing differs', args('a'), args('a'), [], 'none'],
    ['an argument more', args('a'), args('a', 'b'), [], 'reboot'],
    ['an argument less', args('a', 'b'), args('a'), [], 'reboot'],
    ['another order', args('a', 'b'), args('b', 'a'), [], 'reboot'],
    ['an argument twice', args('a'), args('a', 'a'), [], 'reboot'],
    [
      'an argument moves to a config at the same place',
      args('a', 'b'),
      [config('10', { kernelArguments: ['a'] }), config('20', { kernelArguments: ['b'] })],
      [],
      'none',
    ],
    ['a config of another name at the same place', args('a'), [config('11', { kernelArguments: ['a'] })], [], 'none'],
    ['arguments under a policy', args('a'), args('b'), [policy('/', 'None')], 'reboot'],
    ['a file', file('/etc/modprobe.d/vfio.conf', '1'), file('/etc/modprobe.d/vfio.conf', '2'), [], 'reboot'],
    ['a file that goes', file('/etc/x', '1'), [], [], 'reboot'],
    ['a file under None', file('/etc/x', '1'), file('/etc/x', '2'), [policy('/etc/x', 'None')], 'none'],
    ['a file below a folder', file('/etc/x/y', '1'), file('/etc/x/y', '2'), [policy('/etc/x', 'None')], 'none'],
    ['a file beside a folder', file('/etc/xy', '1'), file('/etc/xy', '2'), [policy('/etc/x', 'None')], 'reboot'],
    [
      'the longest path counts',
      file('/etc/x/y', '1'),
      file('/etc/x/y', '2'),
      [policy('/etc', 'None'), policy('/etc/x', 'Reboot')],
      'reboot',
    ],
    ['a file under Drain', file('/etc/x', '1'), file('/etc/x', '2'), [policy('/etc/x', 'Drain', 'Restart')], 'drain'],
    [
      'a unit is no file',
      [config('10', { units: new Map([['a.service', '1']]) })],
      [],
      [policy('/', 'None')],
      'reboot',
    ],
    ['other settings', [config('10', { rest: 'x' })], [config('10', { rest: 'y' })], [], 'reboot'],
  ])('%s', (_name, before, after, policies, expected) => {
    expect(daemonAct(compareRendered(renderConfigs(before), renderConfigs(after)), policies)).toBe(expected);
  });

  it('knows the same arguments in another order as such', () => {
    expect(compareRendered(renderConfigs(args('a', 'b')), renderConfigs(args('b', 'a')))).toMatchObject([
      { kind: 'kernel-arguments', isReordered: true },
    ]);
  });
});
