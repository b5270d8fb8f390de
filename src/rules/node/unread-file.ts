import { jsonAt } from '../../model';
import { decodeDataUrl } from '../../openshift';
import { placeAt } from '../../source';
import { exampleFileSpec, exampleMachineConfig } from '../example';
import { filesOf, writtenConfigs } from '../machine-configs';
import { defineRule } from '../rule';
import { MACHINE_CONFIG_OPERATOR } from '../sources';
import { fitting } from '../words';

const withSource = (source: string): string =>
  exampleMachineConfig('100-worker-vfiopci', exampleFileSpec('/etc/modprobe.d/vfio.conf', source));

export const unreadFile = defineRule({
  code: 'NOD452',
  slug: 'node/unread-file',
  severity: 'error',
  needs: [],
  manifests: [],
  manifestsOnly: true,
  summary: 'a file of a MachineConfig has no contents that can be read',
  why: `
After the installation contents are read from \`data:\` URLs only, plain or base64, compressed by gzip or not. Another URL is never fetched and stops the
pool; contents in a form that Ignition does not know, Butane's \`inline\` for one, give an empty file without a word.`,
  sources: [
    {
      claim: 'how contents are decoded',
      url: `${MACHINE_CONFIG_OPERATOR}/19ba3dda6e7a34fe5f15917152271191f9adb655/pkg/controller/common/helpers.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'a URL of a web server',
        reads: 'manifests',
        yaml: withSource('https://example.com/vfio.conf').replace(/"(https[^"]*)"/, '«"$1"»'),
      },
      {
        name: "Butane's form",
        reads: 'manifests',
        yaml: withSource('').replace('source: ""', '«inline»: options vfio-pci ids=10de:1eb8'),
      },
    ],
    good: [
      {
        name: 'a data URL',
        reads: 'manifests',
        yaml: withSource('data:,options%20vfio-pci%20ids=10de:1eb8%0A'),
      },
    ],
  },
  *check({ fleet }) {
    for (const { value, place } of writtenConfigs(fleet).flatMap(filesOf)) {
      const path = jsonAt(value, 'path');
      const source = jsonAt(value, 'contents', 'source');
      const inline = jsonAt(value, 'contents', 'inline');
      const name = typeof path === 'string' ? path : 'a file';
      if (source === undefined && inline !== undefined) {
        const at = placeAt(place, 'contents', 'inline');
        yield {
          message: fitting(`${name} is written empty`, 'a file is written empty'),
          primary: {
            at: at.kind === 'document' ? { ...at, part: 'key' } : at,
            text: 'a key of Butane, which Ignition drops',
          },
          help: ['run Butane over it, or write a `data:` URL under `source`'],
        };
        continue;
      }
      if (typeof source !== 'string' || source === '') continue;
      const compression = jsonAt(value, 'contents', 'compression');
      const decoded = decodeDataUrl(source, typeof compression === 'string' ? compression : undefined);
      if (decoded.ok) continue;
      yield {
        message: fitting(`the contents of ${name} cannot be read`, 'the contents of a file cannot be read'),
        primary: { at: placeAt(place, 'contents', 'source'), text: decoded.reason },
        notes: ['the machine-config-operator renders nothing for the pool any more'],
      };
    }
  },
});
