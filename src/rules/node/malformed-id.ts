import { vfioIdSources } from '../../openshift';
import { exampleMachineConfig } from '../example';
import { configPools } from '../machine-configs';
import { defineRule } from '../rule';
import { LINUX } from '../sources';
import { fitting } from '../words';

const withIds = (argument: string): string =>
  exampleMachineConfig('100-worker-vfio', `kernelArguments: [intel_iommu=on, ${argument}]`);

export const malformedId = defineRule({
  code: 'NOD451',
  slug: 'node/malformed-id',
  severity: 'error',
  needs: [],
  manifests: [],
  manifestsOnly: true,
  summary: 'an entry of a list of ids for vfio-pci is not an id',
  why: `
Entries are \`vendor:device\` in hexadecimal, with subsystem and class behind it where it is to be narrower, joined by commas. vfio-pci passes over an
entry of another form with a line in the kernel log; the device stays with its driver, and nobody sees why.`,
  sources: [{ claim: 'what an entry is', url: `${LINUX}/drivers/vfio/pci/vfio_pci.c` }],
  examples: {
    bad: [{ name: 'a blank would end it', reads: 'manifests', yaml: withIds('«vfio-pci.ids=10de-1eb8»') }],
    good: [{ name: 'two ids', reads: 'manifests', yaml: withIds('"vfio-pci.ids=10de:1eb8,8086:6f54"') }],
  },
  *check({ fleet }) {
    for (const source of new Set(configPools(fleet).flatMap(vfioIdSources))) {
      for (const entry of source.malformed) {
        yield {
          message: fitting(
            `\`${entry}\` in a list of ids is not a PCI id`,
            'an entry in a list of ids is not a PCI id',
          ),
          primary: { at: source.place, text: 'the entry is passed over' },
          notes: ['vfio-pci says so in the kernel log only'],
          help: ['write `vendor:device`, four hexadecimal digits each'],
        };
      }
    }
  },
});
