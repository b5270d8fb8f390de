import { celComplaint } from '../../kubevirt';
import { placeAt } from '../../source';
import { exampleClaimFleet } from '../example';
import { machineFindings } from '../machine-statements';
import { defineRule } from '../rule';
import { fittingLabel } from '../words';

const fleetWith = (expression: string): string =>
  exampleClaimFleet(`device: h100, claim: { expressions: [${expression}] }`);

const CEL = 'https://github.com/google/cel-go/blob/v0.26.0/parser/gen/CEL.g4';
const COMPILER =
  'https://github.com/kubernetes/kubernetes/blob/v1.34.2/staging/src/k8s.io/dynamic-resource-allocation/cel/compile.go';

export const brokenExpression = defineRule({
  code: 'VMI510',
  slug: 'vm/broken-expression',
  severity: 'error',
  needs: [],
  concerns: ({ analysis }) => analysis.machines.some(({ claims }) => claims.length > 0),
  summary: 'a condition of a claim is not one that the API server can read',
  why: `
An expression of \`claim\` is written into the ResourceClaim as it stands. The API server reads it as CEL and refuses the claim where it cannot, where the expression does not come to a bool, or where
it asks a device for something else than \`driver\`, \`attributes\` and \`capacity\`. hostdev reads the grammar and these two. It does not know the types of functions and attributes: what it passes over may
still be refused, or be true of no device.`,
  sources: [
    { claim: 'the grammar', url: CEL },
    { claim: 'a condition comes to a bool, and what a device has', url: COMPILER },
  ],
  examples: {
    bad: [
      { name: 'one equals sign', yaml: fleetWith(`«'device.driver = "gpu.nvidia.com"'»`) },
      { name: 'a text without an end', yaml: fleetWith(`«'device.driver == "gpu.nvidia.com'»`) },
      { name: 'no bool', yaml: fleetWith(`«device.driver»`) },
      {
        name: 'a field that no device has',
        yaml: fleetWith(`«'device.attribute["gpu.nvidia.com"].index == 0'»`),
      },
    ],
    good: [
      { name: 'a condition', yaml: fleetWith(`'device.attributes["gpu.nvidia.com"].index == 0'`) },
      {
        name: 'a library of Kubernetes',
        yaml: fleetWith(`'device.capacity["gpu.nvidia.com"].memory.compareTo(quantity("80Gi")) >= 0'`),
      },
    ],
  },
  *check({ analysis }) {
    const claiming = analysis.machines.filter(({ claims }) => claims.length > 0);
    yield* machineFindings({ machines: claiming }, function* ({ claims }) {
      for (const { request } of claims) {
        const { claim, name } = request.request;
        for (const [index, text] of (claim?.expressions ?? []).entries()) {
          const complaint = celComplaint(text);
          if (claim === undefined || complaint === undefined) continue;
          const { what, offset } = complaint;
          const where = offset === 0 ? '' : `at character ${offset + 1}: `;
          yield {
            message: (vm) => `a condition of the claim of ${name} of ${vm} cannot be read`,
            at: placeAt(claim.place, 'expressions', index),
            label: fittingLabel(`${where}${what}`, `${where}unreadable`),
            notes: ['the API server refuses such a claim'],
          };
        }
      }
    });
  },
});
