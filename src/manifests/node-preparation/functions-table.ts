/*
 * The table of the program that makes virtual functions. Like the one of bindings, every field is reduced to what its column may hold.
 */
import type { VirtualFunctionsRow } from '../../analysis';
import { scopeWord } from './binding-table';

const HEADER = [
  '# What hostdev-virtual-functions makes. Written by hostdev from the fleet; a change here is lost.',
  '# One kind of card a line: the node (any, uuid=<DMI product UUID>, or host=<host name>), vendor:device, and how many of each card.',
];

/** The rows as lines, without the header. */
export function functionsTableLines(rows: readonly VirtualFunctionsRow[]): string[] {
  return rows.map(
    ({ scope, parent, count }) => `${scopeWord(scope)} ${parent.replace(/[^0-9a-f:]/g, '_')} ${Math.trunc(count)}`,
  );
}

/** The text of `/etc/hostdev/virtual-functions`. */
export function functionsTable(rows: readonly VirtualFunctionsRow[]): string {
  return [...HEADER, ...functionsTableLines(rows), ''].join('\n');
}
