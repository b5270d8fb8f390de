/*
 * An inventory as differences from shared hardware, so that `applyDifferences` makes the same inventory of them again, and the
 * hardware that a first machine of its kind gives.
 */
import {
  pciClassFamily,
  type HardwareFacts,
  type NodeHardware,
  type NodeInventory,
  type PciFunction,
} from '../../model';
import type { Place } from '../../source';
import { DIFFERING_KEYS, SHARED_FACT_KEYS } from '../inventory-document';
import { UNKNOWN_MACHINE, type MachineFacts } from '../machine-facts';
import { UNKNOWN_FUNCTION } from '../unknown-function';
import type { FunctionDifference, InventoryDifferences } from './apply-differences';

/** What an inventory says that its hardware does not, and what it does not know that its hardware does. */
export function findDifferences(inventory: NodeInventory, hardware: NodeHardware): InventoryDifferences {
  const differing = SHARED_FACT_KEYS.filter((key) => !isSame(inventory[key], hardware[key]));
  const facts: MachineFacts = {
    ...UNKNOWN_MACHINE,
    productUuid: inventory.productUuid,
    hostName: inventory.hostName,
    ...Object.fromEntries(differing.map((key) => [key, inventory[key]])),
  };
  const shared = new Map(hardware.functions.map((fact) => [fact.address, fact]));
  const own = new Set(inventory.functions.map(({ address }) => address));
  return {
    facts,
    unknown: differing.filter((key) => inventory[key] === undefined),
    functions: [
      ...inventory.functions.flatMap((fact) => differenceOf(fact, shared.get(fact.address))),
      ...hardware.functions
        .filter(({ address }) => !own.has(address))
        .map(({ address, place }): FunctionDifference => {
          return {
            fact: { ...UNKNOWN_FUNCTION, address, place },
            isAdded: false,
            isRemoved: true,
            unknown: [],
          };
        }),
    ],
  };
}

function differenceOf(fact: PciFunction, base: PciFunction | undefined): FunctionDifference[] {
  if (base === undefined) return [{ fact, isAdded: true, isRemoved: false, unknown: [] }];
  const differing = DIFFERING_KEYS.filter((key) => !isSame(fact[key], base[key]));
  if (differing.length === 0) return [];
  const stated = Object.fromEntries(differing.map((key) => [key, fact[key]]));
  return [
    {
      fact: { ...UNKNOWN_FUNCTION, ...stated, address: fact.address, place: fact.place },
      isAdded: false,
      isRemoved: false,
      unknown: differing.filter((key) => fact[key] === undefined),
    },
  ];
}

/**
 * The hardware that further machines may share with this one. What is one machine's own stays with its node: serials, kernel
 * arguments, which name the root disk, and that the host does not use a disk or a NIC, which nobody has looked at on the next machine.
 */
export function sharedHardware(name: string, inventory: NodeInventory, place: Place): NodeHardware {
  const facts: Omit<HardwareFacts, 'functions'> = {
    cpuVendor: inventory.cpuVendor,
    architecture: inventory.architecture,
    kernelRelease: inventory.kernelRelease,
    kernelArguments: undefined,
    iommuEnabled: inventory.iommuEnabled,
    vfioPciBuiltIn: inventory.vfioPciBuiltIn,
    vfioDeviceCdev: inventory.vfioDeviceCdev,
    numaNodes: inventory.numaNodes,
    usbDevices: inventory.usbDevices?.some(({ serial }) => serial !== undefined) ? undefined : inventory.usbDevices,
  };
  return { name, place, ...facts, functions: inventory.functions.map(sharedFunction) };
}

function sharedFunction(fact: PciFunction): PciFunction {
  const family = fact.class === undefined ? undefined : pciClassFamily(fact.class);
  const isHarmless = family !== undefined && family !== 'storage' && family !== 'network';
  const isUnused = fact.hostUse?.length === 0;
  return { ...fact, serial: undefined, hostUse: isUnused && !isHarmless ? undefined : fact.hostUse };
}

function isSame(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  // where a fact stands says nothing about it
  keys.delete('place');
  return [...keys].every((key) => isSame(ownValue(left, key), ownValue(right, key)));
}

function ownValue(object: object, key: string): unknown {
  return Object.hasOwn(object, key) ? (object as Readonly<Record<string, unknown>>)[key] : undefined;
}
