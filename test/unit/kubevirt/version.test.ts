import {
  compareReleases,
  isAtLeast,
  isKubeVirtRelease,
  KUBEVIRT_RELEASES,
  NEWEST_RELEASE,
  parseKubeVirtVersion,
  type KubeVirtVersion,
} from '../../../src/kubevirt';

const version = (text: string): KubeVirtVersion => {
  const parsed = parseKubeVirtVersion(text);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.value;
};

test('reads a minor release with an unknown patch', () => {
  expect(version('1.6')).toEqual({ text: '1.6', release: '1.6', patch: undefined });
});

test('reads a patch release, zero included', () => {
  expect(version('1.6.3')).toEqual({ text: '1.6.3', release: '1.6', patch: 3 });
  expect(version('1.9.0')).toEqual({ text: '1.9.0', release: '1.9', patch: 0 });
});

test.each(['1.3', '1.10', '2.0', '0.59.1'])('refuses %s by naming what is supported', (text) => {
  const parsed = parseKubeVirtVersion(text);

  expect(parsed).toEqual({ ok: false, reason: expect.stringContaining('1.4 to 1.9') as string });
});

test('refuses a leading v by showing the text without it', () => {
  expect(parseKubeVirtVersion('v1.6.2')).toEqual({ ok: false, reason: 'write `1.6.2`, without `v`' });
});

test.each(['', '1', '1.6.', '1.6.x', ' 1.6', '1.6 ', '1.6.3.4', '1,6', '1.6-rc.1', '१.६'])('refuses %j', (text) => {
  expect(parseKubeVirtVersion(text).ok).toBe(false);
});

test('compares releases as numbers in order', () => {
  expect([...KUBEVIRT_RELEASES].sort(compareReleases)).toEqual(['1.4', '1.5', '1.6', '1.7', '1.8', '1.9']);
  expect(compareReleases('1.9', '1.4')).toBeGreaterThan(0);
  expect(isAtLeast(version('1.9.1'), '1.9')).toBe(true);
  expect(isAtLeast(version('1.8.4'), '1.9')).toBe(false);
});

test('calls the last release the newest', () => {
  expect(KUBEVIRT_RELEASES.at(-1)).toBe(NEWEST_RELEASE);
  expect(isKubeVirtRelease('1.9')).toBe(true);
  expect(isKubeVirtRelease('1.9.0')).toBe(false);
});
