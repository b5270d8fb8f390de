import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/lab';
import { judge } from './harness';

/** The files of the lab that `hostdev check` reads, by path. */
const LAB: Readonly<Record<string, string>> = Object.fromEntries(
  ['', 'inventory', 'cluster'].flatMap((folder) =>
    readdirSync(join(ROOT, 'examples', 'lab', folder))
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => [
        folder === '' ? name : `${folder}/${name}`,
        readFileSync(join(ROOT, 'examples', 'lab', folder, name), 'utf8'),
      ]),
  ),
);

type Edit = readonly [from: string | RegExp, to: string, file?: string];

/** What the lab has after some edits and not before, as `severity slug file «marked text»`. */
function found(...edits: readonly Edit[]): string[] {
  const files = { ...LAB };
  for (const [from, to, file = 'fleet.yaml'] of edits) {
    const text = files[file] ?? '';
    const edited = text.replace(from, () => to);
    if (edited === text) throw new Error(`${String(from)} is not in ${file}`);
    files[file] = edited;
  }
  return said(files).filter((line) => !BEFORE.has(line));
}

function said(files: Readonly<Record<string, string>>): string[] {
  return judge(files).diagnostics.map(({ severity, slug, primary: { at } }) => {
    const text = (files[at.file] ?? '').slice(at.start, at.end).replace(/\n[^]*$/, '…');
    return `${severity} ${slug} ${at.file} «${text}»`;
  });
}

const BEFORE = new Set(said(LAB));

const POOL = '      maxUnavailable: 1\n';
const ADDRESSES = "          addresses: ['0000:5e:00.0']";
const ASKED = '        - { name: gpu1, device: t4 }\n      spec:\n';
const NVME = '        - { name: nvme, device: nvme }\n      spec:\n';

