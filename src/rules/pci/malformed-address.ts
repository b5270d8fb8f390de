import { parseBdfAddress, parsePciId, repairedBdfAddress, type DeclaredAddress } from '../../model';
import type { Place } from '../../source';
import { exampleFleet } from '../example';
import { defineRule, type FleetFinding } from '../rule';
import { fitting, fittingLabel } from '../words';

export const malformedAddress = defineRule({
  code: 'PCI116',
  slug: 'pci/malformed-address',
  severity: 'error',
  suppressible: false,
  needs: [],
  summary: 'a PCI address is not written as sysfs spells it',
  why: `
Addresses are names of folders in sysfs: domain, bus, device and function in hexadecimal, \`0000:65:00.0\`. A node has no folder of
another name, so nothing is bound, or nothing protected. The short form \`65:00.0\` leaves open which domain is meant, and YAML 1.1
readers take it for the number 3900. A companion may also be an id, \`10de:10f7\`.`,
  sources: [
    { claim: 'the form of an address in sysfs', url: 'https://docs.kernel.org/6.12/PCI/sysfs-pci.html' },
    { claim: '`65:00.0` is a number in base 60', url: 'https://yaml.org/type/float.html' },
  ],
  examples: {
    bad: [
      {
        name: 'without its domain',
        yaml: exampleFleet(`
devices:
  nvme: { pci: ["8086:5845"], resourceName: example.com/nvme }
nodePools:
  storage: { nodes: [node03], cpuVendor: intel, passthrough: [{ device: nvme, addresses: [«"5e:00.0"»] }] }
`),
      },
      {
        name: 'a host use that protects nothing',
        yaml: exampleFleet(`
nodePools:
  storage: { nodes: [node03], hostUse: [{ addresses: [«"0000.5e:00.0"»], reason: Ceph OSD }] }
`),
      },
    ],
    good: [
      {
        name: 'domain first',
        yaml: exampleFleet(`
devices:
  nvme: { pci: ["8086:5845"], resourceName: example.com/nvme }
nodePools:
  storage: { nodes: [node03], cpuVendor: intel, passthrough: [{ device: nvme, addresses: ["0000:5E:00.0"] }] }
`),
      },
    ],
  },
  *check({ fleet }) {
    for (const pool of fleet.nodePools) {
      for (const { addresses, companions } of pool.passthrough) {
        const listed =
          addresses.kind === 'every-node'
            ? addresses.addresses
            : addresses.kind === 'by-node'
              ? addresses.byNode.flatMap((entry) => entry.addresses)
              : [];
        yield* listed.flatMap(ofAddress);
        for (const { text, place } of companions ?? []) {
          if (!parseBdfAddress(text).ok && !parsePciId(text).ok) yield malformed(text, place);
        }
      }
      yield* pool.hostUse.flatMap(({ addresses }) => addresses.flatMap(ofAddress));
    }
  },
});

function ofAddress({ address, text, place }: DeclaredAddress): FleetFinding[] {
  return address === undefined ? [malformed(text, place)] : [];
}

function malformed(text: string, place: Place): FleetFinding {
  const parsed = parseBdfAddress(text);
  const repaired = repairedBdfAddress(text);
  return {
    message: fitting(`${text} is not a PCI address`, 'a text is not a PCI address'),
    primary: { at: place, text: fittingLabel(parsed.ok ? 'not an address' : parsed.reason, 'expected `0000:65:00.0`') },
    fixes:
      repaired === undefined
        ? []
        : [{ title: 'write the whole address', safe: false, edits: [{ at: place, text: `"${repaired}"` }] }],
  };
}
