/*
 * A captured sysfs tree to a machine. What is there is read, what is missing is unknown: real captures leave out most of a
 * machine. Only of the collector's own archive it is known that nothing was left out.
 */
import { stamp, type PlacedDiagnostic } from '../../diagnostics';
import { pciClassFamily, type PciFunction } from '../../model';
import type { Place } from '../../source';
import { CapturedTree } from '../capture/captured-tree';
import { findMachine } from '../capture/find-machine';
import type { TreeSource } from '../capture/tree-source';
import type { HardwareReading } from '../hardware-reading';
import { UNKNOWN_MACHINE } from '../machine-facts';
import { NO_FUNCTION, SPARSE_FUNCTIONS, UNREADABLE_CAPTURE, UNREADABLE_FUNCTION, UNSEEN_HOST_USE } from '../problems';
import { counted, listedNames, shown } from '../wording';
import { readHostUse } from './host-use';
import { COLLECTED, readMachine } from './machine';
import { readPciFunctions } from './pci-functions';

const TAKE_IT = 'take a capture on the node with the program that `hostdev import --collector` prints';

/**
 * Reads the machine of a tree. Never throws: what cannot be read becomes a diagnostic, and a tree without a function an error.
 *
 * @param file - the capture as shown to the user
 */
export function readSysfs(file: string, source: TreeSource): HardwareReading {
  const place: Place = { kind: 'file', file };
  const machine = findMachine(source);
  if (!machine.ok)
    return { functions: [], machine: UNKNOWN_MACHINE, problems: [unreadableCapture(place, machine.reason)] };
  const tree = new CapturedTree(machine.value);
  const isWhole = tree.has(`${COLLECTED}/collector`);
  const { functions, strangers } = readPciFunctions(tree, place, isWhole);
  const withUse = readHostUse(tree, functions);
  const problems = [
    ...(functions.length === 0 && strangers.length === 0 ? [noFunction(place)] : []),
    ...unreadableNames(place, strangers),
    ...sparseFunctions(place, functions),
    ...unseenHostUse(place, withUse.functions, withUse.gaps),
  ];
  return { functions: withUse.functions, machine: readMachine(tree, isWhole), problems };
}

/** What there is to say of a capture that is no machine. */
export function unreadableCapture(at: Place, reason: string, help: string = TAKE_IT): PlacedDiagnostic {
  return stamp(UNREADABLE_CAPTURE, {
    message: 'the capture cannot be read',
    primary: { at, text: reason },
    help: [help],
  });
}

function noFunction(at: Place): PlacedDiagnostic {
  return stamp(NO_FUNCTION, {
    message: 'the capture holds no PCI function',
    primary: { at, text: '`sys/bus/pci/devices` is empty' },
    help: [TAKE_IT],
  });
}

function unreadableNames(at: Place, strangers: readonly string[]): PlacedDiagnostic[] {
  const [first] = strangers;
  if (first === undefined) return [];
  return [
    stamp(UNREADABLE_FUNCTION, {
      message:
        strangers.length === 1
          ? 'a PCI function is named in a form that cannot be read'
          : `${strangers.length} PCI functions are named in a form that cannot be read`,
      primary: { at, text: `${shown(first)} is not a PCI address` },
      help: [TAKE_IT],
    }),
  ];
}

function sparseFunctions(at: Place, functions: readonly PciFunction[]): PlacedDiagnostic[] {
  const without = functions.filter(({ id }) => id === undefined);
  if (without.length === 0) return [];
  return [
    stamp(SPARSE_FUNCTIONS, {
      message: `the capture shows no ids of ${counted(without.length, 'PCI function')}`,
      primary: { at, text: shown(`no ids of ${listedNames(without.map(({ address }) => address))}`, 60) },
      notes: ['virt-handler and device plugins compare ids'],
      help: [TAKE_IT],
    }),
  ];
}

function unseenHostUse(at: Place, functions: readonly PciFunction[], gaps: readonly string[]): PlacedDiagnostic[] {
  const unknown = functions.filter((fact) => {
    const family = fact.class === undefined ? undefined : pciClassFamily(fact.class);
    return fact.hostUse === undefined && (family === 'storage' || family === 'network');
  });
  if (unknown.length === 0 || gaps.length === 0) return [];
  return [
    stamp(UNSEEN_HOST_USE, {
      message: `the host use of ${counted(unknown.length, 'storage or network function')} is not known`,
      primary: { at, text: shown(`not known of ${listedNames(unknown.map(({ address }) => address))}`, 60) },
      notes: [...gaps],
      help: [TAKE_IT],
    }),
  ];
}
