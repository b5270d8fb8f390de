// The test of a user's fleet as the README prints it; test/e2e/readme.test.ts holds the two together.
import { Testing } from 'cdk8s';
import { Fleet, PciDevice } from 'cdk8s-hostdev';
import { findingsOf, manifestsOf } from 'cdk8s-hostdev/testing';

test('the fleet permits the QAT and nothing is wrong with it', () => {
  const fleet = new Fleet(Testing.app(), 'lab', { nodePlatform: 'openshift', kubevirt: { version: '1.6' } });
  new PciDevice(fleet, 'qat', { selectors: ['8086:6f54'], resourceName: 'intel.com/qat' });
  expect(findingsOf(fleet).filter(({ severity }) => severity !== 'info')).toEqual([]);
  expect(manifestsOf(fleet)['kubevirt/kubevirt.kubevirt.yaml']).toMatchSnapshot();
});
