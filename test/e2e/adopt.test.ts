import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { filesConfig, hyperConverged, machineConfig, node } from '../support/adoption';
import { hostdev, readTree } from '../support/hostdev';
import { temporaryFolder } from '../support/lab';

const DUMP =
  machineConfig('100-worker-iommu', 'worker', 'kernelArguments: [iommu=pt, intel_iommu=on]') +
  machineConfig(
    '100-worker-vfiopci',
    'worker',
    filesConfig({
      '/etc/modprobe.d/cards.conf': '{ source: "data:,options%20vfio-pci%20ids%3D10de%3A1eb8" }',
      '/etc/motd': '{ source: "data:,hello" }',
    }),
  ) +
  hyperConverged('{ pciDeviceSelector: "10DE:1EB8", resourceName: nvidia.com/T4 }') +
  node('node01', 'worker', '{ nvidia.com/T4: "1" }');

/** As OpenShift's guide has people write it, with a VM and the Node that it runs on. */
const GUIDE =
  machineConfig('100-worker-iommu', 'worker', 'kernelArguments: [intel_iommu=on]') +
  machineConfig(
    '100-worker-vfiopci',
    'worker',
    filesConfig({
      '/etc/modprobe.d/vfio.conf': '{ source: "data:,options%20vfio-pci%20ids%3D10de%3A1eb8%2C8086%3A6f54%0A" }',
      '/etc/modules-load.d/vfio-pci.conf': '{ source: "data:,vfio-pci" }',
    }),
  ) +
  hyperConverged(
    '{ pciDeviceSelector: "10DE:1EB8", resourceName: nvidia.com/T4 }',
    '{ pciDeviceSelector: "8086:6F54", resourceName: intel.com/qat }',
  ) +
  node('node01', 'worker', '{ nvidia.com/T4: "1", intel.com/qat: "1" }') +
  `---
apiVersion: kubevirt.io/v1
kind: VirtualMachine
metadata: { name: train-7, namespace: training }
spec:
  runStrategy: Always
  template:
    spec:
      evictionStrategy: None
      domain:
        devices: { hostDevices: [{ name: t4, deviceName: nvidia.com/T4 }] }
        memory: { guest: 16Gi }
`;

function dumpFolder(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const values = (text: string): unknown[] => parseAllDocuments(text).map((document) => document.toJS() as unknown);

describe('hostdev import --manifests', () => {
  const folder = dumpFolder({ 'dump/all.yaml': DUMP });
  const run = (...args: string[]): ReturnType<typeof hostdev> => hostdev(args, { cwd: folder });

  it('writes a fleet that checks, and that synth writes as it was', () => {
    const adopted = run('import', '--manifests', 'dump', '-o', 'lab', '--kubevirt', '1.6');
    expect([adopted.status, adopted.stderr]).toEqual([0, '']);
    expect(adopted.stdout).toContain('applying it changes nothing');

    expect(run('check', 'lab/fleet.yaml').status).toBe(0);
    expect(run('synth', 'lab/fleet.yaml', '-o', 'dist').status).toBe(0);

    const written = readTree(join(folder, 'dist/node-prep/worker'));
    const specOf = (text: string | undefined): unknown => (values(text ?? '')[0] as { spec: unknown }).spec;
    const originals = (
      values(DUMP).filter((value) => value !== null) as { kind: string; metadata: { name: string }; spec: unknown }[]
    ).filter((object) => object.kind === 'MachineConfig');
    expect(originals).toHaveLength(2);
    for (const { metadata, spec } of originals) {
      expect(specOf(written[`machineconfig.${metadata.name}.yaml`])).toEqual(spec);
    }
  });

  it('plans nothing against what it was adopted from', () => {
    const { status, stdout } = run('plan', 'lab/fleet.yaml', '--against', 'dump');
    expect([status, stdout]).toEqual([0, 'plan: dump -> lab/fleet.yaml (fleet lab)\n\nno changes\n']);
  });

  it("plans nothing for the pair of OpenShift's guide and its VM", () => {
    const guide = dumpFolder({ 'dump/all.yaml': GUIDE });
    const inGuide = (...args: string[]): ReturnType<typeof hostdev> => hostdev(args, { cwd: guide });
    expect(inGuide('import', '--manifests', 'dump', '-o', 'lab', '--kubevirt', '1.6').status).toBe(0);
    expect(inGuide('synth', 'lab/fleet.yaml', '-o', 'lab/dist').status).toBe(0);
    const { status, stdout } = inGuide('plan', 'lab/fleet.yaml', '--against', 'dump');
    expect([status, stdout]).toEqual([0, 'plan: dump -> lab/fleet.yaml (fleet lab)\n\nno changes\n']);
  });

  it('gives the same bytes again, and writes over nothing', () => {
    run('import', '--manifests', 'dump', '-o', 'again/lab', '--kubevirt', '1.6');
    expect(readTree(join(folder, 'again/lab'))).toEqual(readTree(join(folder, 'lab')));

    writeFileSync(join(folder, 'lab/fleet.yaml'), 'mine\n');
    const second = run('import', '--manifests', 'dump', '-o', 'lab', '--kubevirt', '1.6');
    expect(second.status).toBe(2);
    expect(second.stderr).toMatch(/nothing was written: there is lab\/.* already/);
    expect(readTree(join(folder, 'lab'))['fleet.yaml']).toBe('mine\n');
  });

  it.each([
    [['--manifests', 'nowhere'], 'cannot read folder nowhere'],
    [['--manifests', 'dump'], "no object says KubeVirt's release"],
    [['--manifests', 'dump', '--node', 'node01'], '--manifests reads objects'],
    [['--kubevirt', '1.6'], '--kubevirt goes with --manifests'],
    [['--manifests', 'dump', '--kubevirt', 'x'], '--kubevirt "x"'],
  ])('refuses %j', (args, said) => {
    const { status, stderr } = run('import', ...args);
    expect([status, stderr.includes(said)]).toEqual([2, true]);
  });

  it('writes nothing for a dump that cannot be read', () => {
    const broken = dumpFolder({ 'dump/all.yaml': `${DUMP}kind: Node\n  x: [\n` });
    const { status, stderr } = hostdev(['import', '--manifests', 'dump', '-o', 'lab', '--kubevirt', '1.6'], {
      cwd: broken,
    });
    expect([status, stderr]).toEqual([1, 'hostdev: nothing was written\n']);
    expect(Object.keys(readTree(broken))).toEqual(['dump/all.yaml']);
  });
});
