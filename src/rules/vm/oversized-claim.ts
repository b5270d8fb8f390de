import { exampleClaimFleet } from '../example';
import { requestPlace } from '../machines';
import { defineRule } from '../rule';
import { fitting } from '../words';

const MOST_CONDITIONS = 32;
const LONGEST_CONDITION = 10 * 1024;

const conditions = (count: number): string =>
  Array.from({ length: count }, (_, i) => `'device.attributes["gpu.nvidia.com"].index != ${i}'`).join(', ');

export const oversizedClaim = defineRule({
  code: 'VMI395',
  slug: 'vm/oversized-claim',
  severity: 'error',
  needs: [],
  concerns: ({ analysis }) => analysis.machines.some(({ claims }) => claims.length > 0),
  summary: 'a claim has more conditions, or a longer one, than the API server takes',
  why: `
A request of a ResourceClaim has at most 32 selectors of at most 10240 bytes each. hostdev writes one for the ids of the device, one for each thing that
\`claim\` says, and one for each expression. The API server refuses a claim with more, and the VM waits for it.`,
  sources: [
    {
      claim: 'the limits (DeviceSelectorsMaxSize, CELSelectorExpressionMaxLength)',
      url: 'https://github.com/kubernetes/kubernetes/blob/v1.34.2/staging/src/k8s.io/api/resource/v1/types.go',
    },
  ],
  examples: {
    bad: [{ name: 'forty', yaml: exampleClaimFleet(`device: «h100», claim: { expressions: [${conditions(40)}] }`) }],
    good: [
      {
        name: 'one that says the same',
        yaml: exampleClaimFleet(`device: h100, claim: { expressions: [${conditions(1)}] }`),
      },
    ],
  },
  *check({ analysis }) {
    for (const { machine, claims } of analysis.machines) {
      for (const { request, expressions } of claims) {
        const longest = Math.max(0, ...expressions.map((text) => Buffer.byteLength(text)));
        const [message, label] =
          expressions.length > MOST_CONDITIONS
            ? [`${expressions.length} conditions`, `${MOST_CONDITIONS} is the most`]
            : longest > LONGEST_CONDITION
              ? [`a condition of ${longest} bytes`, `${LONGEST_CONDITION} is the most`]
              : [undefined, ''];
        if (message === undefined) continue;
        yield {
          message: fitting(
            `the claim of ${request.request.name} of VM ${machine.id} has ${message}`,
            `a claim has ${message}`,
          ),
          primary: { at: requestPlace(request), text: label },
          help: ['join conditions by `&&`'],
        };
      }
    }
  },
});
