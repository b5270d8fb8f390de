import { renderRulePage, renderRulePageText, type RulePage } from '../../../src/report';

const PAGE: RulePage = {
  code: 'PCI102',
  slug: 'pci/duplicate-selector',
  severity: 'error',
  summary: 'two permitted host devices share one `pciVendorSelector`',
  why: `
virt-handler builds a map from lower-cased selector to resource name. A **second** entry for the same selector replaces the first
([user guide](https://kubevirt.io/user-guide/)), so:

- the first resource name is never advertised, and a virtual machine that asks for it waits for a node that has it
- virt-controller still finds that name

1. one
2. two`,
  sources: [
    {
      claim: 'selectors are lower-cased and the last entry wins',
      url: 'https://github.com/kubevirt/kubevirt/blob/d923fdb815/pkg/virt-handler/device-manager/device_controller.go#L256-L267',
    },
  ],
  examples: {
    bad: [
      {
        name: 'the same T4 under two names',
        yaml: '\nspec:\n  devices:\n    a: { pci: ["10de:1eb8"] }\n    b: { pci: [«"10DE:1EB8"»] }\n',
        files: { 'inventory/node01.yaml': 'kind: NodeInventory # ```\n' },
        drawn: 'error[PCI102]: a message\n --> fleet.yaml\n',
      },
    ],
    good: [{ name: '`externalResourceProvider` does not compete', yaml: 'spec: {}\n' }],
  },
};

it('renders the five parts of a page as Markdown', () => {
  expect(renderRulePage(PAGE)).toMatchGolden('report/rule-page.md');
});

it('renders the five parts of a page as plain text', () => {
  const text = renderRulePageText(PAGE);

  expect(text).toMatchGolden('report/rule-page.txt');
  expect(text).not.toMatch(/\*\*|^#|\]\(|«/m);
});

it('leaves out the parts that a problem has nothing for', () => {
  const bare: RulePage = { ...PAGE, examples: { bad: [], good: [] } };
  const page = renderRulePage({ ...bare, why: 'A reason.', sources: [] });

  expect(page.split('\n').filter((line) => line.startsWith('#'))).toEqual([
    '# PCI102 pci/duplicate-selector',
    '## Why',
    '## How to allow it',
  ]);
  expect(renderRulePageText({ ...bare, why: 'A reason.', sources: [] })).toBe(`error[PCI102]: ${PAGE.summary}
pci/duplicate-selector

why
  A reason.

how to allow it
  It cannot be allowed: \`hostdev check\` fails until the cause is gone.
`);
});

it.each([
  ['error', false, 'It cannot be allowed'],
  ['error', true, 'acknowledge:\n  pci/duplicate-selector: why'],
  ['warning', false, 'only with `--strict`'],
  ['warning', true, 'acknowledge:\n  pci/duplicate-selector: why'],
  ['info', false, 'never fails'],
] as const)('says how an %s is allowed when it can be acknowledged: %s', (severity, acknowledgeable, words) => {
  expect(renderRulePage({ ...PAGE, severity, acknowledgeable })).toContain(words);
});

it('breaks long lines of prose and nothing else', () => {
  const why = `${'word '.repeat(60)}\n\n- ${'item '.repeat(40)}`;
  const lines = renderRulePageText({ ...PAGE, why, sources: [] }).split('\n');

  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
  expect(lines.filter((line) => line.startsWith('    item'))).not.toEqual([]);
  expect(renderRulePageText({ ...PAGE, why: 'x'.repeat(300) })).toContain(`  ${'x'.repeat(300)}\n`);
});

describe('how to allow it', () => {
  const partOf = (page: Partial<RulePage>): string =>
    renderRulePage({ ...PAGE, ...page }).split('## How to allow it\n\n')[1] ?? '';

  it('shows the comment where one may allow a finding', () => {
    const part = partOf({ suppressible: true });

    expect(part).toMatch(/^Say so in a comment/);
    expect(part).toContain('# hostdev-allow PCI102 until 2030-12-31: why it is right here');
    expect(part).toContain('# hostdev-allow-file PCI102: why it is right here');
  });

  it('shows it beside what allows a warning anyway, and beside an acknowledgement', () => {
    expect(partOf({ severity: 'warning' })).toMatch(/^It may stay: [^]*Or say so in a comment/);
    expect(partOf({ severity: 'warning', acknowledgeable: true })).toMatch(/acknowledge:[^]*Or say so in a comment/);
  });

  it('says that no comment allows what must stand', () => {
    expect(partOf({ suppressible: false })).toBe(
      'It cannot be allowed: `hostdev check` fails until the cause is gone.\n',
    );
    expect(partOf({ suppressible: false, acknowledgeable: true })).toMatch(/acknowledge:[^]*No comment allows it\.\n$/);
  });
});
