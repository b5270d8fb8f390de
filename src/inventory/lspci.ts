/*
 * Text from lspci to PCI functions. The forms of -nn, -nnk, -nnv and -vvvnn are one language with more or fewer words, and a
 * file may mix them: what a function's own lines do not show is unknown for that function.
 *
 * The one thing that is read from a missing line is that no driver was bound. lspci prints the driver, where there is one,
 * in front of the modules, so the line was left out on purpose when the text shows drivers elsewhere and this function's
 * lines are there to their end. Where a filter or a cut took lines away, nothing follows from a missing one.
 *
 * The vendor of the CPU is not read off a host bridge: it is not what lspci shows.
 */
import { type BdfAddress, compareBdfAddress, type PciFunction } from '../model';
import type { SourceFile } from '../source';
import type { HardwareReading } from './hardware-reading';
import { splitListing, type LspciBlock } from './lspci-listing';
import {
  cutOffText,
  listedTwice,
  misprints,
  missingIds,
  noFunction,
  partialListing,
  strayText,
  unlistedFunctions,
  unreadableLines,
} from './lspci-findings';
import { UNKNOWN_MACHINE } from './machine-facts';
import { mergeSightings } from './merge-sightings';
import { physicalFunctions } from './virtual-functions';

/**
 * Reads the functions of a text that lspci printed: `lspci -Dnn`, `-nn`, `-nnk`, `-nnv`, `-vvvnn`, `-n`, or several below
 * each other. The domain is 0000 where lspci left it out. Never throws: what cannot be read becomes a diagnostic at its
 * line, and a text without a function an error.
 *
 * @see https://github.com/pciutils/pciutils/blob/001b9ac6d7b706a223faa7d2dd1bd7d50393e2c9/lspci.c for the forms
 * @see https://github.com/pciutils/pciutils/blob/17ec7e70ea71a3ccbccf9f3b9cfe846eb1200e0d/ls-kernel.c for driver and modules
 */
export function readLspci(source: SourceFile): HardwareReading {
  const listing = splitListing(source);
  if (listing.blocks.length === 0) {
    const unreadable = unreadableLines(listing);
    return {
      functions: [],
      machine: UNKNOWN_MACHINE,
      problems: unreadable.length > 0 ? unreadable : [noFunction(source)],
    };
  }
  const showsDrivers = !listing.isFiltered && listing.blocks.some(({ details }) => details.driver !== undefined);
  const sightings = new Map<BdfAddress, PciFunction[]>();
  const physicalByVirtual = physicalFunctions(
    listing.blocks.map(({ headline: { address, id }, details: { sriov } }) => ({ address, id, sriov })),
  );
  for (const block of listing.blocks) {
    const { address } = block.headline;
    const sighting = toFunction(block, showsDrivers, physicalByVirtual.get(address));
    const others = sightings.get(address);
    if (others === undefined) sightings.set(address, [sighting]);
    else others.push(sighting);
  }
  const { functions, contradictions } = mergeSightings([...sightings.values()]);
  const sorted = [...functions].sort((a, b) => compareBdfAddress(a.address, b.address));
  const problems = [
    ...unreadableLines(listing),
    ...contradictions,
    ...misprints(listing),
    ...(contradictions.length === 0 ? listedTwice([...sightings.values()]) : []),
    ...missingIds(sorted, listing),
    ...strayText(listing),
    ...cutOffText(listing),
    ...unlistedFunctions(listing),
    ...partialListing(sorted),
  ];
  return { functions: sorted, machine: UNKNOWN_MACHINE, problems };
}

function toFunction(block: LspciBlock, showsDrivers: boolean, physicalFunction: BdfAddress | undefined): PciFunction {
  const { headline, details, span, isEnded } = block;
  const isKnownUnbound = showsDrivers && details.isPresent && (details.showsModules || isEnded);
  return {
    address: headline.address,
    class: headline.class,
    id: headline.id,
    subsystem: details.subsystem,
    revision: headline.revision,
    name: headline.name,
    serial: undefined,
    driver: details.driver ?? (isKnownUnbound ? null : undefined),
    driverVersion: undefined,
    iommuGroup: details.iommuGroup,
    reservedRegions: undefined,
    numaNode: details.numaNode,
    bridges: undefined,
    resetMethods: undefined,
    totalVfs: details.sriov?.totalVfs,
    numVfs: details.sriov?.numVfs,
    physicalFunction,
    mdevTypes: undefined,
    vgpuTypes: undefined,
    currentVgpuType: undefined,
    bootVga: undefined,
    hostUse: undefined,
    place: { kind: 'range', span },
  };
}
