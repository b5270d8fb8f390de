import fc from 'fast-check';
import { importLspci, readLspci } from '../../src/inventory';
import { compareBdfAddress, parseBdfAddress, parsePciClass, parsePciId, type PciFunction } from '../../src/model';
import { SourceFile } from '../../src/source';

const RUNS = { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 200) };

const hex = (digits: number): fc.Arbitrary<string> =>
  fc.integer({ min: 0, max: 16 ** digits - 1 }).map((value) => value.toString(16).padStart(digits, '0'));

const address = fc
  .tuple(
    fc.constantFrom('0000', '0001', '10000'),
    hex(2),
    fc.integer({ min: 0, max: 31 }),
    fc.integer({ min: 0, max: 7 }),
  )
  .map(([domain, bus, device, pciFunction]) => {
    return `${domain}:${bus}:${device.toString(16).padStart(2, '0')}.${pciFunction}`;
  });

/** Names as pci.ids has them: brackets, commas, colons, digits; never what lspci prints where it has no name. */
const name = fc
  .array(
    fc.constantFrom(
      'NVIDIA Corporation',
      'TU104GL',
      '[Tesla T4]',
      'Co., Ltd.',
      '#1',
      'B: two',
      '(rev',
      '[x',
      'é',
      'PCI-to-PCI',
    ),
    {
      minLength: 1,
      maxLength: 5,
    },
  )
  .map((words) => words.join(' '));

const revision = hex(2).filter((byte) => byte !== 'ff');
const id = fc.tuple(hex(4), hex(4)).map(([vendor, device]) => `${vendor}:${device}`);
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });

const facts = fc.record({
  code: hex(4),
  programming: maybe(hex(2).filter((byte) => byte !== 'ff')),
  id,
  name,
  revision: maybe(revision),
  subsystem: maybe(id),
  driver: fc.constantFrom('nvme', 'vfio-pci', 'mlx5_core', null),
  iommuGroup: maybe(fc.nat({ max: 400 })),
  numaNode: maybe(fc.nat({ max: 7 })),
  vfs: maybe(fc.nat({ max: 64 })),
});

const machine = fc
  .uniqueArray(fc.tuple(address, facts), { selector: ([at]) => at, minLength: 1, maxLength: 12 })
  .map((functions) => functions.map(([at, fact]) => ({ at, ...fact })));
type Machine = typeof machine extends fc.Arbitrary<infer T> ? T : never;

/** What `lspci -Dnnv` or `-Dnnvv` prints of a machine. */
function print(functions: Machine, form: '-v' | '-vv'): string {
  return functions
    .map((fact) => {
      const place = [
        ...(fact.numaNode === undefined ? [] : [['NUMA node', fact.numaNode]]),
        ...(fact.iommuGroup === undefined ? [] : [['IOMMU group', fact.iommuGroup]]),
      ];
      return [
        `${fact.at} Some class [${fact.code}]: ${fact.name} [${fact.id}]` +
          (fact.revision === undefined ? '' : ` (rev ${fact.revision})`) +
          (fact.programming === undefined ? '' : ` (prog-if ${fact.programming} [Some, interface])`),
        ...(fact.subsystem === undefined ? [] : [`\tSubsystem: ${fact.name} [${fact.subsystem}]`]),
        ...(form === '-v'
          ? [['\tFlags: bus master, fast devsel', ...place.map((entry) => entry.join(' '))].join(', ')]
          : ['\tControl: I/O- Mem+', ...place.map((entry) => `\t${entry.join(': ')}`)]),
        '\tCapabilities: [160] Device Serial Number 00-00-00-00-ec-10-68-81',
        ...(form === '-v' || fact.vfs === undefined
          ? []
          : [`\t\tInitial VFs: ${fact.vfs}, Total VFs: ${fact.vfs}, Number of VFs: 0, Function Dependency Link: 00`]),
        ...(fact.driver === null ? [] : [`\tKernel driver in use: ${fact.driver}`]),
        '\tKernel modules: some, others',
        '',
        '',
      ].join('\n');
    })
    .join('');
}

function valueOf<T>(parsed: { ok: true; value: T } | { ok: false }): T {
  if (!parsed.ok) throw new Error('the generator made a value that the model refuses');
  return parsed.value;
}

