import { resourceNameProblem } from '../../../src/model';

test.each(['intel.com/qat', 'nvidia.com/TU104GL_TESLA_T4', 'devices.kubevirt.io/nvme', 'a.b/c.d-e_f'])(
  '%s is legal',
  (name) => {
    expect(resourceNameProblem(name)).toBeUndefined();
  },
);

test.each([
  ['qat', 'there is no `/`'],
  ['intel.com/a/b', 'more than one `/`'],
  ['kubernetes.io/qat', 'Kubernetes’ own domain'],
  ['x.kubernetes.io/qat', 'Kubernetes’ own domain'],
  ['requests.intel.com/qat', '`requests.`'],
  ['Intel.com/qat', 'not a lower-case DNS name'],
  ['/qat', 'not a lower-case DNS name'],
  ['intel.com/', 'begins and ends with a letter or digit'],
  ['nvidia.com/GEFORCE_', 'begins and ends with a letter or digit'],
  [`nvidia.com/${'x'.repeat(64)}`, '64 characters'],
])('%s is refused: %s', (name, part) => {
  expect(resourceNameProblem(name)).toContain(part);
});
