import { foreignIdSources, moduleOptionsPath, type PreparationUnit } from '../../analysis';
import type { VfioIdSource } from '../../openshift';
import { compareText } from '../../model';
import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { entryPlace } from '../functions';
import { choiceBy, missingMachineConfigs } from '../live-cluster';
import { defineRule } from '../rule';
import { LINUX, MACHINE_CONFIG_OPERATOR } from '../sources';
import { fitting, fittingLabel } from '../words';

const FLEET = exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }, current: cluster/ }
inventory: inventory/
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4 }
nodePools:
  gpu: { nodes: [node01], passthrough: [{ device: «t4» }] }
`);

const INVENTORY = exampleInventory('node01', [exampleFunction('0000:65:00.0', '0302', '10de:1eb8', { group: 27 })]);

const liveConfig = (argument: string): string => `
apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfig
metadata:
  name: 50-vfio
  labels: { machineconfiguration.openshift.io/role: worker }
spec:
  kernelArguments: [${argument}]
`;

export const splitIdList = defineRule({
  code: 'NOD430',
  slug: 'node/split-id-list',
  severity: 'error',
  needs: ['current'],
  concerns: ({ analysis }) => analysis.units.some(({ effects }) => effects.ids.length > 0),
  lacksPartly: ({ analysis }) => missingMachineConfigs(analysis),
  summary: 'another MachineConfig gives vfio-pci a list of ids too',
  why: `
The lists of ids that vfio-pci is given do not add up: modprobe joins all \`options\` lines and puts the kernel command line last, and
the module keeps the last list. A custom machine config pool gets the MachineConfigs of \`worker\` too, so two lists meet although
nobody put them into one place. The devices of the other list stay with their own drivers.`,
  sources: [
    { claim: 'the last value of the parameter is kept', url: `${LINUX}/drivers/vfio/pci/vfio_pci.c` },
    { claim: 'each occurrence overwrites the one before', url: `${LINUX}/kernel/params.c` },
    {
      claim: 'a custom pool gets the MachineConfigs of worker',
      url: `${MACHINE_CONFIG_OPERATOR}/19ba3dda6e7a34fe5f15917152271191f9adb655/pkg/controller/common/helpers.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'a kernel argument inherited from worker',
        yaml: FLEET,
        files: { 'inventory/node01.yaml': INVENTORY, 'cluster/configs.yaml': liveConfig('vfio-pci.ids=8086:0d58') },
      },
    ],
    good: [
      {
        name: 'the same list',
        yaml: FLEET.replace(/[«»]/g, ''),
        files: { 'inventory/node01.yaml': INVENTORY, 'cluster/configs.yaml': liveConfig('vfio_pci.ids=10DE:1EB8') },
      },
    ],
  },
  *check({ analysis }) {
    for (const unit of analysis.units) {
      const choice = choiceBy(unit, 'id');
      if (unit.effects.ids.length === 0 || choice === undefined) continue;
      const ownPath = moduleOptionsPath(unit.effects);
      const others = foreignIdSources(unit.foreignConfigs, ownPath).filter((list) => isAnother(list, unit));
      const last = others.at(-1);
      if (last === undefined) continue;
      const isLost = last.path === undefined || compareText(last.path, ownPath) > 0;
      yield {
        message: fitting(
          `machine config pool ${unit.name} has another list of ids for vfio-pci in ${last.config.name}`,
          `machine config pool ${unit.name} has another list of ids for vfio-pci`,
          'a machine config pool has another list of ids for vfio-pci',
        ),
        primary: {
          at: entryPlace(choice.passthrough),
          text: isLost ? 'its id is lost to the other list' : 'its id replaces the other list',
        },
        secondary: [
          {
            at: last.place,
            text: fittingLabel(
              last.path === undefined ? 'a kernel argument comes last, and counts' : `in ${last.path}`,
              'the other list',
            ),
          },
        ],
        notes: ['vfio-pci keeps the last list that it is given'],
        help: ['put all ids into one list, or set `binding: address`'],
      };
    }
  },
});

/** A list of the same ids does what ours does. */
function isAnother({ ids }: VfioIdSource, { effects }: PreparationUnit): boolean {
  const own = new Set<string>(effects.ids);
  return ids.length !== own.size || ids.some((id) => !own.has(id));
}
