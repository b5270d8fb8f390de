/*
 * sys/bus/pci/devices to PCI functions. A file or a link that is missing means nothing: captures leave out what they like. Only
 * of the collector's archive it is known that what is missing is missing on the machine.
 */
import {
  compareBdfAddress,
  parseBdfAddress,
  parsePciClass,
  parsePciId,
  type BdfAddress,
  type Parsed,
  type PciClass,
  type PciFunction,
  type PciId,
  type ReservedRegion,
} from '../../model';
import type { Place } from '../../source';
import type { CapturedTree } from '../capture/captured-tree';
import { functionsOnPath, hexAttribute, integerAttribute } from './attributes';
import { configByte, configWord, deviceSerialNumber } from './pci-config';
import { readCurrentVgpuType, readMdevTypes, readVgpuTypes } from './vgpu-types';

/** The functions of a capture, and what stands among them that is none. */
export interface CapturedFunctions {
  /** By address. What the host uses them for is not asked here. */
  readonly functions: readonly PciFunction[];
  /** Names in `sys/bus/pci/devices` that are no addresses. */
  readonly strangers: readonly string[];
}

const DEVICES = 'sys/bus/pci/devices';
const GROUPS = 'sys/kernel/iommu_groups';

/**
 * Reads every function of the tree.
 *
 * @param isWhole - whether nothing was left out, so that a missing link is known to be missing on the machine
 */
export function readPciFunctions(tree: CapturedTree, place: Place, isWhole: boolean): CapturedFunctions {
  const names = tree.names(DEVICES);
  const functions: PciFunction[] = [];
  const strangers: string[] = [];
  for (const name of names) {
    const address = parseBdfAddress(name);
    if (!address.ok || address.value !== name) strangers.push(name);
    else functions.push(readFunction(tree, address.value, place, isWhole));
  }
  return { functions: functions.sort((a, b) => compareBdfAddress(a.address, b.address)), strangers };
}

function readFunction(tree: CapturedTree, address: BdfAddress, place: Place, isWhole: boolean): PciFunction {
  const folder = `${DEVICES}/${address}`;
  const at = (name: string): string => `${folder}/${name}`;
  const config = tree.bytes(at('config')) ?? new Uint8Array();
  const group = iommuGroupOf(tree, folder);
  return {
    address,
    class: classOf(tree, folder, config),
    id: idOf(tree, folder, config, 'vendor', 'device', 0x00),
    subsystem: subsystemOf(tree, folder, config),
    revision: hexAttribute(tree, at('revision'), 2) ?? configByte(config, 0x08),
    name: undefined,
    serial: serialOf(tree, folder) ?? deviceSerialNumber(config),
    driver: driverOf(tree, folder, isWhole),
    driverVersion: tree.line(at('driver/module/version')),
    iommuGroup: group ?? (isWhole && tree.hasFolder(GROUPS) ? null : undefined),
    reservedRegions: group === undefined ? undefined : reservedRegionsOf(tree, group),
    numaNode: atLeast(integerAttribute(tree, at('numa_node')), -1),
    bridges: bridgesAbove(tree.real(folder) ?? '', address),
    resetMethods: tree
      .text(at('reset_method'))
      ?.split(/\s+/)
      .filter((method) => method !== ''),
    totalVfs: atLeast(integerAttribute(tree, at('sriov_totalvfs')), 0),
    numVfs: atLeast(integerAttribute(tree, at('sriov_numvfs')), 0),
    physicalFunction: parsed(parseBdfAddress, tree.linkName(at('physfn'))),
    mdevTypes: readMdevTypes(tree, folder, isWhole),
    vgpuTypes: readVgpuTypes(tree, folder),
    currentVgpuType: readCurrentVgpuType(tree, folder, isWhole),
    bootVga: flagOf(tree.line(at('boot_vga'))),
    hostUse: undefined,
    place,
  };
}

function classOf(tree: CapturedTree, folder: string, config: Uint8Array): PciClass | undefined {
  const code = configWord(config, 0x0a);
  const programming = configByte(config, 0x09);
  const fromConfig = code === undefined || programming === undefined ? undefined : code + programming;
  return parsed(parsePciClass, hexAttribute(tree, `${folder}/class`, 6) ?? fromConfig);
}

