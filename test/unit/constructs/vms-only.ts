import { VirtualMachineInstance, type Fleet } from '../../../src';

/** A file of a program that makes nothing but VMs, with a comment that allows what is not found. */
export function addMachine(fleet: Fleet): VirtualMachineInstance {
  // hostdev-allow VMI302: left over
  return new VirtualMachineInstance(fleet, 'vmi', { spec: { domain: { devices: {}, memory: { guest: '1Gi' } } } });
}
