import { groupBy, isJsonObject, jsonAt, type CurrentObject } from '../../model';
import { moreMachines, requestPlace } from '../machines';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { counted, fitting, fittingLabel } from '../words';
import { placeAt } from '../../source';

const objects = (place: string, allocatable: string): string => `
apiVersion: v1
kind: Node
metadata: { name: node01, labels: { node-role.kubernetes.io/worker: "" } }
status: { allocatable: { cpu: "32"${allocatable} } }
---
apiVersion: kubevirt.io/v1
kind: KubeVirt
metadata: { name: kubevirt, namespace: kubevirt }
spec:
  configuration:
    permittedHostDevices:
      pciHostDevices: [{ pciVendorSelector: "10de:1eb8", resourceName: nvidia.com/t4 }]
---
apiVersion: kubevirt.io/v1
kind: VirtualMachine
metadata: { name: train-7 }
spec:
  runStrategy: Always
  template:
    spec:
      domain:
        memory: { guest: 4Gi }
        devices: { gpus: [{ name: gpu1, deviceName: ${place} }] }
`;

export const unadvertisedDevice = defineRule({
  code: 'VMI349',
  slug: 'vm/unadvertised-device',
  severity: 'warning',
  needs: [],
  manifests: ['nodes'],
  manifestsOnly: true,
  summary: 'a VM asks for a device that no node has at the moment',
  why: `
The name is permitted, and none of the Node objects has the resource under \`allocatable\`. Either no function is bound to the driver that the plugin wants, or
the plugin of that name does not run. The VM stays Pending, \`Insufficient RESOURCE\`. Objects show one moment: a node that was just booting has
nothing yet.`,
  sources: [
    {
      claim: 'an entry is one of the resource',
      url: `${KUBEVIRT}/pkg/virt-controller/services/renderresources.go`,
    },
  ],
  examples: {
    bad: [{ name: 'no node has one', reads: 'manifests', yaml: objects('«nvidia.com/t4»', '') }],
    good: [{ name: 'a node has two', reads: 'manifests', yaml: objects('nvidia.com/t4', ', nvidia.com/t4: "2"') }],
  },
  *check({ fleet, analysis }) {
    const nodes = (fleet.cluster.current ?? []).filter(({ kind }) => kind === 'Node');
    const states = nodes.filter(({ content }) => jsonAt(content, 'status', 'allocatable') !== undefined);
    if (states.length === 0) return;
    const advertised = new Set(states.flatMap(advertisedBy));
    const missing = analysis.machines.flatMap((machine) =>
      // what is not permitted is vm/unknown-device
      machine.requests.flatMap((asked) =>
        asked.resource === undefined || asked.deviceName === undefined || advertised.has(asked.deviceName)
          ? []
          : [{ machine, asked, name: asked.deviceName }],
      ),
    );
    for (const [name, cases] of groupBy(missing, (one) => one.name)) {
      const [first] = cases;
      if (first === undefined) continue;
      const { device } = first.asked.resource ?? {};
      yield {
        message: fitting(
          `no node has \`${name}\`, which VM ${first.machine.machine.id} asks for`,
          `no node has \`${name}\`, which a VM asks for`,
          'no node has a resource that a VM asks for',
        ),
        primary: {
          at: requestPlace(first.asked),
          text: fittingLabel(`${counted(states.length, 'node')} without one`, 'no node has one'),
        },
        secondary: device === undefined ? [] : [{ at: placeAt(device.place, 'resourceName'), text: 'permitted here' }],
        notes: moreMachines([...new Set(cases.map(({ machine }) => machine))]),
        help: ['look at the driver of the functions on the nodes, and at the plugin that is to serve them'],
      };
    }
  },
});

/** The resources of which a Node has any at the moment. */
function advertisedBy({ content }: CurrentObject): string[] {
  const allocatable = jsonAt(content, 'status', 'allocatable');
  return Object.entries(isJsonObject(allocatable) ? allocatable : {})
    .filter(([, count]) => count !== '0' && count !== 0)
    .map(([name]) => name);
}