describe('one slip in the lab is one finding, where it is', () => {
  test.each<[name: string, finding: string, ...edits: Edit[]]>([
    [
      'a folder that is not there',
      'error fleet/missing-file fleet.yaml «inventry/»',
      ['inventory: inventory/', 'inventory: inventry/'],
    ],
    [
      'live objects that are not there',
      'error fleet/missing-file fleet.yaml «clusters/»',
      ['current: cluster/', 'current: clusters/'],
    ],
    ['no inventory at all', 'info node/without-inventory fleet.yaml «node02»', ['  inventory: inventory/\n', '']],
    [
      'the id of a device of two pools',
      "error pci/absent-device fleet.yaml «'10de:1eb9'»",
      ["['10de:1eb8']", "['10de:1eb9']"],
    ],
    [
      'one selector in two cases',
      "warning pci/selector-listed-twice fleet.yaml «'10DE:1EB8'»",
      ["['10de:1eb8']", "['10de:1eb8', '10DE:1EB8']"],
    ],
    [
      'the selector of another device',
      "error pci/duplicate-selector fleet.yaml «'8086:5845'»",
      ["['8086:6f54']", "['8086:5845']"],
    ],
    ['a renamed device', 'error node/unknown-device fleet.yaml «qat»', ['    qat:\n', '    qatt:\n']],
    [
      'a device given twice',
      'error yaml/duplicate-key fleet.yaml «t4»',
      ["    qat:\n      pci: ['8086:6f54']", "    t4:\n      pci: ['8086:6f54']"],
    ],
    [
      'a node in two pools',
      'error node/in-two-pools fleet.yaml «node01»',
      ['nodes: [node02]', 'nodes: [node02, node01]'],
    ],
    ['a pool without nodes', 'error node/empty-pool fleet.yaml «[]»', ['nodes: [node01]', 'nodes: []']],
    ['no list of nodes', 'error fleet/missing-key fleet.yaml «gpu-intel»', ['      nodes: [node01]\n', '']],
    ['text for a list of nodes', 'error fleet/wrong-type fleet.yaml «node01»', ['nodes: [node01]', 'nodes: node01']],
    ['a node in upper case', 'error fleet/malformed-value fleet.yaml «Node01»', ['nodes: [node01]', 'nodes: [Node01]']],
    ['the wrong vendor', 'error node/mismatched-cpu-vendor fleet.yaml «amd»', ['cpuVendor: intel', 'cpuVendor: amd']],
    [
      'a misspelt device of a pool',
      'error node/unknown-device fleet.yaml «qatt»',
      ['        - device: qat', '        - device: qatt'],
    ],
    [
      'a device of another kind',
      'error node/unknown-device fleet.yaml «t4»',
      ['        - device: t4-1q\n', '        - device: t4\n'],
    ],
    [
      'a mediated device handed over whole',
      'error node/unknown-device fleet.yaml «t4-1q»',
      ['        - device: qat', '        - device: t4-1q'],
    ],
    [
      'an address without its domain',
      'error pci/malformed-address fleet.yaml «65:00.0»',
      [ADDRESSES, '          addresses: [65:00.0]'],
    ],
    [
      'a bridge',
      "error pci/mismatched-address fleet.yaml «'0000:5d:00.0'»",
      [ADDRESSES, "          addresses: ['0000:5d:00.0']"],
    ],
    [
      'an address twice',
      "warning pci/function-listed-twice fleet.yaml «'0000:5E:00.0'»",
      [ADDRESSES, "          addresses: ['0000:5e:00.0', '0000:5E:00.0']"],
    ],
    [
      'text for a list of addresses',
      "error fleet/wrong-type fleet.yaml «'0000:5e:00.0'»",
      [ADDRESSES, "          addresses: '0000:5e:00.0'"],
    ],
    [
      'no addresses, and the boot disk among what is matched',
      'error pci/host-device-bound fleet.yaml «nvme»',
      [`${ADDRESSES}\n`, ''],
    ],
    [
      'a misspelt rule',
      'error acknowledge/unknown-rule fleet.yaml «pci/unknwon-host-use»',
      ['pci/unknown-host-use:', 'pci/unknwon-host-use:'],
    ],
    [
      'a pool that the node is not in',
      'error vm/impossible-placement fleet.yaml «vgpu»',
      ['      node: node03\n', '      node: node03\n      pool: vgpu\n'],
    ],
    [
      'a selector that no node of the pool meets',
      'error vm/impossible-placement fleet.yaml «kubernetes.io/hostname: node02»',
      [ASKED, `${ASKED}        nodeSelector:\n          kubernetes.io/hostname: node02\n`],
    ],
    [
      'a run strategy that is none',
      'error fleet/value-not-allowed fleet.yaml «RerunOnFailur»',
      ['RerunOnFailure', 'RerunOnFailur'],
    ],
    [
      'another architecture',
      'error vm/other-architecture fleet.yaml «arm64»',
      [NVME, `${NVME}        architecture: arm64\n`],
    ],
    [
      'a version that is malformed',
      "error fleet/malformed-value fleet.yaml «'v1.6'»",
      ["version: '1.6'", "version: 'v1.6'"],
    ],
    [
      'another release is live',
      'warning kubevirt/other-version cluster/kubevirt.yaml «v1.5.0»',
      ['observedKubeVirtVersion: v1.6.3', 'observedKubeVirtVersion: v1.5.0', 'cluster/kubevirt.yaml'],
    ],
    [
      'the default architecture',
      'error vm/other-architecture fleet.yaml «{ name: vgpu1, device: t4-1q }»',
      ['defaultArchitecture: amd64', 'defaultArchitecture: arm64', 'cluster/kubevirt.yaml'],
    ],
    [
      'an inventory of another node',
      'error fleet/misnamed-inventory inventory/node01.yaml «node99»',
      ['  name: node01', '  name: node99', 'inventory/node01.yaml'],
    ],
    [
      'another vendor in the inventory',
      'error node/mismatched-cpu-vendor fleet.yaml «intel»',
      ['cpuVendor: intel', 'cpuVendor: amd', 'inventory/node01.yaml'],
    ],
    [
      'an address twice in the inventory',
      'error inventory/duplicate-function inventory/node03.yaml «"0000:5e:00.0"»',
      ['"0000:5f:00.0"', '"0000:5e:00.0"', 'inventory/node03.yaml'],
    ],
    [
      'cards that are gone',
      'error pci/absent-device fleet.yaml «t4»',
      [/.*10de:1eb8.*\n.*10de:1eb8.*\n/, '', 'inventory/node01.yaml'],
    ],
    [
      'a taint that KubeVirt does not tolerate',
      'error node/untolerated-taint fleet.yaml «{ key: gpu, effect: NoSchedule }»',
      [POOL, `${POOL}      taints: [{ key: gpu, effect: NoSchedule }]\n`],
    ],
  ])('%s', (_name, finding, ...edits) => {
    expect(found(...edits)).toEqual([finding]);
  });
});
