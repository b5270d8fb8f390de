import { makeReport, type Diagnostic } from '../../../src/diagnostics';
import { renderGithub } from '../../../src/report';
import { diagnosticOf, marked } from './diagnostics';

function lines(diagnostics: readonly Diagnostic[], sources: Parameters<typeof renderGithub>[1]): string[] {
  return renderGithub(makeReport(diagnostics), sources).trimEnd().split('\n');
}

it('prints one command for each finding, and the closing line', () => {
  const world = marked({ 'a.yaml': 'x\n  «abc»: «1\n2»\n' });

  expect(
    lines(
      [
        diagnosticOf({ at: world.at('a.yaml'), text: 'here' }, { notes: ['a fact'], help: ['an advice'] }),
        diagnosticOf({ at: world.at('a.yaml', 1), text: '' }, { severity: 'warning' }),
        diagnosticOf({ at: { file: 'gone.yaml', start: 4, end: 5 }, text: '' }, { severity: 'info' }),
      ],
      world.sources,
    ),
  ).toEqual([
    '::error file=a.yaml,line=2,endLine=2,col=3,endColumn=5,title=PCI102 pci/duplicate-selector::a message: here%0Anote: a fact%0Ahelp: an advice',
    '::warning file=a.yaml,line=2,endLine=3,title=PCI102 pci/duplicate-selector::a message',
    '::notice file=gone.yaml,title=PCI102 pci/duplicate-selector::a message',
    '1 error, 1 warning, 1 info',
  ]);
});

it('lets nothing from the input end a property, a message or the command', () => {
  const file = 'a,b:c%d\r\n::error::e.yaml';
  const message = '100%\r\n::stop-commands::x\u001b[0m';

  const [command, ...rest] = lines(
    [diagnosticOf({ at: { file, start: 0, end: 0 }, text: '' }, { message })],
    () => undefined,
  );

  expect(command).toBe(
    '::error file=a%2Cb%3Ac%25d %3A%3Aerror%3A%3Ae.yaml,title=PCI102 pci/duplicate-selector::100%25 ::stop-commands::x\ufffd[0m',
  );
  expect(rest).toEqual(['1 error']);
});

it('breaks commands of the older form in the closing lines', () => {
  const report = makeReport([], [{ slug: 'a/b', missing: 'no inventory of ##[add-mask]n' }]);

  expect(renderGithub(report, () => undefined)).not.toContain('##[');
});

it('marks an empty range and names files as the caller wants', () => {
  const world = marked({ 'a.yaml': 'ab«»c' });
  const text = renderGithub(makeReport([diagnosticOf({ at: world.at('a.yaml'), text: '' })]), world.sources, {
    shownFile: (file) => `sub/${file}`,
  });

  expect(text).toContain('file=sub/a.yaml,line=1,endLine=1,col=3,endColumn=3,');
});
