import type { PlacedDiagnostic } from '../diagnostics';

/** A part of a fleet of which something may be missing from the model, because what is written there could not be read. */
export type FleetPart = 'cluster' | 'devices' | 'nodePools' | 'virtualMachines' | 'inventory' | 'current';

const ALL: readonly FleetPart[] = ['cluster', 'devices', 'nodePools', 'virtualMachines', 'inventory', 'current'];

/**
 * The parts that errors of the loader leave incomplete: those below `spec` that they point into, the inventory for errors of an
 * inventory file, all of them for a text that is no proper YAML. What is missing there may be all that stands between the model and
 * what its author wrote: rules that report something as absent from such a part would repeat the error in other words.
 */
export function unreadParts(problems: readonly PlacedDiagnostic[]): ReadonlySet<FleetPart> {
  return new Set(problems.filter(({ severity }) => severity === 'error').flatMap(partsOf));
}

function partsOf({ code, primary: { at } }: PlacedDiagnostic): readonly FleetPart[] {
  if (code.startsWith('INV')) return ['inventory'];
  switch (at.kind) {
    case 'range':
    case 'file':
      return ALL;
    case 'code':
      return [];
    case 'document': {
      const [, root, section, key] = at.pointer.split('/');
      // the name of an inventory, which has to be that of its file
      if (root === 'metadata') return ['inventory'];
      if (section === 'cluster') return key === 'current' ? ['current'] : ['cluster'];
      if (root === 'spec' && section !== undefined) return ALL.filter((part) => part === section);
      return ALL;
    }
  }
}
