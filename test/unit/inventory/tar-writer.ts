/* Archives for tests, header by header, so that damaged ones can be made too. */
const BLOCK = 512;

/** One entry: a file by default. */
export interface TarEntry {
  readonly name: string;
  readonly type?: string;
  readonly link?: string;
  readonly text?: string;
  /** `ustar` fills the front part of the name, `gnu` leaves it alone. */
  readonly format?: 'ustar' | 'gnu';
  readonly prefix?: string;
}

/** The archive with its two empty blocks at the end. */
export function tarOf(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.map(entryBytes), Buffer.alloc(2 * BLOCK)]);
}

/** A pax record with its own length in front. */
export function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = Buffer.byteLength(rest) + 1;
  while (Buffer.byteLength(`${length}${rest}`) !== length) length++;
  return `${length}${rest}`;
}

function entryBytes({ name, type = '0', link = '', text = '', format = 'ustar', prefix = '' }: TarEntry): Buffer {
  const content = Buffer.from(text);
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0, 100);
  header.write('0000644\0', 100);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write(type, 156);
  header.write(link, 157, 100);
  header.write(format === 'ustar' ? 'ustar\x0000' : 'ustar  \0', 257);
  if (format === 'ustar') header.write(prefix, 345, 155);
  else header.write('15000000000\0', 345);
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)]);
}