function idOf(
  tree: CapturedTree,
  folder: string,
  config: Uint8Array,
  vendor: string,
  device: string,
  offset: number,
): PciId | undefined {
  const left = hexAttribute(tree, `${folder}/${vendor}`, 4) ?? configWord(config, offset);
  const right = hexAttribute(tree, `${folder}/${device}`, 4) ?? configWord(config, offset + 2);
  return left === undefined || right === undefined ? undefined : parsed(parsePciId, `${left}:${right}`);
}

function subsystemOf(tree: CapturedTree, folder: string, config: Uint8Array): PciId | undefined {
  // a bridge has other things at this offset
  const ownConfig = ((config[0x0e] ?? 1) & 0x7f) === 0 ? config : new Uint8Array();
  const id = idOf(tree, folder, ownConfig, 'subsystem_vendor', 'subsystem_device', 0x2c);
  return id === '0000:0000' || id === 'ffff:ffff' ? undefined : id;
}

/** A disk's serial is what people find on its label; both are compared by the program on the node. */
function serialOf(tree: CapturedTree, folder: string): string | undefined {
  for (const controller of tree.names(`${folder}/nvme`)) {
    const serial = tree.line(`${folder}/nvme/${controller}/serial`);
    if (serial !== undefined) return serial;
  }
  return undefined;
}

/** The link, or the kernel's own words: an event names the driver where one is bound. */
function driverOf(tree: CapturedTree, folder: string, isWhole: boolean): string | null | undefined {
  const linked = tree.linkName(`${folder}/driver`);
  if (linked !== undefined) return linked;
  const event = tree.lines(`${folder}/uevent`);
  const named = event.find((line) => line.startsWith('DRIVER='))?.slice('DRIVER='.length);
  return named ?? (isWhole || event.length > 0 ? null : undefined);
}

function iommuGroupOf(tree: CapturedTree, folder: string): number | undefined {
  const name = tree.linkName(`${folder}/iommu_group`) ?? '';
  // vfio's unsafe mode makes groups that no IOMMU stands behind
  if (tree.line(`${GROUPS}/${name}/name`) === 'vfio-noiommu') return undefined;
  return /^\d{1,9}$/.test(name) ? Number(name) : undefined;
}

function reservedRegionsOf(tree: CapturedTree, group: number): readonly ReservedRegion[] | undefined {
  const path = `${GROUPS}/${group}/reserved_regions`;
  if (!tree.has(path)) return undefined;
  return tree.lines(path).flatMap((line): ReservedRegion[] => {
    const [, start, end, type] = /^0x([0-9a-f]{1,16}) 0x([0-9a-f]{1,16}) ([a-z-]{1,40})$/.exec(line.trim()) ?? [];
    if (start === undefined || end === undefined || type === undefined || type === 'msi') return [];
    return [{ type, start: busAddress(start), end: busAddress(end) }];
  });
}

function busAddress(digits: string): string {
  return `0x${digits.replace(/^0+(?=.)/, '')}`;
}

function bridgesAbove(path: string, address: BdfAddress): readonly BdfAddress[] | undefined {
  // where the capture has a folder in place of the link, the path does not show what is above
  const isBelowRoot = path.split('/').some((part) => /^pci[0-9a-f]{4,8}:[0-9a-f]{2}$/.test(part));
  if (!isBelowRoot || !path.startsWith('sys/devices/')) return undefined;
  return functionsOnPath(path).filter((above) => above !== address);
}

function flagOf(text: string | undefined): boolean | undefined {
  return text === '1' ? true : text === '0' ? false : undefined;
}

function atLeast(value: number | undefined, least: number): number | undefined {
  return value === undefined || value < least ? undefined : value;
}

function parsed<T>(parse: (text: string) => Parsed<T>, text: string | undefined): T | undefined {
  const value = text === undefined ? undefined : parse(text);
  return value?.ok === true ? value.value : undefined;
}
