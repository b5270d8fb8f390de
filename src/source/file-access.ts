/** How the loader sees a file system: text by path, and names in a folder. Paths use `/` and are resolved by the caller. */
export interface FileAccess {
  /** The text of a file, or undefined when there is none that can be read. */
  readonly readText: (path: string) => string | undefined;
  /** The names in a folder, sorted by code unit, or undefined when there is no such folder. */
  readonly listFolder: (path: string) => readonly string[] | undefined;
  /**
   * What a folder is called when no link is on the way to it, so that one that leads back up is known as such.
   *
   * @default - as it is named
   */
  readonly realFolder?: (path: string) => string | undefined;
}
