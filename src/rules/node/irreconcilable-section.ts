import { isJsonObject, jsonAt, type JsonObject, type JsonValue } from '../../model';
import { keyPlace, placeAt } from '../../source';
import { exampleMachineConfig } from '../example';
import { writtenConfigs } from '../machine-configs';
import { defineRule } from '../rule';
import { MACHINE_CONFIG_OPERATOR } from '../sources';

/** What never changes on a node that runs; the first group may be right in what is given to the installer. */
const AT_INSTALLATION = ['disks', 'filesystems', 'raid', 'luks'];
const NEVER = ['directories', 'links'];

const withStorage = (storage: string): string =>
  exampleMachineConfig(
    '100-worker-vfio',
    `config:
  ignition: { version: 3.2.0 }
  storage: ${storage}`,
  );

export const irreconcilableSection = defineRule({
  code: 'NOD456',
  slug: 'node/irreconcilable-section',
  severity: 'error',
  needs: [],
  manifests: [],
  manifestsOnly: true,
  summary: 'a MachineConfig changes what never changes on a running node',
  why: `
On nodes that run, files and systemd units may change. Directories, links, groups, kernel arguments in Ignition's own form, and users but \`core\` cannot: the
machine-config-daemon refuses the change, and the nodes are degraded. Disks, file systems and RAID are made at the installation and
not later: a warning, since the installer takes them.`,
  sources: [
    {
      claim: 'what can be reconciled',
      url: `${MACHINE_CONFIG_OPERATOR}/3b7ffc348eb7d127bf570c64f75c6d90f65408e0/pkg/daemon/update.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'a link',
        reads: 'manifests',
        yaml: withStorage('{ «links»: [{ path: /etc/vfio, target: /etc/modprobe.d }] }'),
      },
    ],
    good: [
      {
        name: 'a file',
        reads: 'manifests',
        yaml: withStorage(
          '{ files: [{ path: /etc/modules-load.d/vfio-pci.conf, contents: { source: "data:,vfio-pci" } }] }',
        ),
      },
    ],
  },
  *check({ fleet }) {
    for (const { object } of writtenConfigs(fleet)) {
      const config = jsonAt(object.content, 'spec', 'config');
      if (!isJsonObject(config)) continue;
      for (const { path, isError } of sections(config)) {
        yield {
          ...(isError ? {} : { severity: 'warning' as const }),
          message: `\`${path.join('.')}\` cannot change on a running node`,
          primary: {
            at: keyPlace(placeAt(object.place, 'spec', 'config', ...path)),
            text: isError ? 'refused by the machine-config-daemon' : 'for the installation only',
          },
          notes: ['the machine-config-daemon marks a node as degraded that it cannot change'],
        };
      }
    }
  },
});

function sections(config: JsonObject): { readonly path: readonly string[]; readonly isError: boolean }[] {
  const isFull = (value: JsonValue | undefined): boolean =>
    Array.isArray(value) ? value.length > 0 : isJsonObject(value) && Object.keys(value).length > 0;
  const storage = [...NEVER, ...AT_INSTALLATION].map((section) => ({
    path: ['storage', section],
    isError: NEVER.includes(section),
  }));
  const others = [
    { path: ['kernelArguments'], isError: true },
    { path: ['passwd', 'groups'], isError: true },
  ];
  return [...storage, ...others].filter(({ path }) => isFull(jsonAt(config, ...path)));
}
