import { configuringObject } from '../configurations';
import { jsonAt, type JsonValue } from '../../model';
import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { counted, fitting, listed } from '../words';

const FLEET = exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }, current: cluster/ }
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4, externalResourceProvider: true }
virtualMachines:
  train-7:
    gpus: [{ name: gpu1, device: t4 }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`);

const updating = (methods: string): Record<string, string> => ({
  'cluster/kubevirt.yaml': `
apiVersion: kubevirt.io/v1
kind: KubeVirt
metadata: { name: kubevirt, namespace: kubevirt }
spec:
  workloadUpdateStrategy: { workloadUpdateMethods: ${methods} }
`,
});

const PATH = ['spec', 'workloadUpdateStrategy', 'workloadUpdateMethods'];

export const neverUpdated = defineRule({
  code: 'KUB532',
  slug: 'kubevirt/never-updated',
  severity: 'info',
  needs: ['current'],
  manifests: [],
  concerns: ({ analysis }) => analysis.machines.some(({ requests }) => requests.length > 0),
  summary: 'VMs with devices keep the old virt-launcher after an update of KubeVirt',
  why: `
After an update of KubeVirt running VMs are brought to the new virt-launcher by the methods listed. With \`LiveMigrate\` alone, which is also what
HyperConverged lists by default, a VM that cannot be migrated stays with the old one until somebody restarts it.`,
  sources: [
    { claim: 'the methods', url: `${KUBEVIRT}/pkg/virt-controller/watch/workload-updater/workload-updater.go` },
  ],
  examples: {
    bad: [{ name: 'by migration only', yaml: FLEET, files: updating('«[LiveMigrate]»') }],
    good: [{ name: 'by eviction too', yaml: FLEET, files: updating('[LiveMigrate, Evict]') }],
  },
  *check({ fleet, analysis }) {
    const object = configuringObject(fleet);
    const methods = jsonAt(object?.content, ...PATH);
    if (object === undefined || !Array.isArray(methods)) return;
    const [only, ...others] = methods as readonly JsonValue[];
    if (only !== 'LiveMigrate' || others.length > 0) return;
    const held = analysis.machines.filter(({ requests }) => requests.length > 0).map(({ machine }) => machine.id);
    if (held.length === 0) return;
    yield {
      message: fitting(
        `${counted(held.length, 'VM')} with devices ${held.length === 1 ? 'keeps' : 'keep'} the old virt-launcher after an update`,
      ),
      primary: { at: placeAt(object.place, ...PATH), text: 'a VM with devices is not migrated' },
      notes: [`restart ${listed(held)} after an update of KubeVirt`],
    };
  },
});
