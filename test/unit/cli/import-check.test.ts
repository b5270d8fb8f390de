import { runProgram } from '../../../src/cli/program';
import { memoryFiles } from '../../support/fleet-of';

const LSPCI = `0000:5e:00.0 Non-Volatile memory controller [0108]: Intel Corporation NVMe [8086:5845] (rev 02)
\tKernel driver in use: nvme
`;

const inventoryWith = (line: string): string => `apiVersion: hostdev/v1alpha1
kind: NodeInventory
metadata:
  name: node03
spec:
  functions:
    - { ${line} }
`;

function run(existing: string | undefined): { readonly status: number; readonly out: string; readonly error: string } {
  const files = existing === undefined ? {} : { '/w/inventory/node03.yaml': existing };
  let out = '';
  let error = '';
  const status = runProgram(['import', '-', '--node', 'node03', '--check'], {
    cwd: '/w',
    packageFolder: '/package',
    env: {},
    files: memoryFiles(files),
    today: '2026-11-22',
    writeOut: (text) => void (out += text),
    writeError: (text) => void (error += text),
    columns: undefined,
    isTerminal: false,
    readInput: () => Buffer.from(LSPCI),
    run: () => 1,
    capture: () => undefined,
  });
  return { status, out, error };
}

test('a node that is as its inventory says is status 0, and nothing is written', () => {
  const { status, out, error } = run(
    inventoryWith('address: "0000:5e:00.0", class: "0108", id: "8086:5845", driver: nvme'),
  );
  expect([status, error]).toEqual([0, '']);
  expect(out).not.toContain('written');
});

test('another driver is worth knowing and no failure', () => {
  const { status, out } = run(
    inventoryWith('address: "0000:5e:00.0", class: "0108", id: "8086:5845", driver: vfio-pci'),
  );
  expect(status).toBe(0);
  expect(out).toContain('info[INV157]: 0000:5e:00.0 has another driver now');
});

test('another device is status 1, at its line of the file', () => {
  const { status, out } = run(inventoryWith('address: "0000:5e:00.0", class: "0108", id: "144d:a80a"'));
  expect(status).toBe(1);
  expect(out).toContain('error[INV152]: 0000:5e:00.0 is another device now');
  expect(out).toContain('inventory/node03.yaml:7:7');
  expect(out).toContain('144d:a80a so far, 8086:5845 now');
});

test('without a file there is nothing to compare with', () => {
  expect(run(undefined)).toMatchObject({
    status: 2,
    error: 'hostdev: there is no inventory/node03.yaml to compare with\n',
  });
});
