import { changesOf } from '../changes/diff-baselines';
import { exampleFleet } from './example';
import { defineHazard, radiusOf } from './hazard';

const fleet = (image: string): string =>
  exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: nvidia.com/TU104GL_TESLA_T4, externalResourceProvider: true, devicePlugin: nvidia }
devicePlugins: { nvidia: { image: "${image}" } }
nodePools:
  gpu: { nodes: [node01], cpuVendor: intel, passthrough: [{ device: t4, addresses: ["0000:3b:00.0"], binding: address }] }
`);

export const replacesDevicePlugin = defineHazard({
  code: 'PLN510',
  slug: 'plan/replaces-device-plugin',
  severity: 'warning',
  summary: 'the DaemonSet of a device plugin gets another image',
  why: `
A device plugin that restarts takes its resource from kubelet until it has registered again: VMs that are started meanwhile stay Pending. VMs that run keep their
devices as long as the plugin does not touch drivers when it ends; plugins that unbind devices at their end have stopped VMs at an update. The DaemonSets that hostdev
writes say \`updateStrategy: OnDelete\`: a merge restarts none of their pods, and each takes the image when somebody deletes it. Kubernetes rolls others, where they do not
say so, node after node by itself.`,
  sources: [
    { claim: 'a plugin that unbinds at its end', url: 'https://github.com/NVIDIA/gpu-operator/pull/2079' },
    {
      claim: 'when pods of a DaemonSet take a change',
      url: 'https://kubernetes.io/docs/tasks/manage-daemon/update-daemon-set/#daemonset-update-strategy',
    },
    { claim: 'capacity of a node gone until a restart', url: 'https://github.com/kubevirt/kubevirt/issues/16602' },
  ],
  examples: {
    bad: [
      {
        name: 'a newer image',
        before: fleet('nvcr.io/nvidia/kubevirt-gpu-device-plugin:v1.3.1'),
        after: fleet('nvcr.io/nvidia/kubevirt-gpu-device-plugin:v1.4.0'),
        expected: 'DaemonSet nvidia-kubevirt-gpu-device-plugin gets another image',
      },
    ],
    good: [
      {
        name: 'the image stays',
        before: fleet('nvcr.io/nvidia/kubevirt-gpu-device-plugin:v1.3.1'),
        after: fleet('nvcr.io/nvidia/kubevirt-gpu-device-plugin:v1.3.1').replace('spec:', 'spec:\n'),
      },
    ],
  },
  *find({ changes }) {
    for (const change of changesOf(changes, 'object')) {
      if (change.sign !== 'changed') continue;
      const image = change.fields.find(({ field }) => field === 'image');
      if (image === undefined) continue;
      const { name, updateStrategy } = change.after.state;
      const isOnDelete = updateStrategy === 'OnDelete';
      yield {
        message: isOnDelete ? `DaemonSet ${name} gets another image` : `DaemonSet ${name} is rolled to another image`,
        // which nodes its pods are on no baseline says
        radius: radiusOf([], []),
        notes: [
          `${String(image.from)} before, ${String(image.to)} afterwards`,
          ...(isOnDelete ? ['its pods take it when they are deleted: `updateStrategy` is `OnDelete`'] : []),
          'what the plugin serves is gone from a node until its pod has registered again',
        ],
        help: isOnDelete ? ['delete its pods node by node'] : [],
        changes: [change.key],
      };
    }
  },
});
