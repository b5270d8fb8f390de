/*
 * What the examples of rules have in common, so that each shows little more than its point. The result is a whole file all the
 * same: it is read as users' files are, and printed on the rule's page.
 */

const HEADER = `apiVersion: hostdev/v1alpha1
kind: Fleet
metadata:
  name: lab
spec:
`;

const CLUSTER = `cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" } }
`;

/**
 * A fleet file with these entries of `spec`, written from the left margin. An OpenShift cluster with KubeVirt 1.6 is added
 * where the entries have no `cluster`.
 */
export function exampleFleet(spec: string): string {
  const entries = spec.replace(/^\n+/, '');
  const whole = /^cluster:/m.test(entries) ? entries : CLUSTER + entries;
  return HEADER + whole.replace(/^(?=.)/gm, '  ');
}

/** What an example shows of a function besides its address, class and id. */
export interface ExampleFunctionFacts {
  readonly group?: number;
  /** @default `vfio-pci` */
  readonly driver?: string;
  readonly name?: string;
  /** Known to be used for nothing: `hostUse: []`. */
  readonly free?: boolean;
}

/** One line of an inventory. */
export function exampleFunction(address: string, pciClass: string, id: string, facts: ExampleFunctionFacts): string {
  const { group, driver = 'vfio-pci', name, free = false } = facts;
  return [
    `address: "${address}"`,
    `class: "${pciClass}"`,
    `id: "${id}"`,
    ...(name === undefined ? [] : [`name: "${name}"`]),
    `driver: ${driver}`,
    ...(group === undefined ? [] : [`iommuGroup: ${group}`]),
    ...(free ? ['hostUse: []'] : []),
  ].join(', ');
}

/** An inventory file of an Intel node with these functions. */
export function exampleInventory(
  node: string,
  functions: readonly string[],
  facts: { readonly productUuid?: string } = {},
): string {
  const { productUuid } = facts;
  return [
    'apiVersion: hostdev/v1alpha1',
    'kind: NodeInventory',
    'metadata:',
    `  name: ${node}`,
    'spec:',
    ...(productUuid === undefined ? [] : [`  productUuid: ${productUuid}`]),
    '  cpuVendor: intel',
    functions.length === 0 ? '  functions: []' : '  functions:',
    ...functions.map((line) => `    - { ${line} }`),
    '',
  ].join('\n');
}
