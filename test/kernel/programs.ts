import type { BindingRow } from '../../src/analysis';
import { bindingTable } from '../../src/manifests/node-preparation/binding-table';

/** The bind program on a guest. */
export const PROGRAM = 'hostdev-vfio-bind';

/** A row of the binding table, as a test writes it: for any node, and what is left out is not compared. */
export interface TestRow {
  readonly address: string;
  readonly ids: readonly string[];
  readonly class?: string;
  readonly serial?: string;
}

/** The table of these rows, as the compiler writes it. */
export function tableOf(...rows: readonly TestRow[]): string {
  const complete = rows.map((row) => ({ scope: { kind: 'any' }, companionClasses: [], purpose: 'a test', ...row }));
  return bindingTable(complete as unknown as readonly BindingRow[]);
}

/** A step that replaces the table of a guest. */
export function replaceTable(...rows: readonly TestRow[]): string {
  return `cat > /etc/hostdev/bindings << 'END'\n${tableOf(...rows)}END\n`;
}

/** A step that prints how a unit ended: `active` and `success`, or `failed` and `exit-code`. */
export function unitState(name: string): string {
  return `systemctl show -P ActiveState ${name}; systemctl show -P Result ${name}`;
}
