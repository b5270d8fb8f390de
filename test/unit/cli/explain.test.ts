import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '../../../src/cli/program';
import type { World } from '../../../src/cli/world';
import { memoryFiles } from '../../support/fleet-of';

const LAB = join(__dirname, '..', '..', '..', 'examples', 'lab');

interface Ran {
  readonly status: number;
  readonly out: string;
  readonly error: string;
}

function run(
  args: readonly string[],
  change: (fleet: string) => string = (fleet) => fleet,
  env: World['env'] = {},
): Ran {
  const files: Record<string, string> = {};
  for (const name of readdirSync(LAB, { recursive: true, encoding: 'utf8' })) {
    if (name.endsWith('.yaml')) files[`/w/${name}`] = readFileSync(join(LAB, name), 'utf8');
  }
  files['/w/fleet.yaml'] = change(files['/w/fleet.yaml'] ?? '');
  let out = '';
  let error = '';
  const status = runProgram(args, {
    cwd: '/w',
    packageFolder: '/package',
    env,
    files: memoryFiles(files),
    today: '2026-11-22',
    writeOut: (text) => void (out += text),
    writeError: (text) => void (error += text),
    columns: undefined,
    isTerminal: false,
    readInput: () => new Uint8Array(),
    run: () => 1,
    capture: () => undefined,
  });
  return { status, out, error };
}

describe('explain', () => {
  it('prints the chain of a VM, found by its name alone', () => {
    const { status, out, error } = run(['explain', 'vm/vmi-nvme']);

    expect([status, error]).toEqual([0, '']);
    expect(out).toContain('VM default/vmi-nvme of fleet lab: nothing is broken');
    expect(run(['explain', 'vm/default/vmi-nvme', '--fleet', 'fleet.yaml']).out).toBe(out);
    expect(run(['explain', 'vmi/vmi-nvme']).out).toBe(out);
  });

  it('prints JSON', () => {
    const { out } = run(['explain', 'node/node01', '--format', 'json']);

    expect(JSON.parse(out)).toMatchObject({
      version: 1,
      explanations: [
        {
          kind: 'node',
          name: 'node01',
          hasInventory: true,
          advertised: expect.arrayContaining([
            expect.objectContaining({ resourceName: 'nvidia.com/TU104GL_TESLA_T4', count: 2 }),
          ]) as unknown,
        },
      ],
    });
  });

  it('means the rule where a slug looks like a VM or a node, unless a fleet is named', () => {
    expect(run(['explain', 'vm/unknown-device']).out).toContain('VMI301');
    expect(run(['explain', 'vm/unknown-device', '--fleet', 'fleet.yaml'])).toMatchObject({ status: 2, out: '' });
  });

  it.each([
    ['vm/vmi-nvm', 'no VM "vmi-nvm"; there are vm/default/vmi-nvme'],
    ['vm/other/vmi-nvme', 'no VM "other/vmi-nvme"; there are vm/default/vmi-nvme'],
    ['node/node3', 'no node "node3"; there are node/node03'],
    ['device/zzzzzzzz', 'no device "zzzzzzzz"; there are device/nvme, device/qat, device/t4, device/t4-1q'],
  ])('knows near names of %s', (wanted, message) => {
    const { status, out, error } = run(['explain', wanted]);

    expect([status, out]).toEqual([2, '']);
    expect(error).toContain(message);
  });

  it('explains a fleet with errors, and says so of one that is no fleet', () => {
    const broken = run(['explain', 'vm/vmi-nvme'], (fleet) => fleet.replace('node: node03', 'node: node99'));

    expect(broken.status).toBe(0);
    expect(broken.out).toContain('^ the first broken step');
    expect(run(['explain', 'vm/vmi-nvme'], () => 'a: [')).toMatchObject({ status: 2, out: '' });
  });

  it('asks for the fleet where there is none, and names the rule that may be meant', () => {
    expect(run(['explain', 'vm/unknown-devise', '--fleet', 'gone.yaml']).error).toContain('cannot read gone.yaml');
    expect(run(['explain', 'NOD999']).error).toContain('no rule "NOD999"');
  });
});

describe('formats of check', () => {
  const commented = (fleet: string): string =>
    fleet.replace('      cpuVendor: amd', '      # hostdev-allow NOD408: the guides say so\n      cpuVendor: amd');

  it('counts what comments allow in the closing line and in JSON', () => {
    expect(run(['check'], commented).out).toMatch(/, 1 allowed by comments\n/);
    expect(JSON.parse(run(['check', '--format', 'json'], commented).out)).toMatchObject({
      counts: { suppressed: 1 },
      suppressed: [{ diagnostic: { code: 'NOD408' }, reason: 'the guides say so' }],
    });
  });

  it('prints SARIF with the pages of the rules', () => {
    const log = JSON.parse(run(['check', '--format', 'sarif'], commented).out) as {
      readonly runs: readonly {
        readonly tool: { readonly driver: { readonly rules: readonly { help: { text: string } }[] } };
      }[];
    };

    expect(log.runs[0]?.tool.driver.rules.every(({ help }) => help.text.includes('how to allow it'))).toBe(true);
  });

  it('names files from the checkout in workflows', () => {
    const { out } = run(['check', '--format', 'github'], undefined, { GITHUB_WORKSPACE: '/' });

    expect(out).toContain('file=w/fleet.yaml,');
    expect(run(['check', '--format', 'github']).out).toContain('file=fleet.yaml,');
    expect(run(['check', '--format', 'github'], undefined, { GITHUB_WORKSPACE: '/else' }).out).toContain(
      'file=/w/fleet.yaml,',
    );
  });

  it('refuses a format that there is not', () => {
    expect(run(['check', '--format', 'xml']).status).toBe(2);
  });
});
