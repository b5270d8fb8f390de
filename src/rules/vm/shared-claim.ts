import { isJsonObject, isMachineSet } from '../../model';
import { itemsIn, machineFindings, specPlace } from '../machine-statements';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';

const replicas = (claim: string): string => `
apiVersion: kubevirt.io/v1
kind: VirtualMachineInstanceReplicaSet
metadata: { name: render, namespace: rendering }
spec:
  replicas: 3
  selector: { matchLabels: { app: render } }
  template:
    metadata: { labels: { app: render } }
    spec:
      resourceClaims: [{ name: gpu, ${claim} }]
      domain:
        memory: { guest: 4Gi }
        devices: { gpus: [{ name: gpu1, claimName: gpu, requestName: gpu }] }
`;

export const sharedClaim = defineRule({
  code: 'VMI347',
  slug: 'vm/shared-claim',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: 'the VMs of a pool or replica set share one resource claim',
  why: `
\`resourceClaimName\` names one ResourceClaim, and one VM can have its device. In a VirtualMachinePool or a replica set every VM names the same one;
\`resourceClaimTemplateName\` makes a claim for each.`,
  sources: [{ claim: 'how claims reach the pod', url: `${KUBEVIRT}/pkg/dra/resource_claims.go` }],
  examples: {
    bad: [{ name: 'three replicas and one claim', reads: 'manifests', yaml: replicas('resourceClaimName: «the-gpu»') }],
    good: [{ name: 'a template', reads: 'manifests', yaml: replicas('resourceClaimTemplateName: a-gpu') }],
  },
  *check({ analysis }) {
    yield* machineFindings(analysis, function* (machine) {
      if (!isMachineSet(machine.machine.kind)) return;
      for (const [i, claim] of itemsIn(machine, 'resourceClaims').entries()) {
        if (!isJsonObject(claim) || typeof claim['resourceClaimName'] !== 'string') continue;
        yield {
          message: (vm) => `every copy of ${vm} names one resource claim`,
          at: specPlace(machine, 'resourceClaims', i, 'resourceClaimName'),
          label: 'one claim for all of them',
          help: ['name a template under `resourceClaimTemplateName`'],
        };
      }
    });
  },
});
