import { hasLabels, type AnalysedFunction, type Analysis, type LiveSriovPolicy } from '../../analysis';
import { placeAt } from '../../source';
import { exampleFleet, exampleFunction, exampleInventory } from '../example';
import { boundBy, entryPlace, functionInWords, inventoryLabels, listedPlace } from '../functions';
import { missingLiveNodes } from '../live-cluster';
import { defineRule } from '../rule';
import { LINUX, SRIOV_OPERATOR } from '../sources';
import { counted, fitting, fittingLabel } from '../words';

const FLEET = exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.6" }, current: cluster/ }
inventory: inventory/
devices:
  nic: { pci: ["15b3:1017"], resourceName: example.com/nic }
nodePools:
  net: { nodes: [node01], passthrough: [{ device: nic, addresses: [«"0000:3b:00.0"»] }] }
`);

const filesWith = (rootDevice: string): Record<string, string> => ({
  'inventory/node01.yaml': exampleInventory('node01', [
    exampleFunction('0000:3b:00.0', '0200', '15b3:1017', { group: 27, driver: 'mlx5_core', free: true }),
  ]),
  'cluster/node01.yaml': `
apiVersion: v1
kind: Node
metadata: { name: node01, labels: { feature.node.kubernetes.io/network-sriov.capable: "true" } }
`,
  'cluster/policy.yaml': `
apiVersion: sriovnetwork.openshift.io/v1
kind: SriovNetworkNodePolicy
metadata: { name: mlx, namespace: openshift-sriov-network-operator }
spec:
  resourceName: mlx
  nodeSelector: { feature.node.kubernetes.io/network-sriov.capable: "true" }
  numVfs: 8
  nicSelector: { rootDevices: ["${rootDevice}"] }
  deviceType: vfio-pci
`,
});

export const claimedBySriovPolicy = defineRule({
  code: 'PCI160',
  slug: 'pci/claimed-by-sriov-policy',
  severity: 'error',
  needs: ['inventory', 'current'],
  concerns: ({ analysis }) => (analysis.current?.sriovPolicies.length ?? 1) > 0,
  lacksPartly: ({ analysis }) => missingLiveNodes(analysis),
  summary: 'the SR-IOV network operator makes virtual functions of a function that is handed over',
  why: `
vfio-pci refuses a physical function that has virtual functions, and one that it holds can have none without an option and a token that
libvirt does not know. The operator sets up the functions of its policies again and again, so the two take the card from each
other. Whichever comes first, the other has no devices.`,
  sources: [
    {
      claim: 'vfio-pci refuses a function with virtual functions enabled',
      url: `${LINUX}/drivers/vfio/pci/vfio_pci_core.c`,
    },
    {
      claim: 'how a policy selects functions',
      url: `${SRIOV_OPERATOR}/bd6036acf81157abc421fcb30732cad52dfd9fc9/api/v1/sriovnetworknodepolicy_types.go`,
    },
  ],
  examples: {
    bad: [{ name: 'the same port', yaml: FLEET, files: filesWith('0000:3b:00.0') }],
    good: [{ name: 'the other port', yaml: FLEET.replace(/[«»]/g, ''), files: filesWith('0000:3b:00.1') }],
  },
  *check({ fleet, analysis }) {
    for (const passthrough of fleet.nodePools.flatMap((pool) => pool.passthrough)) {
      const claimed = boundBy(analysis, passthrough, 'device').flatMap((one) => {
        const policy = policyOf(analysis, one);
        return policy === undefined ? [] : [{ one, policy }];
      });
      const [first] = claimed;
      if (first === undefined) continue;
      const { one, policy } = first;
      yield {
        message: fitting(
          `SR-IOV policy ${policy.name} makes ${policy.numVfs} VFs of ${functionInWords(one)}`,
          `an SR-IOV policy makes ${counted(policy.numVfs, 'VF')} of a function that is handed over`,
        ),
        primary: {
          at: listedPlace(passthrough, one.node, one.fact.address) ?? entryPlace(passthrough),
          text: fittingLabel(`handed over as ${passthrough.device}`, 'handed over'),
        },
        secondary: [
          {
            at:
              policy.rootDevices.find(({ text }) => text === one.fact.address)?.place ?? placeAt(policy.place, 'spec'),
            text: 'selected here',
          },
          ...inventoryLabels([one], () => 'this function', 1),
        ],
        notes: [
          'vfio-pci refuses a physical function that has virtual functions',
          ...(claimed.length > 1 ? [`the same holds for ${counted(claimed.length - 1, 'more function')}`] : []),
        ],
        help: ['take the function out of the policy, or hand over its virtual functions'],
      };
    }
  },
});

/** The policy that certainly selects a function; what an inventory does not show, interface names, makes it uncertain. */
function policyOf(
  { current, nodeByName }: Analysis,
  { node, fact, bindings }: AnalysedFunction,
): LiveSriovPolicy | undefined {
  const labels = nodeByName.get(node)?.live?.labels;
  if (labels === undefined || fact.physicalFunction !== undefined) return undefined;
  if (bindings.every(({ strategy }) => strategy === 'external') || fact.class?.startsWith('02') === false)
    return undefined;
  const [vendor, device] = (fact.id ?? ':').split(':');
  return current?.sriovPolicies.find((policy) => {
    if (!hasLabels(labels, policy.nodeSelector)) return false;
    if (policy.vendor !== undefined && policy.vendor !== vendor) return false;
    if (policy.deviceId !== undefined && policy.deviceId !== device) return false;
    if (policy.rootDevices.length > 0) return policy.rootDevices.some(({ text }) => text === fact.address);
    return policy.vendor !== undefined && policy.deviceId !== undefined && !policy.selectsByName;
  });
}
