import { placeAt } from '../../source';
import { exampleFleet, exampleMachineConfig } from '../example';
import { defineRule } from '../rule';
import { MACHINE_CONFIG_OPERATOR } from '../sources';
import { fitting } from '../words';

const FLEET = (name: string): string =>
  exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }, current: cluster/ }
nodePools:
  gpu: { nodes: [node01], machineConfigNames: { kernelArguments: ${name} } }
`);

const LIVE = exampleMachineConfig('100-gpu-iommu', 'kernelArguments: [intel_iommu=on]', 'gpu');

export const unseenConfig = defineRule({
  code: 'NOD490',
  slug: 'node/unseen-config',
  severity: 'info',
  needs: ['current'],
  concerns: ({ fleet }) =>
    fleet.nodePools.some(
      ({ machineConfigNames: { kernelArguments, vfio } }) => (kernelArguments ?? vfio) !== undefined,
    ),
  summary: 'a MachineConfig whose name is kept is not among the live objects',
  why: `
\`machineConfigNames\` keeps MachineConfigs that exist. What such an object does already is written as it stands in it, because the machine config daemon compares
files entry by entry: the same text in another encoding, or under another path, reboots every node of the pool. Where the object is
not among those of \`cluster.current\` with the role of the pool, hostdev writes its own form under that name.`,
  sources: [
    {
      claim: 'files are compared entry by entry, their encoding included',
      url: `${MACHINE_CONFIG_OPERATOR}/19ba3dda6e7a34fe5f15917152271191f9adb655/pkg/controller/common/helpers.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'the dump does not hold it',
        yaml: FLEET('«100-gpu-arguments»'),
        files: { 'cluster/configs.yaml': LIVE },
      },
    ],
    good: [{ name: 'it is there', yaml: FLEET('100-gpu-iommu'), files: { 'cluster/configs.yaml': LIVE } }],
  },
  *check({ analysis }) {
    for (const { platform, pools, adopted, name: unit } of analysis.units) {
      if (platform !== 'openshift') continue;
      for (const purpose of ['kernelArguments', 'vfio'] as const) {
        const pool = pools.find(({ machineConfigNames }) => machineConfigNames[purpose] !== undefined);
        const name = pool?.machineConfigNames[purpose];
        if (pool === undefined || name === undefined || adopted[purpose] !== undefined) continue;
        yield {
          message: fitting(
            `MachineConfig ${name} of machine config pool ${unit} is not among the live objects`,
            `MachineConfig ${name} is not among the live objects`,
            'a MachineConfig that is kept is not among the live objects',
          ),
          primary: { at: placeAt(pool.place, 'machineConfigNames', purpose), text: 'written in a form of its own' },
          notes: ['where it exists and has another form, the machine-config-operator reboots every node of the pool'],
          help: ['add it to the folder of live objects: `kubectl get machineconfigs -o yaml`'],
        };
      }
    }
  },
});