describe('reading text from lspci', () => {
  it('gives back the machine that it was written from', () => {
    fc.assert(
      fc.property(machine, fc.constantFrom('-v', '-vv'), (functions, form) => {
        const { functions: read, problems } = readLspci(new SourceFile('m', print(functions, form)));

        const showsDrivers = functions.some(({ driver }) => driver !== null);
        const expected = functions
          .map((fact): Omit<PciFunction, 'place'> => ({
            address: valueOf(parseBdfAddress(fact.at)),
            class: valueOf(parsePciClass(fact.code + (fact.programming ?? ''))),
            id: valueOf(parsePciId(fact.id)),
            subsystem: fact.subsystem === undefined ? undefined : valueOf(parsePciId(fact.subsystem)),
            revision: fact.revision,
            name: fact.name,
            serial: undefined,
            driver: fact.driver ?? (showsDrivers ? null : undefined),
            driverVersion: undefined,
            iommuGroup: fact.iommuGroup,
            reservedRegions: undefined,
            numaNode: fact.numaNode,
            bridges: undefined,
            resetMethods: undefined,
            totalVfs: form === '-v' ? undefined : fact.vfs,
            numVfs: form === '-v' || fact.vfs === undefined ? undefined : 0,
            physicalFunction: undefined,
            mdevTypes: undefined,
            vgpuTypes: undefined,
            currentVgpuType: undefined,
            bootVga: undefined,
            hostUse: undefined,
          }))
          .sort((a, b) => compareBdfAddress(a.address, b.address));
        expect(read.map(({ place, ...fact }) => ({ ...fact, place: place.kind }))).toEqual(
          expected.map((fact) => ({ ...fact, place: 'range' })),
        );
        expect(problems.filter(({ severity }) => severity !== 'info')).toEqual([]);
      }),
      RUNS,
    );
  });

  it('does not depend on the order of the functions', () => {
    fc.assert(
      fc.property(machine, (functions) => {
        const bytes = (order: Machine): string | undefined =>
          importLspci({ source: new SourceFile('m', print(order, '-v')), node: 'node01' }).text;

        expect(bytes([...functions].reverse())).toBe(bytes(functions));
      }),
      RUNS,
    );
  });

  it('never throws and keeps every place inside the text, whatever the text is', () => {
    const fragments = fc.array(
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 12 }),
        fc.constantFrom(
          '\n',
          '\r\n',
          '\t',
          '[',
          ']',
          '(rev ',
          '(prog-if ',
          ': ',
          '0000:65:00.0 ',
          '65:00.0 ',
          '[0302]: ',
          '[10de:1eb8]',
        ),
        fc.constantFrom('\tSubsystem: ', '\tFlags: ', 'VF offset: ', 'Kernel driver in use: ', '--', '#', 'lspci: '),
      ),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(fragments, (parts) => {
        const source = new SourceFile('m', parts.join(''));
        const { functions, problems } = readLspci(source);
        const places = [...functions.map(({ place }) => place), ...problems.map(({ primary }) => primary.at)];

        for (const place of places) {
          if (place.kind !== 'range') throw new Error('a place in lspci text is a range');
          const { start, end } = place.span;
          expect(0 <= start && start <= end && end <= source.text.length).toBe(true);
        }
        expect(functions.length > 0 || problems.some(({ severity }) => severity === 'error')).toBe(true);
        expect(
          problems.flatMap(({ message, primary, secondary }) => [
            ...(message.length > 90 ? [message] : []),
            ...[primary, ...secondary].map(({ text }) => text).filter((text) => text.length > 60),
          ]),
        ).toEqual([]);
      }),
      RUNS,
    );
  });

  it('loses no function when a text is cut anywhere: what is missing is said', () => {
    fc.assert(
      fc.property(machine, fc.nat(), (functions, at) => {
        const text = print(functions, '-vv');
        const cut = text.slice(0, at % (text.length + 1));
        const { functions: read, problems } = readLspci(new SourceFile('m', cut));

        if (cut.slice(cut.lastIndexOf('\n') + 1).trim() !== '' && read.length > 0) {
          expect(problems.map(({ slug }) => slug)).toEqual(
            expect.arrayContaining([expect.stringMatching(/cut-off-text|unreadable-function/)]),
          );
        }
        const whole = new Map(readLspci(new SourceFile('m', text)).functions.map((fact) => [fact.address, fact]));
        for (const fact of read) {
          const { driver } = whole.get(fact.address) ?? {};
          // a cut may hide a driver, or cut its name short, but never makes a bound function look unbound
          if (fact.driver === null) expect(driver).toBeNull();
        }
      }),
      RUNS,
    );
  });
});
