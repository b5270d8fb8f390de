import fc from 'fast-check';
import { jsonAt, type JsonObject, type JsonValue } from '../../src/model';
import { compileFleet } from '../../src/compile';
import { renderOutputs } from '../../src/compile/outputs';
import { adoptDump, hyperConverged, filesConfig, machineConfig, node } from '../support/adoption';
import { loadSpec } from '../support/fleet-of';
import { readYaml } from '../../src/yaml';
import { SourceFile } from '../../src/source';
import { exampleFunction } from '../../src/rules/example';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 25);
const UUID = '4c4c4544-0031-3010-8031-b3c04f4c4d3';

const card = fc.record({
  id: fc.constantFrom('10de:1eb8', '8086:6f54', '1002:73bf'),
  binding: fc.constantFrom('id', 'address'),
  resource: fc.constantFrom('nvidia.com/T4', 'intel.com/qat', 'example.com/a.b-c'),
});

/** Fleets of our own with everything that an OpenShift pool may have. */
const fleets = fc.record({
  nodes: fc.integer({ min: 1, max: 3 }),
  cards: fc.uniqueArray(card, {
    minLength: 1,
    maxLength: 3,
    comparator: (a, b) => a.id === b.id || a.resource === b.resource,
  }),
  vendor: fc.constantFrom('intel', 'amd'),
  pt: fc.boolean(),
  more: fc.uniqueArray(fc.constantFrom('pci=realloc', 'nosmt', 'hugepages=16', 'intel_iommu=on', 'amd_iommu=on'), {
    maxLength: 3,
  }),
  pool: fc.constantFrom('gpu', 'storage'),
});

type Declared = typeof fleets extends fc.Arbitrary<infer T> ? T : never;

function compileOwn({ nodes, cards, vendor, pt, more, pool }: Declared): ReturnType<typeof compileFleet> {
  const names = Array.from({ length: nodes }, (_, i) => `node0${i}`);
  const devices = cards.map(({ id, resource }, i) => `    d${i}: { pci: ["${id}"], resourceName: ${resource} }`);
  const passthrough = cards.map(
    ({ binding }, i) =>
      `        - { device: d${i}${binding === 'id' ? ', binding: id' : `, addresses: ["0000:6${i}:00.0"]`} }`,
  );
  const machines = cards.map(
    ({ resource }, i) => `    vm${i}:
      namespace: team${i}
      hostDevices: [{ name: h, device: d${i} }]
      spec: { evictionStrategy: None, domain: { devices: {}, memory: { guest: ${i + 1}Gi } } }
      metadata: { labels: { for: ${JSON.stringify(resource.replace('/', '.'))} } }`,
  );
  const spec = `  cluster: { nodePlatform: openshift, nodePlatformVersion: "4.20", kubevirt: { version: "1.6" } }
  devices:
${devices.join('\n')}
  nodePools:
    ${pool}:
      nodes: [${names.join(', ')}]
      cpuVendor: ${vendor}
      iommu: { pt: ${pt} }
      kernelArguments: ${JSON.stringify(more)}
      passthrough:
${passthrough.join('\n')}
  virtualMachines:
${machines.join('\n')}
`;
  const functions = cards.map(({ id }, i) =>
    exampleFunction(`0000:6${i}:00.0`, '0b40', id, { group: 20 + i, free: true }),
  );
  const inventory = (n: number): string =>
    `  productUuid: ${UUID}${n}\n  cpuVendor: ${vendor}\n  functions:\n${functions.map((one) => `    - { ${one} }`).join('\n')}\n`;
  const loaded = loadSpec(spec, Object.fromEntries(names.map((name, n) => [name, inventory(n)])));
  return compileFleet({
    fleet: loaded.fleet,
    problems: loaded.problems,
    locate: () => ({ file: '', start: 0, end: 0 }),
  });
}

const contents = (texts: Iterable<string>): JsonObject[] =>
  [...texts].flatMap((text, i) =>
    readYaml(new SourceFile(`${i}.yaml`, text), { dialect: 'kubernetes' }).documents.map(
      ({ value }) => value as JsonObject,
    ),
  );

const byName = (objects: readonly JsonObject[], kind: string): Record<string, JsonValue | undefined> =>
  Object.fromEntries(
    objects
      .filter((object) => object['kind'] === kind)
      .map((object) => [
        JSON.stringify(['namespace', 'name'].map((key) => jsonAt(object, 'metadata', key))),
        object['spec'],
      ]),
  );

