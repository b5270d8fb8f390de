import { compileFleet, isSuppressible, mergeFleetReports, PROBLEMS, SourceSet } from '../../../src/compile';
import { applySuppressions } from '../../../src/compile/suppress';
import { countSeverities, type Diagnostic, type Report } from '../../../src/diagnostics';
import { loadFleet } from '../../../src/load';
import { SourceFile } from '../../../src/source';
import { memoryFiles } from '../../support/fleet-of';
import { messageLawViolations } from '../../support/message-law';

const HEAD = `apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: test }
spec:
`;

/** Its VM asks for a device that is not declared (VMI301), and the pool's AMD argument does nothing (NOD408). */
const FLEET = `  cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" } }
  devices:
    gpu: { pci: ["10de:1eb8"], resourceName: example.com/gpu }
  nodePools:
    gpu:
      nodes: [node01]
      cpuVendor: amd
      passthrough:
        - { device: gpu, addresses: ["0000:01:00.0"] }
`;

const COMMENT = '# hostdev-allow NOD408: the guides say so';

function compiled(files: Readonly<Record<string, string>>, today = '2026-11-22', path = 'fleet.yaml'): Report {
  const access = memoryFiles(files);
  const loaded = loadFleet(access, path);
  const sources = new SourceSet(loaded.sources, access);
  const { report } = compileFleet({
    fleet: loaded.fleet,
    problems: loaded.problems,
    locate: (place) => sources.locate(place),
    suppressions: { sources, today },
  });
  for (const diagnostic of report.diagnostics) {
    if (diagnostic.code.startsWith('SUP')) expect(messageLawViolations(diagnostic)).toEqual([]);
  }
  return report;
}

function reportOf(fleet: string, today?: string): Report {
  return compiled({ 'fleet.yaml': HEAD + fleet }, today);
}

function codes({ diagnostics }: Report): string[] {
  return diagnostics.map(({ code }) => code);
}

function withLine(line: string, comment: string): string {
  return FLEET.replace(line, `${comment}\n${line}`);
}

it('finds what the examples below allow', () => {
  expect(codes(reportOf(FLEET))).toContain('NOD408');
});

it.each([
  ['on the line above', withLine('      cpuVendor: amd', `      ${COMMENT}`)],
  ['at the end of its line', FLEET.replace('cpuVendor: amd', `cpuVendor: amd ${COMMENT}`)],
  ['by its slug, in any case of the code', FLEET.replace('amd', 'amd # hostdev-allow node/ignored-argument: x')],
  ['with another comment between', withLine('      cpuVendor: amd', `      ${COMMENT}\n      # because`)],
  ['until today', FLEET.replace('amd', 'amd # hostdev-allow nod408 until 2026-11-22: x')],
])('allows a finding %s', (_, fleet) => {
  const report = reportOf(fleet);

  expect(codes(report)).not.toContain('NOD408');
  expect(codes(report).filter((code) => code.startsWith('SUP'))).toEqual([]);
  expect(report.suppressed).toMatchObject([{ diagnostic: { code: 'NOD408' } }]);
});

it('allows the findings of a whole file from its top', () => {
  const report = compiled({ 'fleet.yaml': `# hostdev-allow-file NOD408: the guides say so\n${HEAD}${FLEET}` });

  expect(codes(report)).not.toContain('NOD408');
  expect(report.suppressed).toHaveLength(1);
});

it('prefers the nearer comment, so that the other one is idle', () => {
  const report = compiled({
    'fleet.yaml': `# hostdev-allow-file NOD408: all\n${HEAD}${withLine('      cpuVendor: amd', `      ${COMMENT}`)}`,
  });

  expect(report.suppressed).toMatchObject([{ by: { reason: 'the guides say so' } }]);
  expect(report.diagnostics).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        code: 'SUP902',
        primary: expect.objectContaining({ at: expect.objectContaining({ start: 0 }) as object }) as object,
      }),
    ]),
  );
});

it.each([
  ['the line is another', withLine('      nodes: [node01]', `      ${COMMENT}`), 'SUP902'],
  ['the day is past', FLEET.replace('amd', 'amd # hostdev-allow NOD408 until 2026-11-21: x'), 'SUP901'],
  ['the reason is missing', FLEET.replace('amd', 'amd # hostdev-allow NOD408'), 'SUP903'],
  ['the code is unknown', FLEET.replace('amd', 'amd # hostdev-allow NOD999: x'), 'SUP904'],
  ['the slug is misspelt', FLEET.replace('amd', 'amd # hostdev-allow node/ignored-arguments: x'), 'SUP904'],
])('allows nothing where %s, and says so', (_, fleet, code) => {
  const report = reportOf(fleet);

  expect(codes(report)).toContain('NOD408');
  expect(codes(report).filter((one) => one.startsWith('SUP'))).toEqual([code]);
  expect(report.suppressed).toEqual([]);
});

it('never allows what would take a device from the host', () => {
  const malformed = PROBLEMS.find(({ slug }) => slug === 'pci/malformed-address');
  const report = reportOf(
    FLEET.replace('"0000:01:00.0"', '"01:00.0"').replace(
      '        - { device',
      `        # hostdev-allow ${malformed?.code ?? ''}: x\n        - { device`,
    ),
  );

  expect(codes(report)).toEqual(expect.arrayContaining([malformed?.code, 'SUP905']));
  expect(report.suppressed).toEqual([]);
});

it('does not allow what keeps the fleet from being read', () => {
  const report = compiled({
    'fleet.yaml': `${HEAD}${FLEET}  nodepools: {} # hostdev-allow SCH102: x\n`,
  });

  expect(codes(report)).toEqual(expect.arrayContaining(['SCH102', 'SUP905']));
});

