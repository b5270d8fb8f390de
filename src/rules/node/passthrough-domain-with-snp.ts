import type { PreparationUnit } from '../../analysis';
import { isJsonObject } from '../../model';
import { keyPlace, type Place } from '../../source';
import { exampleFleet } from '../example';
import { inSpec, machinesStating, specPlace } from '../machine-statements';
import { defineRule } from '../rule';
import { LINUX } from '../sources';
import { fitting } from '../words';

const fleetWith = (pool: string): string =>
  exampleFleet(`
nodePools:
  secret: { nodes: [node01], cpuVendor: amd, ${pool} }
virtualMachines:
  vault:
    pool: secret
    spec:
      domain:
        launchSecurity: { snp: {} }
        firmware: { bootloader: { efi: { secureBoot: false } } }
        memory: { guest: 4Gi }
        devices: {}
`);

export const passthroughDomainWithSnp = defineRule({
  code: 'NOD464',
  slug: 'node/passthrough-domain-with-snp',
  severity: 'error',
  needs: [],
  manifests: [],
  concerns: ({ analysis }) => machinesStating(analysis, 'domain', 'launchSecurity', 'snp').machines.length > 0,
  summary: 'SEV-SNP guests are to run on nodes with `iommu=pt`',
  why: `
With \`iommu=pt\` or \`iommu.passthrough=1\` devices of the host skip translation. The kernel then turns off its support of SEV-SNP guests, which needs every access to
go through the IOMMU: confidential VMs do not start on such a node.`,
  sources: [{ claim: 'SNP is turned off', url: `${LINUX}/drivers/iommu/amd/init.c` }],
  examples: {
    bad: [{ name: 'for speed', yaml: fleetWith('kernelArguments: [«iommu=pt»]') }],
    good: [{ name: 'without', yaml: fleetWith('kernelArguments: [amd_iommu=force_isolation]') }],
  },
  *check({ analysis }) {
    const said = new Set<Place>();
    for (const unit of analysis.units) {
      const skipping = skippingPlace(unit);
      if (skipping === undefined || said.has(skipping)) continue;
      const guest = analysis.machines.find(
        (machine) =>
          isJsonObject(inSpec(machine, 'domain', 'launchSecurity', 'snp')) &&
          machine.candidates.length > 0 &&
          machine.candidates.every((node) => unit.nodes.includes(node)),
      );
      if (guest === undefined) continue;
      said.add(skipping);
      yield {
        message: fitting(
          `VM ${guest.machine.id} is an SNP guest, and its nodes have \`iommu=pt\``,
          'a VM is an SNP guest, and its nodes have `iommu=pt`',
        ),
        primary: { at: skipping, text: 'turns SEV-SNP off on the host' },
        secondary: [
          { at: keyPlace(specPlace(guest, 'domain', 'launchSecurity', 'snp')), text: 'a guest that needs it' },
        ],
        help: ['remove the argument'],
      };
    }
  },
});

function skippingPlace({ pools }: PreparationUnit): Place | undefined {
  return pools
    .flatMap(({ kernelArguments }) => kernelArguments)
    .find(({ text }) => /^iommu=(?:.*,)?pt(?:,|$)|^iommu\.passthrough=(?:1|y|on)$/i.test(text))?.place;
}
