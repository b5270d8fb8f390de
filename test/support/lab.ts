import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fleet, FleetApp, NodePool, PciDevice, VirtualMachineInstance } from '../../src';

/** The repository's root. */
export const ROOT = join(__dirname, '..', '..');

/** A folder of its own for one test. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'hostdev-test-'));
}

/** A fleet of one node with one drive handed over by address, without an inventory. */
export function smallFleet(app: FleetApp = new FleetApp({ outdir: temporaryFolder() })): {
  readonly app: FleetApp;
  readonly fleet: Fleet;
  readonly nvme: PciDevice;
  readonly pool: NodePool;
  readonly vm: VirtualMachineInstance;
} {
  const fleet = new Fleet(app, 'small', { nodePlatform: 'openshift', kubevirt: { version: '1.6' } });
  const nvme = new PciDevice(fleet, 'nvme', { selectors: ['8086:5845'], resourceName: 'devices.kubevirt.io/nvme' });
  const pool = new NodePool(fleet, 'storage', { nodes: ['node03'], cpuVendor: 'intel' });
  pool.passThrough(nvme, { addresses: ['0000:5e:00.0'], acknowledge: { 'pci/unknown-host-use': 'a spare drive' } });
  const vm = new VirtualMachineInstance(fleet, 'vmi-nvme', {
    node: 'node03',
    spec: { domain: { devices: {}, memory: { guest: '1Gi' } } },
  });
  vm.addHostDevice('nvme', nvme);
  return { app, fleet, nvme, pool, vm };
}
