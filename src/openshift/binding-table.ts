/*
 * The table of hostdev's own bind program, read back: what MachineConfigs that hostdev wrote bind by address on which nodes.
 */
import { parseBdfAddress, parsePciId, type BdfAddress, type PciId } from '../model';
import type { Place } from '../source';
import { effectiveFiles, type MachineConfigPool } from './machine-config-pools';

/** Where the table is on a node. */
export const BINDING_TABLE_PATH = '/etc/hostdev/bindings';

/** One line of the table. */
export interface BoundAddress {
  /** Which node it is for: every one, or the one with this DMI product UUID or host name, in lower case. */
  readonly scope: { readonly kind: 'any' } | { readonly kind: 'uuid' | 'host'; readonly value: string };
  readonly address: BdfAddress;
  /** Accepted alternatives; empty: not compared. */
  readonly ids: readonly PciId[];
  /** Vendor and device, the class, and the serial as the table spells it; undefined: not compared. */
  readonly subsystem: string | undefined;
  readonly class: string | undefined;
  readonly serial: string | undefined;
  /** Whether functions of the same slot are bound along with it. */
  readonly takesCompanions: boolean;
  /** Where the table is written. */
  readonly place: Place;
}

/**
 * The lines of the table that the nodes of a pool get; the last MachineConfig that writes it counts. A line that the program would refuse
 * is passed over: it binds nothing.
 */
export function boundAddresses(pool: Pick<MachineConfigPool, 'configs'>): BoundAddress[] {
  const file = effectiveFiles(pool).find(({ path }) => path === BINDING_TABLE_PATH);
  if (file?.text === undefined) return [];
  return file.text.split('\n').flatMap((line) => readLine(line, file.place));
}

/** `uuid=4c4c4544-… 0000:5e:00.0 8086:5845 - 0108 - - nvme`: eight fields, apart by one blank. */
function readLine(line: string, place: Place): BoundAddress[] {
  if (line.startsWith('#')) return [];
  const [scopeText = '', addressText = '', idsText = '', subsystem, functionClass, serial, companions = ''] =
    line.split(' ');
  const scope = readScope(scopeText);
  const address = parseBdfAddress(addressText);
  if (scope === undefined || !address.ok) return [];
  const ids = idsText.split(',').flatMap((text) => {
    const id = parsePciId(text);
    return id.ok ? [id.value] : [];
  });
  return [
    {
      scope,
      address: address.value,
      ids,
      subsystem: compared(subsystem),
      class: compared(functionClass),
      serial: compared(serial),
      takesCompanions: /^[0-9a-f]/.test(companions),
      place,
    },
  ];
}

function compared(field: string | undefined): string | undefined {
  return field === '-' ? undefined : field;
}

function readScope(text: string): BoundAddress['scope'] | undefined {
  if (text === 'any') return { kind: 'any' };
  const equals = text.indexOf('=');
  const [kind, value] = [text.slice(0, Math.max(equals, 0)), text.slice(equals + 1).toLowerCase()];
  return (kind === 'uuid' || kind === 'host') && value !== '' ? { kind, value } : undefined;
}

/**
 * Whether a line of the table is for a node, as the program compares there: DMI's UUID, which kubelet reports as `systemUUID`, or the host
 * name.
 */
export function isForNode(
  scope: BoundAddress['scope'],
  node: { readonly uuids: readonly (string | undefined)[]; readonly hosts: readonly (string | undefined)[] },
): boolean {
  if (scope.kind === 'any') return true;
  const known = scope.kind === 'uuid' ? node.uuids : node.hosts;
  return known.some((one) => one?.toLowerCase() === scope.value);
}
