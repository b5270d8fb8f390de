import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidFleetError } from '../../../src';
import { smallFleet, temporaryFolder } from '../../support/lab';
import { Fleet, FleetApp } from '../../../src';

const VM = `apiVersion: kubevirt.io/v1
kind: VirtualMachine
metadata: { name: tenant, namespace: other }
spec:
  runStrategy: Always
  template:
    spec:
      domain:
        memory: { guest: 1Gi }
        devices: { hostDevices: [{ name: disk, deviceName: devices.kubevirt.io/no-such }] }
`;

test('VMs of other people are checked against a fleet in a program', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'a'));
  writeFileSync(join(folder, 'a', 'vm.yaml'), VM);
  const fleet = new Fleet(new FleetApp({ outdir: temporaryFolder() }), 'small', {
    nodePlatform: 'openshift',
    kubevirt: { version: '1.6' },
    manifests: [join(folder, '**', '*.yaml')],
  });

  expect(() => fleet.toJson()).toThrow(InvalidFleetError);
  expect(() => fleet.toJson()).toThrow(/vm\.yaml:\d+:\d+/);
});

test('a fleet without them is as before', () => {
  expect(smallFleet().fleet.toJson()).not.toEqual([]);
});
