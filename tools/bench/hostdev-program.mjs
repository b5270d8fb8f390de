// One measured process: the fleet through constructs, from the first construct to the last byte on disk.
// usage: node hostdev-program.mjs NODES MACHINES INVENTORY OUTDIR [no-write]
import { createRequire } from 'node:module';
import { benchFleet } from './fleet.mjs';

const require = createRequire(import.meta.url);
const { Fleet, FleetApp, NodePool, PciDevice, VirtualMachine } = require('../../lib/index.js');
const [nodes, machines, inventory, outdir, mode] = process.argv.slice(2);
const data = benchFleet(Number(nodes), Number(machines));

const start = performance.now();
const app = new FleetApp({ outdir });
const fleet = new Fleet(app, 'bench', { nodePlatform: 'openshift', kubevirt: { version: '1.6' }, inventory });
const devices = {};
for (const [name, { pci, resourceName }] of Object.entries(data.devices)) {
  devices[name] = new PciDevice(fleet, name, { selectors: pci, resourceName });
}
const pools = {};
for (const [name, { nodes: members, cpuVendor, passthrough }] of Object.entries(data.nodePools)) {
  pools[name] = new NodePool(fleet, name, { nodes: members, cpuVendor });
  for (const { device } of passthrough) pools[name].passThrough(devices[device]);
}
for (const [name, declared] of Object.entries(data.virtualMachines)) {
  // written out, as people write it: what rest and spread make of an object is slow to read for everybody
  const { namespace, pool, runStrategy, metadata, dataVolumeTemplates, spec } = declared;
  const props = { namespace, pool: pools[pool], runStrategy, metadata, dataVolumeTemplates, spec };
  const vm = new VirtualMachine(fleet, name, props);
  for (const gpu of declared.gpus) vm.addGpu(gpu.name, devices[gpu.device]);
  for (const entry of declared.hostDevices) vm.addHostDevice(entry.name, devices[entry.device]);
}
if (mode === 'no-write') {
  fleet._announceWriting();
  fleet._outputs();
} else app.synth();
const milliseconds = performance.now() - start;
process.stdout.write(JSON.stringify({ milliseconds, peakMiB: process.resourceUsage().maxRSS / 1024 }));
