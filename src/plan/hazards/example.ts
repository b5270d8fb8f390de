/*
 * What the examples of hazards have in common, so that each shows little more than its point. The result is a whole fleet all the same: it
 * is compiled as users' fleets are, and printed on the hazard's page.
 */

const HEADER = `apiVersion: hostdev/v1alpha1
kind: Fleet
metadata:
  name: lab
spec:
`;

const CLUSTER = `cluster: { nodePlatform: openshift, nodePlatformVersion: "4.20", kubevirt: { version: "1.6" } }
`;

/**
 * A fleet file with these entries of `spec`, written from the left margin. An OpenShift cluster with KubeVirt 1.6 is added where the
 * entries have no `cluster`.
 */
export function exampleFleet(spec: string): string {
  const entries = spec.replace(/^\n+/, '');
  const whole = /^cluster:/m.test(entries) ? entries : CLUSTER + entries;
  return HEADER + whole.replace(/^(?=.)/gm, '  ');
}

/** A device that KubeVirt's own plugin serves: a QAT, handed over by address. */
export const QAT_DEVICE = 'qat: { pci: ["8086:6f54"], resourceName: intel.com/qat }';

/** A pool of two nodes that hand one QAT over each. */
export function qatPool(more = '', nodes = 'node01, node02'): string {
  return `qat:
    nodes: [${nodes}]
    cpuVendor: intel${more === '' ? '' : `\n    ${more}`}
    passthrough: [{ device: qat, addresses: ["0000:03:00.0"], binding: address }]`;
}

/** A VM that asks for one QAT. */
export function qatMachine(name: string, more = ''): string {
  return `${name}:
    runStrategy: Always
    hostDevices: [{ name: qat, device: qat }]
    spec: { ${more === '' ? '' : `${more}, `}domain: { devices: {}, memory: { guest: 4Gi } } }`;
}
