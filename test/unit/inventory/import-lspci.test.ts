import { importLspci, parseNodeName } from '../../../src/inventory';
import { SourceFile } from '../../../src/source';
import { lines, summaries } from './reading';

const TEXT = lines(
  '00:00.0 Host bridge [0600]: Intel Corporation Sky Lake-E DMI3 Registers [8086:2020] (rev 07)',
  '\tSubsystem: Dell Device [1028:0a6b]',
  '5e:00.0 Non-Volatile memory controller [0108]: Intel Corporation QEMU NVM Express Controller [8086:5845] (rev 02)',
  '\tSubsystem: Red Hat, Inc. QEMU Virtual Machine [1af4:1100]',
  '\tKernel driver in use: nvme',
);
const SOURCE = new SourceFile('node03.lspci', TEXT);

/** The text of an import without errors. */
function imported(node: string): string {
  const { text } = importLspci({ source: SOURCE, node });
  if (text === undefined) throw new Error('the import has errors');
  return text;
}

describe('importing text from lspci', () => {
  it('writes an inventory file with one function per line', () => {
    const { text, inventory, problems } = importLspci({ source: SOURCE, node: 'node03' });

    expect(problems).toEqual([]);
    expect(inventory).toMatchObject({ node: 'node03', functions: [{ driver: null }, { driver: 'nvme' }] });
    expect(text).toMatchGolden('inventory/node03.yaml');
  });

  it('gives the same bytes over its own file', () => {
    const text = imported('node03');
    const again = importLspci({ source: SOURCE, node: 'node03', existing: new SourceFile('node03.yaml', text) });

    expect(again).toMatchObject({ text, problems: [] });
  });

  it('keeps what people added, in their own spelling of the file', () => {
    const text = imported('node03');
    const edited = text
      .replace('spec:\n', 'spec:\n  cpuVendor: intel # Cascade Lake\n')
      .replace('driver: nvme }', 'driver: nvme, hostUse: [{kind: boot, reason: "EFI"}]}');
    const again = importLspci({ source: SOURCE, node: 'node03', existing: new SourceFile('node03.yaml', edited) });

    expect(again.text).toContain('\n  cpuVendor: intel\n');
    expect(again.text).toContain('driver: nvme, hostUse: [{ kind: boot, reason: EFI }] }\n');
  });

  it('gives no text when the listing has an error', () => {
    const source = new SourceFile('node03.lspci', TEXT.replace('5e:00.0', '5e:00.9'));
    const { text, inventory, problems } = importLspci({ source, node: 'node03' });

    expect({ text, inventory }).toEqual({ text: undefined, inventory: undefined });
    expect(summaries(source, problems)).toEqual([
      'error inventory/unreadable-function: a PCI function is named in a form that cannot be read @ 5e:00.9',
    ]);
  });

  it('does not overwrite a file that it cannot read', () => {
    const existing = new SourceFile('node03.yaml', 'kind: NodeInventory\napiVersion: [\n');
    const { text, problems } = importLspci({ source: SOURCE, node: 'node03', existing });

    expect(text).toBeUndefined();
    expect(problems.map(({ severity }) => severity)).toContain('error');
  });

  it('does not mix two nodes', () => {
    const existing = new SourceFile('node03.yaml', imported('node04'));
    const { text, problems } = importLspci({ source: SOURCE, node: 'node03', existing });

    expect(text).toBeUndefined();
    expect(summaries(existing, problems)).toEqual([
      'error inventory/other-node: the inventory is of node04, not of node03 @ node04',
    ]);
  });

  it.each(['', 'Node03', '../node03', 'a/b', 'node_03', '-node', 'node.', 'a'.repeat(254)])(
    'refuses the node name %j',
    (node) => {
      const { text, problems } = importLspci({ source: SOURCE, node });

      expect(text).toBeUndefined();
      expect(problems).toMatchObject([{ code: 'INV131', severity: 'error' }]);
      expect(parseNodeName(node).ok).toBe(false);
    },
  );

  it.each(['node03', 'ip-10-0-0-1.ec2.internal', '1'])('takes the node name %s', (node) => {
    expect(importLspci({ source: SOURCE, node }).inventory?.node).toBe(node);
  });
});
