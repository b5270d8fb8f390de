/*
 * The files that identical machines share, `hardware/NAME.yaml` in the folder of the inventories: each is read once, however many
 * nodes name it.
 */
import { posix } from 'node:path';
import { stamp, type PlacedDiagnostic } from '../diagnostics';
import { AMBIGUOUS_HARDWARE, HARDWARE_FOLDER, loadHardware, UNUSED_HARDWARE, type HardwareByName } from '../inventory';
import type { NodeHardware } from '../model';
import { placeAt, type Place } from '../source';
import { missingFile } from './read-documents';
import { resolvedPath, type TextStore } from './text-store';

/** The shared hardware of a folder of inventories. */
export class SharedHardware {
  readonly problems: PlacedDiagnostic[] = [];
  private readonly byName = new Map<string, NodeHardware | 'unreadable'>();
  private readonly named = new Set<string>();

  /** Reads everything there is; a folder without shared hardware has none. */
  constructor(store: TextStore, inventories: string, at: Place) {
    const isThere = store.namesIn(inventories)?.includes(HARDWARE_FOLDER) === true;
    const paths = isThere ? store.filesIn(resolvedPath(inventories, HARDWARE_FOLDER), /\.ya?ml$/) : [];
    for (const path of paths ?? []) {
      const source = store.source(path);
      if (source === undefined) {
        this.problems.push(missingFile(`hardware ${path}`, path, at));
        continue;
      }
      const { hardware, problems } = loadHardware(source);
      this.problems.push(...problems);
      const name = posix.basename(path).replace(/\.ya?ml$/, '');
      const first = this.byName.get(name);
      if (hardware !== undefined && first !== undefined) this.problems.push(secondFile(name, hardware, first));
      else if (hardware !== undefined && hardware.name !== name) this.problems.push(misnamed(name, hardware));
      if (first === undefined) this.byName.set(name, hardware ?? 'unreadable');
    }
  }

  /** The hardware of a name, which is used from now on. */
  readonly find: HardwareByName = (name) => {
    this.named.add(name);
    return this.byName.get(name);
  };

  /** Those that nobody has asked for. */
  unused(): readonly PlacedDiagnostic[] {
    return [...this.byName].flatMap(([name, hardware]) => {
      if (hardware === 'unreadable' || this.named.has(name)) return [];
      return [
        stamp(UNUSED_HARDWARE, {
          message: `no inventory names hardware ${name}`,
          primary: { at: nameOf(hardware), text: 'describes no node' },
          help: [`name it in an inventory as \`hardware: ${name}\`, or delete the file`],
        }),
      ];
    });
  }
}

function secondFile(name: string, second: NodeHardware, first: NodeHardware | 'unreadable'): PlacedDiagnostic {
  return stamp(AMBIGUOUS_HARDWARE, {
    message: `hardware ${name} has 2 files`,
    primary: { at: nameOf(second), text: 'described again' },
    secondary: first === 'unreadable' ? [] : [{ at: nameOf(first), text: 'first described here' }],
    help: ['delete one of the two'],
  });
}

function misnamed(name: string, hardware: NodeHardware): PlacedDiagnostic {
  return stamp(AMBIGUOUS_HARDWARE, {
    message: `the file of hardware ${name} calls itself ${hardware.name}`,
    primary: { at: nameOf(hardware), text: 'differs from the name of the file' },
    help: [`name the file ${hardware.name}.yaml, or correct the name in it`],
  });
}

function nameOf({ place }: NodeHardware): Place {
  return placeAt(place, 'metadata', 'name');
}
