import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { MACHINE_CONFIG_OPERATOR } from '../sources';
import { fitting } from '../words';

/** Names that the machine-config-operator's own controllers use. */
const RESERVED: readonly RegExp[] = [
  /^rendered-/,
  /^(?:98|99)-.+-generated-/,
  /^99-.+-ssh$/,
  /^00-(?:worker|master)$/,
  /^01-.+-(?:kubelet|container-runtime)$/,
];

export const reservedName = defineRule({
  code: 'NOD409',
  slug: 'node/reserved-name',
  severity: 'error',
  suppressible: false,
  needs: [],
  summary: 'a MachineConfig is to have a name that the machine-config-operator uses itself',
  why: `
\`machineConfigNames\` keeps the names of MachineConfigs that exist already. Names such as \`rendered-…\`, \`99-worker-ssh\` or
\`98-worker-generated-kubelet\` belong to controllers, which write their own content into these objects: ours would be overwritten,
or theirs lost.`,
  sources: [
    {
      claim: 'names of generated objects',
      url: `${MACHINE_CONFIG_OPERATOR}/489662a080f196d8e5448444613a8d5fe9bfb9f0/pkg/controller/kubelet-config/helpers.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'the object with the ssh keys',
        yaml: exampleFleet(`
nodePools:
  gpu: { nodes: [node01], machineConfigNames: { vfio: «99-worker-ssh» } }
`),
      },
    ],
    good: [
      {
        name: 'the name from the OpenShift documentation',
        yaml: exampleFleet(`
nodePools:
  gpu: { nodes: [node01], machineConfigNames: { vfio: 100-worker-vfiopci } }
`),
      },
    ],
  },
  *check({ fleet }) {
    for (const pool of fleet.nodePools) {
      for (const purpose of ['kernelArguments', 'vfio'] as const) {
        const name = pool.machineConfigNames[purpose];
        if (name === undefined || !RESERVED.some((form) => form.test(name))) continue;
        yield {
          message: fitting(
            `MachineConfig name ${name} belongs to the machine-config-operator`,
            'a MachineConfig name belongs to the machine-config-operator',
          ),
          primary: { at: placeAt(pool.place, 'machineConfigNames', purpose), text: 'written by a controller' },
          help: ['use another name, or leave it out'],
        };
      }
    }
  },
});
