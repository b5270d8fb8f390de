import { join } from 'node:path';
import ts from 'typescript';
import type { KubeVirtSpec, VirtualMachineInstanceSpec } from '../../../src/kubevirt';
import type { JsonObject } from '../../../src/model';

/** The compiler's complaints about a module that may use the generated types, as `line: message`. */
function complaintsOfCompiler(text: string): string[] {
  const name = join(__dirname, 'checked-module.ts');
  const options: ts.CompilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Node20,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const readSource = host.getSourceFile.bind(host);
  host.getSourceFile = (file, ...rest) =>
    file === name ? ts.createSourceFile(file, text, ts.ScriptTarget.ES2022) : readSource(file, ...rest);
  host.fileExists = (file) => file === name || ts.sys.fileExists(file);
  const program = ts.createProgram([name], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start ?? 0).line + 1;
    return `${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}

test('the VMI spec of the user guide and permitted host devices are values of the types, and these are JSON', () => {
  const vmi: VirtualMachineInstanceSpec = {
    nodeSelector: { 'kubernetes.io/hostname': 'node03' },
    domain: {
      devices: {
        disks: [{ disk: { bus: 'virtio' }, name: 'containerdisk' }],
        gpus: [
          {
            name: 'gpu1',
            deviceName: 'nvidia.com/TU104GL_TESLA_T4',
            virtualGPUOptions: { display: { enabled: false } },
          },
        ],
        hostDevices: [{ name: 'nvme', deviceName: 'devices.kubevirt.io/nvme' }],
        rng: {},
      },
      resources: { requests: { memory: '1024M', cpu: 2 } },
    },
    terminationGracePeriodSeconds: 0,
    tolerations: [{ key: 'gpu', operator: 'Exists', effect: 'NoSchedule' }],
    volumes: [{ containerDisk: { image: 'fedora' }, name: 'containerdisk' }],
  };
  const kubevirt: KubeVirtSpec = {
    configuration: {
      permittedHostDevices: { pciHostDevices: [{ pciVendorSelector: '8086:5845', resourceName: 'a.com/nvme' }] },
    },
  };

  // the assignments are what is tested: `npm run types` compiles them
  const asJson: readonly JsonObject[] = [vmi, kubevirt];
  expect(asJson).toHaveLength(2);
});

test('the compiler refuses what the API refuses', () => {
  const complaints =
    complaintsOfCompiler(`import type { GPU, HostDevice, Toleration, VirtualMachineSpec, VirtualMachineInstanceSpec } from '../../../src/kubevirt/api-types.generated';
export const misspelt: GPU = { name: 'a', devicename: 'b' };
export const unnamed: HostDevice = { deviceName: 'b' };
export const unlisted: Toleration = { effect: 'NoScheduled' };
export const without: VirtualMachineSpec = { runStrategy: 'Always' };
export const typed: VirtualMachineInstanceSpec = { domain: { devices: { rng: { x: 1 } } }, terminationGracePeriodSeconds: '0' };
export const right: GPU = { name: 'a', deviceName: undefined };
`);

  expect(complaints).toEqual([
    expect.stringMatching(/^2: .*'devicename' does not exist/),
    expect.stringMatching(/^3: .*'name' is missing/),
    expect.stringMatching(/^4: .*"NoScheduled"/),
    expect.stringMatching(/^5: .*'template' is missing/),
    expect.stringMatching(/^6: Type 'number' is not assignable to type 'never'/),
    expect.stringMatching(/^6: Type 'string' is not assignable to type 'number'/),
  ]);
});
