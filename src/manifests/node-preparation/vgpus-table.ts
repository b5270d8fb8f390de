/*
 * The table of the program that makes vGPUs. Like the one of bindings, every field is reduced to what its column may hold; the program
 * does the same to the names that drivers give.
 */
import type { VgpusRow } from '../../analysis';
import { scopeWord } from './binding-table';

const HEADER = [
  '# What hostdev-vgpus makes, in this order. Written by hostdev from the fleet; a change here is lost.',
  '# One type of vGPU a line, fields apart by one blank, - for what is not compared:',
  '#   scope      the node that the line is for: any, uuid=<DMI product UUID>, or host=<host name>',
  '#   framework  mdev, or vendor-vfio: a virtual function that is told its type',
  '#   parent     vendor:device of the cards',
  '#   type       the folder in mdev_supported_types',
  '#   count      on the node, or all that fit',
  '#   name       of the type, as the driver gives it; _ for what is no letter, digit, blank, ., _ or -',
];

/** The rows as lines, without the header. */
export function vgpusTableLines(rows: readonly VgpusRow[]): string[] {
  return rows.map(({ scope, framework, parent, typeId, typeName, count }) =>
    [
      scopeWord(scope),
      framework,
      parent === undefined ? '-' : parent.replace(/[^0-9a-f:]/g, '_'),
      typeId === undefined ? '-' : word(typeId, /[^A-Za-z0-9._-]/g),
      count === undefined ? 'all' : String(Math.trunc(count)),
      word(typeName, /[^A-Za-z0-9 ._-]/g),
    ].join(' '),
  );
}

/** The text of `/etc/hostdev/vgpus`. */
export function vgpusTable(rows: readonly VgpusRow[]): string {
  return [...HEADER, ...vgpusTableLines(rows), ''].join('\n');
}

/** Byte by byte, as `tr` does it on the node; a lone `-` would mean that it is not compared. */
function word(text: string, other: RegExp): string {
  const bytes = Buffer.from(text.trim());
  const safe = Array.from(bytes, (byte) => String.fromCharCode(byte).replace(other, '_')).join('');
  return safe === '-' || safe === '' ? '_' : safe;
}
