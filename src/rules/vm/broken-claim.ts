import type { AnalysedMachine } from '../../analysis';
import { isAtLeast, parseKubeVirtVersion } from '../../kubevirt';
import { isJsonObject, type JsonValue } from '../../model';
import { placeAt } from '../../source';
import { exampleMachine } from '../example';
import {
  inSpec,
  itemsIn,
  machineFindings,
  machinesLike,
  specPlace,
  type MachineStatement,
} from '../machine-statements';
import { defineRule } from '../rule';

const fleetWith = (gpu: string, claims: string): string =>
  exampleMachine(
    `
domain: { devices: { gpus: [{ name: gpu2, ${gpu} }] }, memory: { guest: 4Gi } }
resourceClaims: ${claims}
`,
    { kubevirt: '{ version: "1.9" }', request: 'hostDevices: []' },
  );

const CLAIM = '[{ name: gpu, resourceClaimTemplateName: h100 }]';

export const brokenClaim = defineRule({
  code: 'VMI392',
  slug: 'vm/broken-claim',
  severity: 'error',
  needs: [],
  manifests: ['version'],
  concerns: ({ analysis }) => machinesLike(analysis, takesClaims).machines.length > 0,
  summary: 'an entry of a VM does not name a claim as KubeVirt takes it',
  why: `
An entry under \`gpus\` or \`hostDevices\` takes its device from a plugin, by \`deviceName\`, or from a claim, by \`claimName\` and \`requestName\` together, and the claim
stands in \`resourceClaims\` of the VM. virt-api refuses what is neither or both. From KubeVirt 1.9 on it also wants the name of a claim to be a DNS label that is there
once, exactly one of \`resourceClaimName\` and \`resourceClaimTemplateName\`, and no claim and request to be used twice; before, the pod fails later.`,
  sources: [
    {
      claim: 'what admission refuses',
      url: 'https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/virt-api/webhooks/validating-webhook/admitters/dra_admitter.go',
    },
  ],
  examples: {
    bad: [
      { name: 'a claim that is not there', yaml: fleetWith('claimName: «gpus», requestName: device', CLAIM) },
      { name: 'no request', yaml: fleetWith('claimName: «gpu»', CLAIM) },
      { name: 'neither source', yaml: fleetWith('claimName: gpu, requestName: device', '[«{ name: gpu }»]') },
      {
        name: 'twice the same',
        yaml: fleetWith(
          'claimName: gpu, requestName: device }, { name: gpu3, claimName: «gpu», requestName: device',
          CLAIM,
        ),
      },
    ],
    good: [{ name: 'one claim', yaml: fleetWith('claimName: gpu, requestName: device', CLAIM) }],
  },
  *check({ fleet, analysis }) {
    const version = parseKubeVirtVersion(fleet.cluster.kubevirt.version);
    const isStrict = version.ok && isAtLeast(version.value, '1.9');
    yield* machineFindings(machinesLike(analysis, takesClaims), function* (machine): Iterable<MachineStatement> {
      const names = new Set<JsonValue | undefined>();
      for (const [index, claim] of itemsIn(machine, 'resourceClaims').entries()) {
        if (!isJsonObject(claim)) continue;
        const at = specPlace(machine, 'resourceClaims', index);
        const { name, resourceClaimName, resourceClaimTemplateName } = claim;
        const isRepeated = names.has(name);
        names.add(name);
        if (!isStrict) continue;
        if ((resourceClaimName === undefined) === (resourceClaimTemplateName === undefined)) {
          yield {
            message: (vm) => `a claim of ${vm} has ${resourceClaimName === undefined ? 'no' : 'more than one'} source`,
            at,
            label: 'takes one source',
            help: ['write `resourceClaimTemplateName` or `resourceClaimName`, and one of them only'],
          };
        } else if (isRepeated || typeof name !== 'string' || !/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) {
          yield {
            message: (vm) => `the name of a claim of ${vm} is ${isRepeated ? 'there twice' : 'no DNS label'}`,
            at: placeAt(at, 'name'),
            label: isRepeated ? 'another claim of this name' : 'lower-case letters, digits and `-` only',
          };
        }
      }
      const used = new Set<string>();
      for (const { request } of machine.requests) {
        const { claimName, requestName } = request.options;
        if (!request.inSpec || (claimName === undefined && requestName === undefined)) continue;
        const at = placeAt(request.place, claimName === undefined ? 'requestName' : 'claimName');
        const pair = JSON.stringify([claimName, requestName]);
        const trouble = troubleOf(request.deviceName, claimName, requestName, names);
        if (trouble !== undefined)
          yield { message: (vm) => `${trouble.what} in an entry of ${vm}`, at, label: trouble.label };
        else if (isStrict && used.has(pair)) {
          yield {
            message: (vm) => `2 entries of ${vm} take the same request of one claim`,
            at,
            label: 'taken by another entry',
            help: ['give each entry a request of its own'],
          };
        }
        used.add(pair);
      }
    });
  },
});

function takesClaims(machine: AnalysedMachine): boolean {
  return (
    inSpec(machine, 'resourceClaims') !== undefined ||
    machine.requests.some(({ request }) => request.options['claimName'] !== undefined)
  );
}

function troubleOf(
  deviceName: string | undefined,
  claimName: JsonValue | undefined,
  requestName: JsonValue | undefined,
  names: ReadonlySet<JsonValue | undefined>,
): { readonly what: string; readonly label: string } | undefined {
  if (deviceName !== undefined) return { what: '`deviceName` and a claim stand', label: 'one of the two' };
  if (claimName === undefined) return { what: '`claimName` is missing', label: 'needs `claimName` beside it' };
  if (requestName === undefined) return { what: '`requestName` is missing', label: 'needs `requestName` beside it' };
  if (!names.has(claimName)) return { what: 'a claim is not in `resourceClaims`', label: 'no claim has this name' };
  return undefined;
}
