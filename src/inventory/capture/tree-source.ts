/** What stands at one path of a captured tree. */
export type TreeEntry =
  | {
      readonly kind: 'file';
      /** What it holds; undefined when it cannot be read. */
      readonly bytes: () => Uint8Array | undefined;
    }
  | {
      readonly kind: 'link';
      /** As it was made: `../../../devices/pci0000:00/0000:00:02.0`. */
      readonly target: string;
    }
  | {
      readonly kind: 'folder';
      /** The names in it, in any order. */
      readonly names: () => readonly string[];
    };

/**
 * Files, folders and links by path, from wherever: an archive, a folder on the disk. Paths are relative, with `/` and without
 * `.` and `..`; the top is the empty text. Nobody follows a link here.
 */
export interface TreeSource {
  /** What stands at a path, or undefined when nothing does. Asking costs a walk of the disk at most. */
  readonly entry: (path: string) => TreeEntry | undefined;
}
