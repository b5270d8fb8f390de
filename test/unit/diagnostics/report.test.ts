import { countSeverities, hasSeverity, makeReport, mergeReports, type Diagnostic } from '../../../src/diagnostics';

const diagnostic = (
  file: string,
  start: number,
  code: string,
  severity: Diagnostic['severity'] = 'error',
): Diagnostic => ({
  code,
  slug: `pci/${code.toLowerCase()}`,
  severity,
  message: code,
  primary: { at: { file, start, end: start + 1 }, text: '' },
  secondary: [],
  notes: [],
  help: [],
  fixes: [],
});

test('sorts by path in natural order, then offset, then code', () => {
  const report = makeReport([
    diagnostic('node10.yaml', 0, 'A'),
    diagnostic('node2.yaml', 9, 'A'),
    diagnostic('node2.yaml', 3, 'B'),
    diagnostic('node2.yaml', 3, 'A'),
  ]);
  expect(report.diagnostics.map(({ primary, code }) => [primary.at.file, primary.at.start, code])).toEqual([
    ['node2.yaml', 3, 'A'],
    ['node2.yaml', 3, 'B'],
    ['node2.yaml', 9, 'A'],
    ['node10.yaml', 0, 'A'],
  ]);
});

test('equal diagnostics fold into one, and a report merged with itself is itself', () => {
  const report = makeReport(
    [diagnostic('a', 1, 'A'), diagnostic('a', 1, 'A'), diagnostic('a', 2, 'B', 'info')],
    [{ slug: 'pci/x', missing: 'no inventory' }],
  );
  expect(report.diagnostics).toHaveLength(2);
  expect(mergeReports(report, report)).toEqual(report);
});

test('counts by severity and answers for a level', () => {
  const report = makeReport([diagnostic('a', 1, 'A', 'warning'), diagnostic('a', 2, 'B', 'info')]);
  expect(countSeverities(report)).toEqual({ error: 0, warning: 1, info: 1 });
  expect([hasSeverity(report, 'error'), hasSeverity(report, 'warning')]).toEqual([false, true]);
});
