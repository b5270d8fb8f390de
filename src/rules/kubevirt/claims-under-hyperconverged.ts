import { gateInForce } from '../../analysis';
import { exampleFleet } from '../example';
import { moreMachines, requestPlace } from '../machines';
import { defineRule } from '../rule';
import { HYPERCONVERGED, KUBEVIRT } from '../sources';
import { fitting, fittingLabel } from '../words';

const fleet = (owner: string, claim: string): string =>
  exampleFleet(`
cluster: { nodePlatform: openshift, kubevirt: { version: "1.9", managedBy: ${owner} } }
virtualMachines:
  train-7:
    spec:
      domain:
        memory: { guest: 4Gi }
        devices:
          gpus: [${claim}]
      resourceClaims: [{ name: gpu, resourceClaimTemplateName: gpu }]
`);

const GATES = { gpus: 'GPUsWithDRA', hostDevices: 'HostDevicesWithDRA' } as const;

export const claimsUnderHyperconverged = defineRule({
  code: 'KUB542',
  slug: 'kubevirt/claims-under-hyperconverged',
  severity: 'error',
  needs: [],
  summary: 'a VM gets devices by resource claims, and HyperConverged leaves the gate for it off',
  why: `
Devices from resource claims need the gates \`GPUsWithDRA\` or \`HostDevicesWithDRA\`. On plain KubeVirt 1.9 both are on; HyperConverged lists every beta gate that it
did not turn on itself as disabled, and it has no switch for these. Such a VM is refused: "contains DRA enabled GPUs but feature gate is not enabled". The way out
is a patch in the annotation \`kubevirt.kubevirt.io/jsonpatch\`, which marks the cluster as tainted.`,
  sources: [
    { claim: 'beta gates are listed as disabled', url: `${HYPERCONVERGED}/controllers/handlers/kubevirt.go` },
    {
      claim: 'a VM with claims is refused without its gate',
      url: `${KUBEVIRT}/pkg/virt-api/webhooks/validating-webhook/admitters/dra_admitter.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'a GPU from a claim',
        yaml: fleet('hyperconverged', '«{ name: gpu1, claimName: gpu, requestName: gpu }»'),
      },
    ],
    good: [{ name: 'on plain KubeVirt', yaml: fleet('kubevirt', '{ name: gpu1, claimName: gpu, requestName: gpu }') }],
  },
  *check({ fleet: declared, analysis }) {
    const { cluster } = declared;
    if (cluster.kubevirt.managedBy !== 'hyperconverged') return;
    for (const list of ['gpus', 'hostDevices'] as const) {
      if (gateInForce(declared, analysis.featureGates, GATES[list]) !== false) continue;
      const users = analysis.machines.flatMap((machine) => {
        const asked = machine.requests.find(
          (one) =>
            one.list === list &&
            (one.request.options['claimName'] !== undefined || machine.claims.some(({ request }) => request === one)),
        );
        return asked === undefined ? [] : [{ machine, asked }];
      });
      const [first] = users;
      if (first === undefined) continue;
      yield {
        message: fitting(
          `VM ${first.machine.machine.id} has \`${list}\` from a claim, and feature gate ${GATES[list]} is off`,
          `a VM has \`${list}\` from a claim, and feature gate ${GATES[list]} is off`,
        ),
        primary: {
          at: requestPlace(first.asked),
          text: fittingLabel(`needs the gate \`${GATES[list]}\``, 'needs the gate'),
        },
        secondary: [{ at: cluster.kubevirt.place, text: 'HyperConverged leaves it off' }],
        notes: ['virt-api refuses such a VM', ...moreMachines(users.map(({ machine }) => machine))],
        help: ['use device plugins, or turn the gate on by the annotation `kubevirt.kubevirt.io/jsonpatch`'],
      };
    }
  },
});
