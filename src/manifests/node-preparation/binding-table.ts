/*
 * The table of the bind program. Every field is reduced to the characters that its column may hold, so whatever a device, a
 * node or a person is called, a row is one line of eight fields; what a field cannot say makes the row one that the program
 * refuses, or that matches no node.
 */
import type { BindingRow, RowScope } from '../../analysis';

const HEADER = [
  '# What hostdev-vfio-bind binds to vfio-pci. Written by hostdev from the fleet; a change here is lost.',
  '# One PCI function a line, fields apart by one blank, - for what is not compared:',
  '#   scope       the node that the line is for: any, uuid=<DMI product UUID>, or host=<host name>',
  '#   address     domain:bus:device.function',
  '#   ids         vendor:device that must be found there; alternatives apart by a comma',
  '#   subsystem   vendor:device',
  '#   class       four digits, or six with the programming interface',
  '#   serial      of the disk, or of the function as lspci prints it; _ for what is no letter, digit, . or -',
  '#   companions  classes of functions in the same slot that are bound along with it',
  "#   purpose     the device's name in the fleet",
];

/** The rows as lines, each node's under a comment that names it, without the header. */
export function bindingTableLines(rows: readonly BindingRow[]): string[] {
  const lines: string[] = [];
  let node: string | undefined;
  for (const row of rows) {
    const name = row.scope.kind === 'any' ? undefined : row.scope.node;
    if (name !== undefined && name !== node) lines.push(`# ${words(name)}`);
    node = name;
    lines.push(rowLine(row));
  }
  return lines;
}

/** The text of `/etc/hostdev/bindings`. */
export function bindingTable(rows: readonly BindingRow[]): string {
  return [...HEADER, ...bindingTableLines(rows), ''].join('\n');
}

/**
 * A serial as the table holds it: without blanks around it, and `_` for every byte that is no letter, digit, `.`, `_` or
 * `-`. The bind program does the same to what it reads.
 *
 * @example `tableSerial(' S3EV NX0J ')` gives `S3EV_NX0J`
 */
export function tableSerial(serial: string): string {
  const bytes = Buffer.from(serial.replace(/^[ \t\n]+/, '').replace(/[ \t\n]+$/, ''));
  const safe = Array.from(bytes, (byte) => String.fromCharCode(byte).replace(/[^A-Za-z0-9._-]/, '_')).join('');
  // a lone - would mean that the serial is not compared
  return safe === '-' || safe === '' ? '_' : safe;
}

function rowLine(row: BindingRow): string {
  return [
    scopeWord(row.scope),
    hexWord(row.address),
    list(row.ids),
    hexWord(row.subsystem),
    hexWord(row.class),
    row.serial === undefined ? '-' : tableSerial(row.serial),
    list(row.companionClasses),
    words(row.purpose),
  ].join(' ');
}

/** The word that says which node a row is for. */
export function scopeWord(row: RowScope): string {
  switch (row.kind) {
    case 'any':
      return 'any';
    case 'uuid':
      return `uuid=${row.uuid.toLowerCase().replace(/[^0-9a-f-]/g, '_')}`;
    case 'host':
      return `host=${row.hostName.toLowerCase().replace(/[^a-z0-9._-]/g, '_')}`;
  }
}

function list(values: readonly string[]): string {
  return values.length === 0 ? '-' : values.map(hexWord).join(',');
}

function hexWord(text: string | undefined): string {
  if (text === undefined) return '-';
  const safe = text.toLowerCase().replace(/[^0-9a-f:.]/g, '_');
  return safe === '' ? '_' : safe;
}

function words(text: string): string {
  const safe = text.replace(/[^A-Za-z0-9 ._-]/g, '_').trim();
  return safe === '' ? '_' : safe;
}
