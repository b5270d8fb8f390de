import { App } from 'cdk8s';
import { Fleet } from '../../../src';
import { addMachine } from './vms-only';

it('sees a comment that allows nothing in a file with VMs alone', () => {
  const fleet = new Fleet(new App(), 'test', { nodePlatform: 'openshift', kubevirt: { version: '1.6' } });
  addMachine(fleet);
  const { diagnostics } = fleet._compile().compilation.report;
  expect(
    diagnostics.filter(({ code }) => code === 'SUP902').map(({ primary: { at } }) => at.file.split('/').at(-1)),
  ).toEqual(['vms-only.ts']);
});
