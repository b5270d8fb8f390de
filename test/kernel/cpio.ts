import type { GuestFile } from './guest';

/** A newc archive of files, with the folders above them: what the kernel unpacks after the initramfs. */
export function cpio(files: readonly GuestFile[]): Buffer {
  const parts: Buffer[] = [];
  const folders = new Set<string>();
  let inode = 0;
  const add = (name: string, mode: number, data: Buffer): void => {
    const fields = [++inode, mode, 0, 0, 1, 0, data.length, 0, 0, 0, 0, Buffer.byteLength(name) + 1, 0];
    const header = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}${name}\0`;
    parts.push(padded(Buffer.from(header)), padded(data));
  };
  for (const { path, mode, text } of files) {
    const names = path.replace(/^\/+/, '').split('/');
    for (let depth = 1; depth < names.length; depth++) {
      const folder = names.slice(0, depth).join('/');
      if (!folders.has(folder)) add(folder, 0o040755, Buffer.alloc(0));
      folders.add(folder);
    }
    add(names.join('/'), 0o100000 | mode, Buffer.from(text));
  }
  add('TRAILER!!!', 0, Buffer.alloc(0));
  return Buffer.concat(parts);
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}
