import type { PlacedDiagnostic } from '../diagnostics';
import type { PciFunction } from '../model';
import type { SourceFile } from '../source';

/** What one source of hardware facts shows. */
export interface HardwareReading {
  /** PCI functions in the order of their addresses, each once. */
  readonly functions: readonly PciFunction[];
  /** What could not be read, or only with a doubt. */
  readonly problems: readonly PlacedDiagnostic[];
}

/**
 * Reads one kind of source: text from lspci, and whatever else shows the hardware of a machine. It never throws; what the
 * source does not show is undefined in the functions.
 */
export type HardwareReader = (source: SourceFile) => HardwareReading;
