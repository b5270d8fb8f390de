import { BIND_UNIT_NAME, preparedPaths, VERIFY_UNIT_NAME, type PreparationUnit } from '../../analysis';
import {
  idsOfModprobeFile,
  loadsVfioPci,
  parseVfioIds,
  type MachineConfig,
  type MachineConfigFile,
} from '../../openshift';
import type { Place } from '../../source';
import { exampleFleet } from '../example';
import { entryPlace } from '../functions';
import { isMergedAfter, missingMachineConfigs, unitPlace } from '../live-cluster';
import { defineRule } from '../rule';
import { MACHINE_CONFIG_OPERATOR } from '../sources';
import { fitting, fittingLabel } from '../words';

const FLEET = exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }, current: cluster/ }
devices:
  nvme: { pci: ["8086:5845"], resourceName: example.com/nvme }
nodePools:
  drives: { nodes: [node03], cpuVendor: intel, passthrough: [{ device: «nvme», addresses: ["0000:5e:00.0"] }] }
`);

const liveConfig = (path: string, text: string): string => `
apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfig
metadata:
  name: 99-drives-modules
  labels: { machineconfiguration.openshift.io/role: drives }
spec:
  config:
    ignition: { version: 3.2.0 }
    storage:
      files:
        - { path: ${path}, mode: 420, contents: { source: "data:,${text}" } }
`;

export const contestedFile = defineRule({
  code: 'NOD431',
  slug: 'node/contested-file',
  severity: 'error',
  needs: ['current'],
  concerns: ({ analysis }) =>
    analysis.units.some(({ effects, platform }) => platform === 'openshift' && preparedPaths(effects).length > 0),
  lacksPartly: ({ analysis }) => missingMachineConfigs(analysis),
  summary: 'another MachineConfig writes a file of the fleet',
  why: `
Of two MachineConfigs that write one path, the later in the order of merging replaces the file as a whole; contents are never joined. First
come those of \`worker\` by name, then those of the pool by name, compared as texts: \`100-x\` comes before \`99-x\`. One of the two
features is lost without a word.`,
  sources: [
    {
      claim: 'the later file replaces the earlier, and this is the order',
      url: `${MACHINE_CONFIG_OPERATOR}/19ba3dda6e7a34fe5f15917152271191f9adb655/pkg/controller/common/helpers.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'a modules file of the same name',
        yaml: FLEET,
        files: { 'cluster/configs.yaml': liveConfig('/etc/modules-load.d/vfio-pci.conf', 'vfio_virqfd') },
      },
    ],
    good: [
      {
        name: 'a file of another name',
        yaml: FLEET.replace(/[«»]/g, ''),
        files: { 'cluster/configs.yaml': liveConfig('/etc/modules-load.d/storage.conf', 'vfio_virqfd') },
      },
      {
        name: 'a file that does the same',
        yaml: FLEET.replace(/[«»]/g, ''),
        files: { 'cluster/configs.yaml': liveConfig('/etc/modules-load.d/vfio-pci.conf', 'vfio-pci') },
      },
    ],
  },
  *check({ analysis }) {
    for (const unit of analysis.units) {
      const [first] = unit.foreignConfigs.flatMap((config) => contested(unit, config));
      if (first === undefined) continue;
      const { config, path, place } = first;
      const entry = unit.strategies.find(({ strategy }) => strategy !== 'external')?.passthrough;
      yield {
        message: fitting(
          `${path} of machine config pool ${unit.name} is written by ${config.name} too`,
          `${path} is written by another MachineConfig too`,
        ),
        primary: {
          at: entry === undefined ? unitPlace(unit) : entryPlace(entry),
          text: isMergedAfter(config, unit, unit.configNames.vfio)
            ? 'what is written for it is replaced'
            : 'what is written for it replaces the other',
        },
        secondary: [{ at: place, text: fittingLabel(`written by ${config.name}`, 'written here too') }],
        notes: ['the machine-config-operator keeps the file of the MachineConfig that is merged last'],
        help: ['take the file out of one of the MachineConfigs'],
      };
    }
  },
});

const OWN_UNITS: readonly string[] = [BIND_UNIT_NAME, VERIFY_UNIT_NAME];

interface Contested {
  readonly config: MachineConfig;
  readonly path: string;
  readonly place: Place;
}

function contested(unit: PreparationUnit, config: MachineConfig): Contested[] {
  const own = new Set(preparedPaths(unit.effects));
  const files = config.files.filter((file) => own.has(file.path) && !doesTheSame(file, unit));
  const units = unit.effects.rows.length === 0 ? [] : config.units.filter(({ text }) => OWN_UNITS.includes(text));
  return [
    ...files.map(({ path, pathPlace }) => ({ config, path, place: pathPlace })),
    ...units.map(({ text, place }) => ({ config, path: text, place })),
  ];
}

/** Whether it does not matter which of the two files stays. */
function doesTheSame(file: MachineConfigFile, { effects }: PreparationUnit): boolean {
  const { path, text } = file;
  const kind = effects.files.find((own) => own.path === path)?.kind;
  if (text === undefined) return false;
  if (kind === 'module-list') return loadsVfioPci(file);
  if (kind !== 'module-options') return false;
  const ids = new Set<string>(parseVfioIds(idsOfModprobeFile(text).at(-1) ?? '').ids);
  return ids.size === effects.ids.length && effects.ids.every((id) => ids.has(id));
}
