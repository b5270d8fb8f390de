import type { Disk, EntryKind } from './disk';
import { folderOf, nameOf } from './tree-path';

type Listing =
  | { readonly kind: 'listed'; readonly entries: ReadonlyMap<string, EntryKind> }
  | { readonly kind: 'absent' }
  | { readonly kind: 'blocked'; readonly by: string };

/** What a path is. `blocked`: something above it is a file or a symbolic link, so that it cannot be reached within the root. */
export type Sight = { readonly kind: EntryKind | 'absent' } | { readonly kind: 'blocked'; readonly by: string };

/**
 * A tree as it was found: each folder that is asked about is listed once, from the root down, so that ten thousand files cost
 * as many system calls as they have folders, and no symbolic link is ever followed.
 */
export class TreeView {
  private readonly disk: Disk;
  private readonly root: string;
  private readonly listings = new Map<string, Listing>();

  /** Looks at nothing yet. */
  constructor(disk: Disk, root: string) {
    this.disk = disk;
    this.root = root;
  }

  /** What lies at a path below the root. */
  sightOf(path: string): Sight {
    const above = this.listingOf(folderOf(path));
    return above.kind === 'listed' ? { kind: above.entries.get(nameOf(path)) ?? 'absent' } : above;
  }

  /** What a folder holds, by name; nothing for what is no folder. The root is the empty text. */
  entriesOf(folder: string): ReadonlyMap<string, EntryKind> {
    const listing = this.listingOf(folder);
    return listing.kind === 'listed' ? listing.entries : new Map<string, EntryKind>();
  }

  /** The bytes of a file below the root, or undefined when it vanished since it was seen. */
  read(path: string): Buffer | undefined {
    return this.disk.read(`${this.root}/${path}`);
  }

  private listingOf(folder: string): Listing {
    let listing = this.listings.get(folder);
    if (listing === undefined) {
      listing = this.look(folder);
      this.listings.set(folder, listing);
    }
    return listing;
  }

  private look(folder: string): Listing {
    if (folder !== '') {
      const sight = this.sightOf(folder);
      if (sight.kind === 'absent' || sight.kind === 'blocked') return sight as Listing;
      if (sight.kind !== 'folder') return { kind: 'blocked', by: folder };
    }
    const entries = this.disk.list(folder === '' ? this.root : `${this.root}/${folder}`);
    return entries === undefined ? { kind: 'absent' } : { kind: 'listed', entries };
  }
}
