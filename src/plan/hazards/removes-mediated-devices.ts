import { changesOf } from '../changes/diff-baselines';
import { counted, shortList } from '../words';
import { exampleFleet } from './example';
import { defineHazard, radiusOf } from './hazard';
import { KUBEVIRT } from './sources';

const VGPUS = `t4-1q: { mdev: { name: GRID T4-1Q, typeId: nvidia-222, parent: "10de:1eb8" }, resourceName: nvidia.com/GRID_T4-1Q }
  t4-2q: { mdev: { name: GRID T4-2Q, typeId: nvidia-223, parent: "10de:1eb8" }, resourceName: nvidia.com/GRID_T4-2Q }`;

const withTypes = (types: string): string =>
  exampleFleet(`
devices:
  ${VGPUS}
nodePools:
  gpu-a:
    nodes: [gpu-a-01, gpu-a-02]
    cpuVendor: intel
    mediatedDevices: [${types}]
`);

export const removesMediatedDevices = defineHazard({
  code: 'PLN501',
  slug: 'plan/removes-mediated-devices',
  severity: 'error',
  summary: 'virt-handler removes mediated devices whose type is no longer wanted on their node',
  why: `
While the handling of mediated devices is on, virt-handler compares what is there with the types that are listed for its node, at every
change of the configuration and at every heartbeat. It removes every mediated device of another type, unless the type is permitted with
\`externalResourceProvider: true\`. It does not look whether a VM uses one.`,
  sources: [
    {
      claim: 'mediated devices of types that are not listed are removed',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/mediated_devices_types.go`,
    },
    { claim: 'this happened to devices that others had made', url: 'https://github.com/kubevirt/kubevirt/issues/9037' },
  ],
  examples: {
    bad: [
      {
        name: 'another type on the same cards',
        before: withTypes('{ device: t4-1q, createdBy: kubevirt }'),
        after: withTypes('{ device: t4-2q, createdBy: kubevirt }'),
        expected: 'the mediated devices of type nvidia-222 on 2 nodes are removed',
      },
    ],
    good: [
      {
        name: 'nothing of the types',
        before: withTypes('{ device: t4-1q, createdBy: kubevirt }'),
        after: withTypes('{ device: t4-1q, createdBy: kubevirt }').replace(
          'cpuVendor: intel',
          'cpuVendor: intel\n      maxUnavailable: 2',
        ),
      },
    ],
  },
  *find({ mediatedRemovals, changes }) {
    for (const { type, nodes, deviceCount, machines } of mediatedRemovals) {
      yield {
        message: `the mediated devices of type ${type} on ${counted(nodes.length, 'node')} are removed`,
        radius: radiusOf(nodes, machines),
        notes: [
          ...(deviceCount === undefined ? [] : [`there are ${deviceCount} of them`]),
          ...(machines.length === 0 ? [] : [`${counted(machines.length, 'VM')} may use them: ${shortList(machines)}`]),
          'virt-handler removes every mediated device whose type is no longer listed, whether or not a VM uses it',
        ],
        help: machines.length === 0 ? [] : [`stop ${shortList(machines)} first, or keep ${type} until they are gone`],
        changes: changesOf(changes, 'mediated')
          .filter((change) => (change.sign === 'added' ? false : change.before.state.type === type))
          .map(({ key }) => key),
      };
    }
  },
});
