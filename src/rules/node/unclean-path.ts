import { posix } from 'node:path';
import { jsonAt } from '../../model';
import { placeAt } from '../../source';
import { exampleFileSpec, exampleMachineConfig } from '../example';
import { filesOf, writtenConfigs } from '../machine-configs';
import { defineRule } from '../rule';
import { MACHINE_CONFIG_OPERATOR } from '../sources';
import { fitting } from '../words';

const at = (path: string): string =>
  exampleMachineConfig('100-worker-bind', exampleFileSpec(path, 'data:,%23%21%2Fbin%2Fsh%0A', 'mode: 493'));

export const uncleanPath = defineRule({
  code: 'NOD454',
  slug: 'node/unclean-path',
  severity: 'error',
  needs: [],
  manifests: [],
  manifestsOnly: true,
  summary: 'a MachineConfig writes a file where none can be written',
  why: `
A path is absolute and clean: without \`..\`, \`//\` and a slash at its end. /usr is read-only on the nodes, except for /usr/local. /run/machine-config-daemon-force
belongs to the machine-config-daemon. Ignition refuses the first, writing fails at the second, and the node is degraded.`,
  sources: [
    {
      claim: 'what is refused',
      url: `${MACHINE_CONFIG_OPERATOR}/19ba3dda6e7a34fe5f15917152271191f9adb655/pkg/controller/common/helpers.go`,
    },
  ],
  examples: {
    bad: [{ name: 'below /usr', reads: 'manifests', yaml: at('«/usr/bin/bind-devices»') }],
    good: [{ name: 'below /usr/local', reads: 'manifests', yaml: at('/usr/local/bin/bind-devices') }],
  },
  *check({ fleet }) {
    for (const { value, place } of writtenConfigs(fleet).flatMap(filesOf)) {
      const path = jsonAt(value, 'path');
      const wrong = typeof path === 'string' ? problemOf(path) : undefined;
      if (typeof path !== 'string' || wrong === undefined) continue;
      yield {
        message: fitting(`${path} cannot be written`, 'a file of a MachineConfig cannot be written'),
        primary: { at: placeAt(place, 'path'), text: wrong },
        help: ['use a path below /etc or /usr/local'],
      };
    }
  },
});

function problemOf(path: string): string | undefined {
  if (!path.startsWith('/')) return 'not absolute';
  if (posix.normalize(path) !== path || path.endsWith('/')) return 'not a clean path';
  if (path.startsWith('/usr/') && !path.startsWith('/usr/local/')) return 'read-only on the node';
  return path === '/run/machine-config-daemon-force' ? 'belongs to the machine-config-daemon' : undefined;
}