it('does not take a line of a text for a comment', () => {
  const vm = `  virtualMachines:
    vm1:
      spec:
        domain: { devices: {} }
        volumes:
          - name: init
            cloudInitNoCloud:
              userData: |
                # hostdev-allow NOD408: inside
                # hostdev-allow
`;

  expect(codes(reportOf(FLEET + vm)).filter((code) => code.startsWith('SUP'))).toEqual([]);
});

it('does not call a comment idle whose rule was not run', () => {
  const slugs = reportOf(FLEET).skipped.map(({ slug }) => slug);
  const [slug = ''] = slugs;

  expect(slugs).not.toEqual([]);
  expect(codes(reportOf(withLine('      nodes: [node01]', `      # hostdev-allow ${slug}: x`)))).not.toContain(
    'SUP902',
  );
});

it('only mentions an idle comment of a file that other fleets may include', () => {
  const report = compiled({
    'fleet.yaml': `${HEAD}  include: [common.yaml]\n${FLEET}`,
    'common.yaml': `${HEAD}  devices:\n    # hostdev-allow PCI102: elsewhere\n    qat: { pci: ["8086:6f54"], resourceName: intel.com/qat }\n`,
  });

  expect(report.diagnostics.filter(({ code }) => code === 'SUP902')).toMatchObject([
    { severity: 'info', primary: { at: { file: 'common.yaml' } }, fixes: [{ safe: false }] },
  ]);
});

it.each([
  ['inventory/node01.yaml', 'a: 1\n# hostdev-allow PCI104: x\nb: 2\n', 'b'],
  ['main.ts', "const a = '// hostdev-allow PCI104: no';\n// hostdev-allow PCI104: x\nb();\n", 'b()'],
  ['main.mts', 'b(); // hostdev-allow pci/shared-iommu-group: x\n', 'b()'],
])('allows a finding in %s', (file, text, spot) => {
  const at = { file, start: text.indexOf(spot), end: text.indexOf(spot) + spot.length };
  const diagnostic: Diagnostic = {
    code: 'PCI104',
    slug: 'pci/shared-iommu-group',
    severity: 'warning',
    message: 'a message',
    primary: { at, text: '' },
    secondary: [],
    notes: [],
    help: [],
    fixes: [],
  };

  const outcome = applySuppressions({
    diagnostics: [diagnostic],
    sources: [new SourceFile(file, text)],
    today: '2026-11-22',
    isJudged: () => true,
    isShared: () => false,
  });

  expect(outcome).toMatchObject({ kept: [], suppressed: [{ diagnostic, by: { reason: 'x' } }], findings: [] });
});

it('counts an allowed error no more, so that the rest of the fleet can be written', () => {
  const vm = `  virtualMachines:
    vm1:
      spec: { domain: { devices: {} } }
      pool: nowhere
`;
  const broken = reportOf(
    FLEET.replace('"0000:01:00.0"]', '"0000:01:00.0"], acknowledge: { pci/unknown-host-use: x }') + vm,
  );
  const unknownPool = broken.diagnostics.find(({ slug }) => slug === 'vm/unknown-pool');

  expect(unknownPool?.severity).toBe('error');
  const allowed = reportOf(
    FLEET +
      vm.replace('      pool: nowhere', '      # hostdev-allow vm/unknown-pool: comes tomorrow\n      pool: nowhere'),
  );
  expect(allowed.suppressed).toMatchObject([{ diagnostic: { slug: 'vm/unknown-pool' } }]);
  expect(countSeverities(allowed).error).toBe(countSeverities(broken).error - 1);
});

it('takes a comment for used when any of several fleets uses it', () => {
  const common = `${HEAD}  devices:\n    # hostdev-allow RES603: known\n    nvme: { pci: ["8086:5845"], resourceName: devices.kubevirt.io/nvme }\n`;
  const fleet = `${HEAD}  include: [common.yaml]\n${FLEET}`;
  const files = { 'a.yaml': fleet, 'common.yaml': common };
  const used = compiled(files, undefined, 'a.yaml');
  const [entry] = used.suppressed;
  if (entry === undefined) throw new Error(`nothing is allowed: ${codes(used).join(', ')}`);
  const idle: Report = {
    ...used,
    suppressed: [],
    diagnostics: [
      { ...entry.diagnostic, code: 'SUP902', slug: 'suppression/unused', primary: { at: entry.by.at, text: '' } },
    ],
  };

  expect(codes(mergeFleetReports([idle]))).toEqual(['SUP902']);
  expect(codes(mergeFleetReports([idle, used]))).not.toContain('SUP902');
});

it('is off where nobody gives texts and a day', () => {
  const access = memoryFiles({ 'fleet.yaml': HEAD + withLine('      cpuVendor: amd', `      ${COMMENT}`) });
  const loaded = loadFleet(access, 'fleet.yaml');
  const sources = new SourceSet(loaded.sources, access);
  const { report } = compileFleet({
    fleet: loaded.fleet,
    problems: loaded.problems,
    locate: (at) => sources.locate(at),
  });

  expect(codes(report)).toContain('NOD408');
});

it('lets comments allow rules and warnings, but not what leaves nothing to write', () => {
  const bySlug = new Map(PROBLEMS.map((problem) => [problem.slug, isSuppressible(problem)]));

  expect(bySlug.get('vm/unprovided-device')).toBe(true);
  expect(bySlug.get('pci/shared-iommu-group')).toBe(true);
  expect(bySlug.get('pci/host-device-bound')).toBe(false);
  expect(bySlug.get('pci/unknown-host-use')).toBe(false);
  expect(bySlug.get('fleet/unknown-key')).toBe(false);
  expect(bySlug.get('api/unknown-field')).toBe(false);
  expect(bySlug.get('suppression/expired')).toBe(false);
});
