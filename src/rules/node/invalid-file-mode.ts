import { jsonAt } from '../../model';
import { placeAt } from '../../source';
import { exampleFileSpec, exampleMachineConfig } from '../example';
import { filesOf, writtenConfigs } from '../machine-configs';
import { defineRule } from '../rule';
import { MACHINE_CONFIG_OPERATOR } from '../sources';

const withMode = (mode: string): string =>
  exampleMachineConfig(
    '100-worker-vfiopci',
    exampleFileSpec('/etc/modprobe.d/vfio.conf', 'data:,options%20vfio-pci%20ids=10de:1eb8%0A', `mode: ${mode}`),
  );

export const invalidFileMode = defineRule({
  code: 'NOD453',
  slug: 'node/invalid-file-mode',
  severity: 'error',
  needs: [],
  manifests: [],
  manifestsOnly: true,
  summary: 'the mode of a file in a MachineConfig is not one that it can have',
  why: `
The mode is a number, in decimal: 420 is 0644, 493 is 0755. Above 511, which is 0777, rendering stops for the whole pool. \`644\` without the leading zero is
decimal and means 01204.`,
  sources: [
    {
      claim: 'modes are checked when rendering',
      url: `${MACHINE_CONFIG_OPERATOR}/19ba3dda6e7a34fe5f15917152271191f9adb655/pkg/controller/common/helpers.go`,
    },
  ],
  examples: {
    bad: [{ name: 'octal digits read as decimal', reads: 'manifests', yaml: withMode('«644»') }],
    good: [{ name: '0644', reads: 'manifests', yaml: withMode('420') }],
  },
  *check({ fleet }) {
    for (const { value, place } of writtenConfigs(fleet).flatMap(filesOf)) {
      const mode = jsonAt(value, 'mode');
      if (mode === undefined || mode === null) continue;
      if (typeof mode === 'number' && Number.isInteger(mode) && mode >= 0 && mode <= 0o777) continue;
      const digits = typeof mode === 'number' || typeof mode === 'string' ? String(mode) : '';
      const meant = /^0?[0-7]{3}$/.test(digits) ? Number.parseInt(digits, 8) : undefined;
      const at = placeAt(place, 'mode');
      yield {
        message: typeof mode === 'number' ? `mode ${mode} is above 0777` : 'the mode of a file is not a number',
        primary: { at, text: 'a number up to 511, in decimal' },
        notes: ['the machine-config-operator renders nothing for the pool any more'],
        fixes:
          meant === undefined
            ? []
            : [{ title: `write 0${meant.toString(8)} in decimal`, safe: false, edits: [{ at, text: String(meant) }] }],
      };
    }
  },
});
