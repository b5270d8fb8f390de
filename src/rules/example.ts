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

/** A fleet whose device is served by another vendor's plugin, with these lines of the plugin's entry besides its image. */
export function examplePluginFleet(entries: string): string {
  return exampleFleet(`
devices:
  npu: { pci: ["1ae0:0056"], resourceName: acme.example.com/npu, devicePlugin: acme }
devicePlugins:
  acme:
    image: registry.example.com/acme/kubevirt-device-plugin:2.3.1
    ${entries}
nodePools:
  npus: { nodes: [node01], cpuVendor: amd, iommu: { amdArgument: omit }, passthrough: [{ device: npu, addresses: ["0000:c1:00.0"] }] }
`);
}

/** A fleet with a VM that asks a driver of dynamic resource allocation for an H100 by this entry of `gpus`, but for its name. */
export function exampleClaimFleet(entry: string): string {
  return exampleFleet(`
cluster: { nodePlatform: openshift, kubernetesVersion: "1.34", kubevirt: { version: "1.9" } }
devices:
  h100:
    pci: ["10de:2330"]
    allocation: dra
    dra: { driver: gpu.nvidia.com, deviceClassName: vfio.gpu.nvidia.com, driverFeatureGates: [PassthroughSupport, DeviceMetadata] }
nodePools:
  gpu: { nodes: [node01], cpuVendor: intel, passthrough: [{ device: h100 }] }
virtualMachines:
  train-7:
    gpus: [{ name: gpu1, ${entry} }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`);
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

/**
 * A fleet with one GPU that somebody else serves, and VM `train-7`, which asks for it and has this spec, written from the left
 * margin.
 */
export function exampleMachine(
  spec: string,
  facts: { readonly kubevirt?: string; readonly request?: string } = {},
): string {
  const { kubevirt = '{ version: "1.6" }', request = 'gpus: [{ name: gpu1, device: t4 }]' } = facts;
  return exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: ${kubevirt} }
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4, externalResourceProvider: true }
virtualMachines:
  train-7:
    ${request}
    spec:
${spec.trim().replace(/^(?=.)/gm, '      ')}
`);
}

/** A KubeVirt object with this configuration, written from the left margin, as a file of objects that no fleet wrote. */
export function exampleKubeVirt(configuration: string): string {
  return `
apiVersion: kubevirt.io/v1
kind: KubeVirt
metadata: { name: kubevirt, namespace: kubevirt }
spec:
  configuration:
${configuration.trim().replace(/^(?=.)/gm, '    ')}
`;
}

/** A MachineConfig with this `spec`, written from the left margin, as a file of objects that no fleet wrote. */
export function exampleMachineConfig(name: string, spec: string, role = 'worker'): string {
  return `---
apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfig
metadata:
  name: ${name}
  labels: { machineconfiguration.openshift.io/role: ${role} }
spec:
${spec.trim().replace(/^(?=.)/gm, '  ')}
`;
}

/** The `spec` of a MachineConfig that writes one file; its other fields are written in flow style. */
export function exampleFileSpec(path: string, source: string, more = 'mode: 420, overwrite: true'): string {
  return `config:
  ignition: { version: 3.2.0 }
  storage:
    files:
      - { path: ${path}, ${more}, contents: { source: "${source}" } }`;
}
