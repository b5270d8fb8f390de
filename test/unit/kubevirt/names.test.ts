import {
  BUILTIN_SOCKETS,
  environmentVariableOf,
  LONGEST_SOCKET_PATH,
  mediatedSocketName,
  normalisedMdevName,
  nvidiaDeviceName,
  nvidiaPluginName,
  nvidiaPluginResourceName,
  nvidiaPluginSocketName,
  nvidiaVgpuResourceName,
  pciSocketName,
  socketPathLength,
  usbSocketName,
} from '../../../src/kubevirt';

describe('names of mediated devices', () => {
  test('have their blanks replaced before their ends are cut', () => {
    expect(normalisedMdevName('GRID T4-1Q')).toBe('GRID_T4-1Q');
    expect(normalisedMdevName(' GRID T4-1Q ')).toBe('_GRID_T4-1Q_');
    expect(normalisedMdevName('GRID  T4-1Q\n')).toBe('GRID__T4-1Q');
  });

  test('are cut where Go cuts, which differs from JavaScript in two characters', () => {
    expect(normalisedMdevName('\u0085GRID\u00a0')).toBe('GRID');
    expect(normalisedMdevName('\ufeffGRID')).toBe('\ufeffGRID');
  });

  test('are cut in linear time', () => {
    expect(normalisedMdevName('\t'.repeat(1_000_000) + 'x')).toBe('x');
  });
});

describe('environment variables', () => {
  test('are upper case with slash and dot replaced and the hyphen kept', () => {
    expect(environmentVariableOf('PCI_RESOURCE', 'nvidia.com/TU104GL_Tesla_T4')).toBe(
      'PCI_RESOURCE_NVIDIA_COM_TU104GL_TESLA_T4',
    );
    expect(environmentVariableOf('MDEV_PCI_RESOURCE', 'nvidia.com/GRID_T4-1Q')).toBe(
      'MDEV_PCI_RESOURCE_NVIDIA_COM_GRID_T4-1Q',
    );
    expect(environmentVariableOf('USB_RESOURCE', 'kubevirt.io/a.b/c')).toBe('USB_RESOURCE_KUBEVIRT_IO_A_B_C');
  });

  test('are shared by names that differ in case, dot and slash only', () => {
    expect(environmentVariableOf('PCI_RESOURCE', 'a.com/b.c')).toBe(environmentVariableOf('PCI_RESOURCE', 'A/com/B_C'));
  });
});

describe('names that the NVIDIA device plugin gives', () => {
  test.each([
    ['TU104GL [Tesla T4]', 'TU104GL_TESLA_T4'],
    ['TU102GL [Quadro RTX 6000/8000]', 'TU102GL_QUADRO_RTX_6000_8000'],
    ['GA100 [A100 PCIe 40GB]', 'GA100_A100_PCIE_40GB'],
    ['GP104 [GeForce GTX 1070 Ti] rev.2', 'GP104_GEFORCE_GTX_1070_TI_REV_2'],
    ['AD102GL  [L40S]', 'AD102GL_L40S'],
    ['X-1 (a)', 'X1_A'],
  ])('make %s to %s', (name, expected) => {
    expect(nvidiaPluginName(name)).toBe(expected);
    expect(nvidiaPluginResourceName(name)).toBe(`nvidia.com/${expected}`);
  });

  test('keep the case of a vGPU type, with one underscore for any blanks', () => {
    expect(nvidiaVgpuResourceName('GRID T4-1Q')).toBe('nvidia.com/GRID_T4-1Q');
    expect(nvidiaVgpuResourceName('NVIDIA  L40S-4Q')).toBe('nvidia.com/NVIDIA_L40S-4Q');
  });
});

describe('the device name of an inventory', () => {
  test('loses the vendor that lspci puts in front', () => {
    expect(nvidiaDeviceName('NVIDIA Corporation TU104GL [Tesla T4]')).toBe('TU104GL [Tesla T4]');
    expect(nvidiaDeviceName('nVidia Corporation G92 [GeForce 8800 GT]')).toBe('G92 [GeForce 8800 GT]');
  });

  test('stays when there is no vendor in front', () => {
    expect(nvidiaDeviceName('TU104GL [Tesla T4]')).toBe('TU104GL [Tesla T4]');
    expect(nvidiaDeviceName('NVIDIA Corporations')).toBe('NVIDIA Corporations');
  });

  test('is unknown when lspci had none', () => {
    expect(nvidiaDeviceName('NVIDIA Corporation Device 1eb8')).toBeUndefined();
    expect(nvidiaDeviceName('NVIDIA Corporation')).toBeUndefined();
    expect(nvidiaDeviceName(' ')).toBeUndefined();
  });
});

describe('sockets of device plugins', () => {
  test('are named after the whole resource for PCI and after its product for mediated devices and USB', () => {
    expect(pciSocketName('intel.com/qat')).toBe('kubevirt-intel.com-qat.sock');
    expect(mediatedSocketName('nvidia.com/GRID_T4-1Q')).toBe('kubevirt-GRID_T4-1Q.sock');
    expect(usbSocketName('kubevirt.io/storage')).toBe('kubevirt-usb-storage.sock');
    expect(nvidiaPluginSocketName('nvidia.com/TU104GL_TESLA_T4')).toBe('kubevirt-TU104GL_TESLA_T4.sock');
  });

  test('have no name for a mediated device without a slash, on which virt-handler panics', () => {
    expect(mediatedSocketName('qat')).toBeUndefined();
    expect(usbSocketName('storage')).toBe('kubevirt-usb-storage.sock');
  });

  test('collide between vendors, with the NVIDIA plugin and with KubeVirt itself', () => {
    expect(mediatedSocketName('a.com/X')).toBe(mediatedSocketName('b.com/X'));
    expect(mediatedSocketName('nvidia.com/X')).toBe(nvidiaPluginSocketName('nvidia.com/X'));
    expect(BUILTIN_SOCKETS).toContain(mediatedSocketName('vendor.com/kvm'));
    expect(BUILTIN_SOCKETS).toHaveLength(8);
  });

  test('fit into a path when the named part has 61 bytes, and no longer with 62', () => {
    const named = (length: number): string => `vendor.com/${'x'.repeat(length)}`;

    expect(socketPathLength(mediatedSocketName(named(61)) ?? '')).toBe(LONGEST_SOCKET_PATH);
    expect(socketPathLength(mediatedSocketName(named(62)) ?? '')).toBe(LONGEST_SOCKET_PATH + 1);
    expect(socketPathLength(usbSocketName(named(57)))).toBe(LONGEST_SOCKET_PATH);
    expect(socketPathLength(pciSocketName(named(50)))).toBe(LONGEST_SOCKET_PATH);
  });

  test('have their length counted in bytes', () => {
    expect(socketPathLength('é')).toBe(34);
  });
});
