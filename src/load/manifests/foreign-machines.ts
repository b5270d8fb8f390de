import { stamp, type PlacedDiagnostic } from '../../diagnostics';
import {
  isInstancetypeKind,
  isMachineSet,
  isVirtualMachineKind,
  jsonAt,
  type CurrentObject,
  type JsonValue,
  type VirtualMachine,
} from '../../model';
import { placeAt, type Place } from '../../source';
import { shortened } from '../check/words';
import type { FleetDocument } from '../document';
import { placedTexts } from '../entities/values';
import { DUPLICATE_VM_NAME, UNMATCHED_PATTERN } from '../problems';
import type { TextStore } from '../text-store';
import { filesMatching } from './find-files';
import { readManifestObjects } from './read-objects';
import { toVirtualMachines } from './virtual-machines';

/** VMs that are checked against a fleet and do not belong to it. */
export interface ForeignMachines {
  readonly machines: readonly VirtualMachine[];
  /** Instancetypes and preferences beside them. */
  readonly instancetypes: readonly CurrentObject[];
  readonly problems: readonly PlacedDiagnostic[];
}

/** The VMs in the files that `spec.manifests` of a fleet names. */
export function readForeignMachines(store: TextStore, document: FleetDocument): ForeignMachines {
  const problems: PlacedDiagnostic[] = [];
  const paths = new Set<string>();
  const patterns = placedTexts(jsonAt(document.value as JsonValue, 'spec', 'manifests'), (...path) =>
    document.placeOf(`/spec/manifests/${path.join('/')}`),
  );
  for (const { text, place } of patterns) {
    const found = text === '' ? [] : filesMatching(store, document.folder, text);
    if (found.length === 0) problems.push(unmatched(text, place));
    for (const path of found) paths.add(path);
  }
  const [first] = patterns;
  if (first === undefined || paths.size === 0) return { machines: [], instancetypes: [], problems };
  const read = readManifestObjects(store, [...paths].sort(), first.place);
  const objects = read.objects.filter(({ kind }) => isVirtualMachineKind(kind));
  const instancetypes = read.objects.filter(({ kind }) => isInstancetypeKind(kind));
  return { machines: toVirtualMachines(objects), instancetypes, problems: [...problems, ...read.problems] };
}

function unmatched(text: string, at: Place): PlacedDiagnostic {
  return stamp(UNMATCHED_PATTERN, {
    message: `${shortened(text)} matches no file`,
    primary: { at, text: 'brings no VM into the check' },
    help: ['correct the pattern, or remove it'],
  });
}

/**
 * What no two VMs have in common. A VirtualMachine makes an instance of its own name, so these two kinds share their names; a pool or
 * a replica set makes VMs of other names.
 */
export function machineIdentity({ kind, namespace, name }: VirtualMachine): string {
  return `${isMachineSet(kind) ? kind : 'VirtualMachine'} ${namespace}/${name}`;
}

/**
 * Those of some VMs that are none of the fleet's own: one with the name of an own VM is the same object, which is an error.
 */
export function besideOwn(own: readonly VirtualMachine[], foreign: ForeignMachines): ForeignMachines {
  if (foreign.machines.length === 0) return foreign;
  const ownByName = new Map(own.map((machine) => [machineIdentity(machine), machine]));
  const problems = [...foreign.problems];
  const machines = foreign.machines.filter((machine) => {
    const same = ownByName.get(machineIdentity(machine));
    if (same === undefined) return true;
    problems.push(
      stamp(DUPLICATE_VM_NAME, {
        message: `VM ${same.id} is ${shortened(machine.id)}, and so is a VM in \`manifests\``,
        primary: { at: placeAt(machine.place, 'metadata', 'name'), text: 'names the same object' },
        secondary: [{ at: same.place, text: 'the VM of the fleet' }],
      }),
    );
    return false;
  });
  return { machines, instancetypes: foreign.instancetypes, problems };
}