it('gives the same objects again for a fleet of our own, by id and by address', () => {
  let written = 0;
  fc.assert(
    fc.property(fleets, (declared) => {
      const own = compileOwn(declared);
      if (own.manifests === undefined) {
        // a generated fleet that the rules refuse has no output
        fc.pre(false);
        return;
      }
      written++;
      const outputs = renderOutputs('own', own.manifests);
      const dump = Object.fromEntries(
        [...outputs.files]
          .filter(([path]) => path.endsWith('.yaml') && !path.endsWith('kustomization.yaml'))
          .map(([path, { text }]) => [`dump/${path}`, text]),
      );
      for (let n = 0; n < declared.nodes; n++)
        dump[`dump/node${n}.yaml`] = node(`node0${n}`, declared.pool, '{}', `${UUID}${n}`);
      const adopted = adoptDump(dump);

      expect(adopted.findings.filter((text) => text.includes(' error '))).toEqual([]);
      expect(adopted.changes).toEqual([]);
      const before = contents(own.manifests.manifests.map(({ path }) => outputs.files.get(path)?.text ?? ''));
      const after = adopted.manifests.map(({ content }) => content);
      for (const kind of ['MachineConfig', 'MachineConfigPool', 'VirtualMachine', 'KubeVirt'])
        expect([kind, sorted(byName(after, kind))]).toEqual([kind, sorted(byName(before, kind))]);
    }),
    { numRuns: RUNS },
  );
  expect(written).toBeGreaterThan(RUNS / 2);
});

/** Permitted devices in one order, which means nothing. */
function sorted(objects: Record<string, JsonValue | undefined>): unknown {
  return JSON.parse(JSON.stringify(objects), (_key, value: unknown) =>
    Array.isArray(value) && value.every((one) => typeof one === 'object' && one !== null && 'resourceName' in one)
      ? [...(value as { resourceName: string }[])].sort((a, b) => (a.resourceName < b.resourceName ? -1 : 1))
      : value,
  ) as unknown;
}

const hostile = fc.oneof(
  fc.constantFrom(
    '${x}',
    '../../etc/passwd',
    'a\nb: c',
    '# x',
    '"',
    "'",
    '{{ x }}',
    '__proto__',
    'constructor',
    '..',
    '\u001b[2J',
    '\u2028',
    ' ',
    '*',
    'null',
    '0x10',
    'a: b',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
);

it('lets no name of the dump out of its place', () => {
  fc.assert(
    fc.property(hostile, hostile, hostile, hostile, (name, resource, role, text) => {
      const quoted = (value: string): string => JSON.stringify(value);
      const dump =
        machineConfig(
          name,
          'worker',
          `${filesConfig({ '/etc/modprobe.d/vfio.conf': '{ source: "data:,options%20vfio-pci%20ids=10de:1eb8" }' })}kernelArguments: [intel_iommu=on, ${quoted(text)}]`,
        ) +
        machineConfig(`x${name}`, role, `kernelArguments: [${quoted(text)}]`) +
        hyperConverged(
          `{ pciDeviceSelector: "10de:1eb8", resourceName: ${quoted(resource)} }`,
          `{ pciDeviceSelector: ${quoted(text)}, resourceName: ${quoted(name)} }`,
        ) +
        node('node01') +
        `apiVersion: kubevirt.io/v1\nkind: VirtualMachine\nmetadata: { name: ${quoted(name)}, namespace: ${quoted(role)}, labels: { ${quoted(text)}: ${quoted(name)} } }\nspec: { template: { spec: { domain: { devices: { gpus: [{ name: ${quoted(text)}, deviceName: ${quoted(resource)} }] } } } } }\n`;
      const { files } = adoptDump({ 'dump/all.yaml': dump });
      for (const [path, written] of files) {
        expect(path).toMatch(/^(?:(?:current|virtual-machines)\/)?[a-z0-9][a-z0-9.-]*\.yaml$/);
        expect(path).not.toContain('..');
        expect(written).toMatch(/^(?:[^\p{Cc}\u2028\u2029]|\n)*$/u);
        const { documents, problems } = readYaml(new SourceFile(path, written), { dialect: 'kubernetes' });
        expect([documents.length, problems]).toEqual([1, []]);
        const top = Object.keys(documents[0]?.value as JsonObject).sort();
        expect(['apiVersion', 'kind', 'metadata', 'spec', 'status']).toEqual(expect.arrayContaining(top));
      }
    }),
    { numRuns: RUNS * 2 },
  );
});
