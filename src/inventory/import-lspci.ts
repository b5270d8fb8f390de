import type { SourceFile } from '../source';
import { importHardware, type ImportedInventory, type ImportTarget } from './import-hardware';
import { readLspci } from './lspci';

/** What is imported, for whom, and over what. */
export interface LspciImport extends ImportTarget {
  /** What lspci printed. */
  readonly source: SourceFile;
}

/** Makes a node's inventory file from text that lspci printed; see {@link importHardware} for what becomes of a file there. */
export function importLspci({ source, ...target }: LspciImport): ImportedInventory {
  return importHardware(source.path, target, () => readLspci(source));
}
