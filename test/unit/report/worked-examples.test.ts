/* The six diagnostics that the style of this project was decided on. */
import type { Diagnostic } from '../../../src/diagnostics';
import { PLAIN } from '../../../src/report';
import { renderDiagnostic } from '../../../src/report/render-diagnostic';
import { diagnosticOf, marked } from './diagnostics';

function drawn(diagnostic: Diagnostic, { sources }: ReturnType<typeof marked>): string {
  return renderDiagnostic(diagnostic, sources, 140, PLAIN);
}

const above = (lines: number): string => '\n'.repeat(lines);

it('draws a value that is read as something else, and a safe fix', () => {
  const world = marked({ 'fleet/usb.yaml': `${above(5)}          product: «0010»\n` });
  const at = world.at('fleet/usb.yaml');

  const diagnostic = diagnosticOf(
    { at, text: 'expected a quoted string of 4 hexadecimal digits' },
    {
      code: 'USB101',
      slug: 'usb/unquoted-hex-id',
      message: '`product` is read as the number 10, not as the USB id 0010',
      notes: ['YAML 1.2 reads unquoted digits as an integer and drops leading zeros; YAML 1.1 readers see octal 8'],
      fixes: [{ title: 'quote the id', safe: true, edits: [{ at, text: '"0010"' }] }],
    },
  );

  expect(drawn(diagnostic, world)).toMatchGolden('report/value-read-as-something-else.txt');
});

it('draws two places of one file in the order of their lines', () => {
  const world = marked({
    'fleet/gpu.yaml': `${above(2)}    - pciVendorSelector: «10de:1eb8»\n\n    - pciVendorSelector: «10DE:1EB8»\n`,
  });

  const diagnostic = diagnosticOf(
    { at: world.at('fleet/gpu.yaml', 1), text: 'advertised as `nvidia.com/t4`' },
    {
      message: '`pciVendorSelector` 10de:1eb8 is permitted twice',
      secondary: [{ at: world.at('fleet/gpu.yaml'), text: 'never advertised as `nvidia.com/TU104GL_Tesla_T4`' }],
      notes: ['virt-handler lower-cases selectors and keeps the last entry'],
      help: ['delete one entry, or set `externalResourceProvider: true` on the one that another device plugin serves'],
    },
  );

  expect(drawn(diagnostic, world)).toMatchGolden('report/two-places-one-conflict.txt');
});

it('draws places in two files, line numbers of different lengths', () => {
  const card = (address: string): string =>
    `«${address}» 3D controller [0302]: NVIDIA Corporation TU104GL [Tesla T4] [10de:1eb8] (rev a1)\n`;
  const world = marked({
    'fleet/gpu.yaml': `${above(2)}    - pciVendorSelector: «10de:1eb8»\n`,
    'inventory/gpu-a-01.lspci': `${above(216)}${card('0000:65:00.0')}${above(3)}${card('0000:66:00.0')}`,
  });

  const diagnostic = diagnosticOf(
    { at: world.at('fleet/gpu.yaml'), text: 'matches both' },
    {
      code: 'PCI104',
      slug: 'pci/shared-iommu-group',
      severity: 'warning',
      message: '2 devices on node gpu-a-01 match one selector and share IOMMU group 27',
      secondary: [0, 1].map((n) => ({ at: world.at('inventory/gpu-a-01.lspci', n), text: 'in IOMMU group 27' })),
      notes: [
        'virt-handler uses the IOMMU group as the device id, so the node advertises 1 of `nvidia.com/TU104GL_Tesla_T4`, not 2',
      ],
      help: ['count this node as 1 in the capacity plan, or move one card behind a port that isolates it'],
    },
  );

  expect(drawn(diagnostic, world)).toMatchGolden('report/declaration-against-inventory.txt');
});

it('draws a name that never matches', () => {
  const world = marked({ 'fleet/vgpu.yaml': `${above(2)}    - «GRID T4-1Q»\n` });
  const at = world.at('fleet/vgpu.yaml');

  const diagnostic = diagnosticOf(
    { at, text: 'contains a space' },
    {
      code: 'MDV203',
      slug: 'mdev/spaced-type-name',
      message: 'mdev type `GRID T4-1Q` never matches a type on a host',
      notes: [
        "virt-handler replaces spaces in the host's name by `_` but compares `mediatedDeviceTypes` as written, so the type is neither created nor kept",
      ],
      fixes: [{ title: 'write the name as virt-handler sees it', safe: true, edits: [{ at, text: 'GRID_T4-1Q' }] }],
    },
  );

  expect(drawn(diagnostic, world)).toMatchGolden('report/name-that-never-matches.txt');
});

it('draws a near miss with the similar name where it is declared, and a fix to be checked', () => {
  const world = marked({
    'vms/train-7.yaml': `${above(8)}              deviceName: «nvidia.com/TU104GL_Tesla_T5»\n`,
    'fleet/gpu.yaml': `${above(3)}      resourceName: «nvidia.com/TU104GL_Tesla_T4»\n`,
  });
  const at = world.at('vms/train-7.yaml');

  const diagnostic = diagnosticOf(
    { at, text: 'no entry in `permittedHostDevices` has this resource name' },
    {
      code: 'VMI301',
      slug: 'vm/unknown-device-name',
      message: '`deviceName` nvidia.com/TU104GL_Tesla_T5 is not a permitted host device',
      secondary: [{ at: world.at('fleet/gpu.yaml'), text: 'a permitted resource has a similar name' }],
      fixes: [
        { title: 'use the permitted resource name', safe: false, edits: [{ at, text: 'nvidia.com/TU104GL_Tesla_T4' }] },
      ],
    },
  );

  expect(drawn(diagnostic, world)).toMatchGolden('report/near-miss.txt');
});

it('draws a plan that hurts, against a text of another branch', () => {
  const world = marked({
    'fleet/vgpu.yaml': `${above(4)}        - «nvidia-223»\n`,
    'main:fleet/vgpu.yaml': `${above(4)}        - «nvidia-222»\n`,
  });

  const diagnostic = diagnosticOf(
    { at: world.at('fleet/vgpu.yaml'), text: 'replaces nvidia-222' },
    {
      code: 'PLN501',
      slug: 'plan/removes-mediated-devices',
      message: 'this change removes the mediated devices of type nvidia-222 on node pool gpu-a',
      secondary: [{ at: world.at('main:fleet/vgpu.yaml'), text: 'listed at the baseline' }],
      notes: [
        'blast radius: 14 nodes, 56 mediated devices, 31 VMs (train-1, train-2, train-3, and 28 more)',
        'virt-handler tries to remove every mediated device whose type is no longer listed, unless an external provider owns it',
      ],
      help: [
        'drain the 31 VMs first, or keep nvidia-222 in the list until they are gone',
        'to accept the hazard, pass `--allow removes-mediated-devices`',
      ],
    },
  );

  expect(drawn(diagnostic, world)).toMatchGolden('report/plan-that-hurts.txt');
});
