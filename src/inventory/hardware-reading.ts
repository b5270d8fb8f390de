import type { PlacedDiagnostic } from '../diagnostics';
import type { PciFunction } from '../model';
import type { MachineFacts } from './machine-facts';

/** What one source of hardware facts shows. */
export interface HardwareReading {
  /** PCI functions in the order of their addresses, each once. */
  readonly functions: readonly PciFunction[];
  readonly machine: MachineFacts;
  /** What could not be read, or only with a doubt. */
  readonly problems: readonly PlacedDiagnostic[];
}
