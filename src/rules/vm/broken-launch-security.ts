import type { AnalysedMachine } from '../../analysis';
import { isJsonObject, jsonAt, type JsonObject } from '../../model';
import { exampleMachine } from '../example';
import { inSpec, itemsIn, machineFindings, machinesStating, specPlace } from '../machine-statements';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';

const KINDS = ['sev', 'snp', 'tdx'] as const;

export const brokenLaunchSecurity = defineRule({
  code: 'VMI342',
  slug: 'vm/broken-launch-security',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: 'the confidential launch that a VM asks for does not go with the rest of it',
  why: `
\`launchSecurity\` names one of \`sev\`, \`snp\` and \`tdx\`. Such a guest starts from EFI; under SEV and SNP without secure boot, which \`efi\` has unless it is told
otherwise; under TDX without SMM; without a boot order of its NICs; and under SNP and TDX without EFI variables that are kept. There is none on arm64.
virt-api refuses anything else.`,
  sources: [{ claim: 'what a confidential launch needs', url: `${KUBEVIRT}/pkg/virt-api/webhooks/amd64.go` }],
  examples: {
    bad: [
      {
        name: 'SNP with the BIOS',
        yaml: exampleMachine(
          `
domain:
  launchSecurity: { «snp»: {} }
  memory: { guest: 4Gi }
  devices: {}
`,
          { request: 'metadata: {}' },
        ),
      },
      {
        name: 'SEV with secure boot, which is the default',
        yaml: exampleMachine(
          `
domain:
  launchSecurity: { sev: {} }
  firmware: { bootloader: { efi: «{}» } }
  memory: { guest: 4Gi }
  devices: {}
`,
          { request: 'metadata: {}' },
        ),
      },
    ],
    good: [
      {
        name: 'SNP from EFI without secure boot',
        yaml: exampleMachine(
          `
domain:
  launchSecurity: { snp: {} }
  firmware: { bootloader: { efi: { secureBoot: false } } }
  memory: { guest: 4Gi }
  devices: {}
`,
          { request: 'metadata: {}' },
        ),
      },
    ],
  },
  *check({ analysis }) {
    yield* machineFindings(machinesStating(analysis, 'domain', 'launchSecurity'), function* (machine) {
      const security = inSpec(machine, 'domain', 'launchSecurity');
      if (!isJsonObject(security) || inSpec(machine, 'architecture') === 's390x') return;
      const kinds = KINDS.filter((kind) => isJsonObject(security[kind]));
      for (const { what, path, label, isKey } of breaches(machine, security, kinds)) {
        const at = specPlace(machine, ...path);
        yield {
          message: (vm) => `${vm} ${what}`,
          at: isKey === true && at.kind === 'document' ? { ...at, part: 'key' } : at,
          label,
          notes: ['virt-api refuses such a VM'],
        };
        // the first one hides what comes of it
        return;
      }
    });
  },
});

interface Breach {
  readonly what: string;
  readonly path: readonly (string | number)[];
  readonly label: string;
  readonly isKey?: boolean;
}

function* breaches(
  machine: AnalysedMachine,
  security: JsonObject,
  kinds: readonly (typeof KINDS)[number][],
): Iterable<Breach> {
  const domain = (...path: readonly (string | number)[]): readonly (string | number)[] => ['domain', ...path];
  const [kind, second] = kinds;
  if (second !== undefined) {
    yield {
      what: 'asks for 2 kinds of confidential launch',
      path: domain('launchSecurity', second),
      label: 'another kind',
      isKey: true,
    };
  }
  if (kind === undefined) return;
  const name = kind.toUpperCase();
  if (inSpec(machine, 'architecture') === 'arm64') {
    yield { what: 'asks for a confidential launch on arm64', path: ['architecture'], label: 'only on amd64 and s390x' };
  }
  const efi = inSpec(machine, 'domain', 'firmware', 'bootloader', 'efi');
  // what the VM does not say of its firmware a preference may bring
  const hasPreference = isJsonObject(machine.machine.machine['preference']);
  const isOpen = hasPreference && (!isJsonObject(efi) || efi['secureBoot'] === undefined);
  if (isOpen) {
    // nothing to say of it
  } else if (!isJsonObject(efi)) {
    yield {
      what: `asks for ${name} without EFI`,
      path: domain('launchSecurity', kind),
      label: 'needs `bootloader.efi`',
      isKey: true,
    };
  } else if (kind !== 'tdx' && efi['secureBoot'] !== false) {
    yield {
      what: `asks for ${name} and for secure boot`,
      path: domain('firmware', 'bootloader', 'efi', ...(efi['secureBoot'] === undefined ? [] : ['secureBoot'])),
      label: efi['secureBoot'] === undefined ? 'secure boot unless `secureBoot: false`' : 'does not go with it',
    };
  } else if (kind !== 'sev' && efi['persistent'] === true) {
    yield {
      what: `asks for ${name} and keeps its EFI variables`,
      path: domain('firmware', 'bootloader', 'efi', 'persistent'),
      label: 'does not go with it',
    };
  }
  const smm = inSpec(machine, 'domain', 'features', 'smm');
  if (kind === 'tdx' && isJsonObject(smm) && smm['enabled'] !== false) {
    yield { what: 'asks for TDX and for SMM', path: domain('features', 'smm'), label: 'does not go with it' };
  }
  const nic = itemsIn(machine, 'domain', 'devices', 'interfaces').findIndex(
    (one) => typeof jsonAt(one, 'bootOrder') === 'number',
  );
  if (nic >= 0) {
    yield {
      what: `asks for ${name} and boots from a NIC`,
      path: domain('devices', 'interfaces', nic, 'bootOrder'),
      label: 'does not go with it',
    };
  }
}
