import {
  behaves,
  differencesOf,
  KUBEVIRT_RELEASES,
  parseKubeVirtVersion,
  type VersionDifference,
} from '../../../src/kubevirt';

function doing(difference: VersionDifference, texts: readonly string[]): string[] {
  return texts.filter((text) => {
    const version = parseKubeVirtVersion(text);
    return version.ok && behaves(version.value, difference);
  });
}

test.each<[VersionDifference, readonly string[], readonly string[]]>([
  ['beta-gates-on', ['1.4', '1.8', '1.8.9', '1.9', '1.9.1'], ['1.9', '1.9.1']],
  ['strict-numa-placement', ['1.8', '1.9'], ['1.9']],
  ['pools-v1beta1', ['1.6', '1.7'], ['1.7']],
  // facts name the patch releases
  ['memory-lock-per-device', ['1.8', '1.8.2', '1.8.3', '1.9.0', '1.9.1'], ['1.8.3', '1.9.0']],
  ['plugins-break-pci', ['1.8', '1.9', '1.9.0', '1.9.1'], ['1.9', '1.9.0']],
])('%s', (difference, asked, expected) => {
  expect(doing(difference, asked)).toEqual(expected);
});

test('every difference is new in one release', () => {
  const all = KUBEVIRT_RELEASES.flatMap(differencesOf);
  expect(new Set(all).size).toBe(all.length);
  expect(differencesOf('1.4')).toEqual([]);
  expect(all.every((text) => !/[.;]$/.test(text))).toBe(true);
});
