import { isJsonObject, jsonAt, type JsonValue } from '../../model';
import { placeAt } from '../../source';
import { defineRule } from '../rule';
import { HYPERCONVERGED, KUBEVIRT } from '../sources';
import { fitting } from '../words';

const ANNOTATION = 'kubevirt.kubevirt.io/jsonpatch';
/** Beta gates that HyperConverged lists as disabled unless it turned them on itself. */
const DISABLED = new Set(['GPUsWithDRA', 'HostDevicesWithDRA', 'LibvirtHooksServerAndClient', 'WorkloadEncryptionSEV']);

const patched = (patch: string): string => `
apiVersion: hco.kubevirt.io/v1
kind: HyperConverged
metadata:
  name: kubevirt-hyperconverged
  namespace: openshift-cnv
  annotations:
    ${ANNOTATION}: ${patch}
spec: {}
`;

const ADD = '{"op":"add","path":"/spec/configuration/developerConfiguration/featureGates/-","value":"GPUsWithDRA"}';
const REMOVE = '{"op":"remove","path":"/spec/configuration/developerConfiguration/disabledFeatureGates/0"}';

export const halfPatchedGate = defineRule({
  code: 'KUB537',
  slug: 'kubevirt/half-patched-gate',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: 'a patch in HyperConverged lists a gate that HyperConverged turns off',
  why: `
From the release with KubeVirt 1.9 on, HyperConverged lists each beta gate that it did not turn on under \`disabledFeatureGates\`. A patch in its annotation
that adds such a gate to \`featureGates\` and leaves it among the disabled ones makes an object that virt-operator refuses: no update of
KubeVirt's configuration gets through any more.`,
  sources: [
    { claim: 'beta gates are listed as disabled', url: `${HYPERCONVERGED}/controllers/handlers/kubevirt.go` },
    {
      claim: 'a gate on both sides is refused',
      url: `${KUBEVIRT}/pkg/virt-operator/webhooks/kubevirt-update-admitter.go`,
    },
  ],
  examples: {
    bad: [{ name: 'listed alone', reads: 'manifests', yaml: patched(`«'[${ADD}]'»`) }],
    good: [{ name: 'and taken from the other list', reads: 'manifests', yaml: patched(`'[${ADD},${REMOVE}]'`) }],
  },
  *check({ fleet }) {
    for (const { kind, content, place } of fleet.cluster.current ?? []) {
      const text = kind === 'HyperConverged' ? jsonAt(content, 'metadata', 'annotations', ANNOTATION) : undefined;
      const operations = typeof text === 'string' ? parsed(text) : [];
      if (operations.some((one) => pathOf(one).includes('/developerConfiguration/disabledFeatureGates'))) continue;
      for (const operation of operations) {
        const gate = jsonAt(operation, 'value');
        const isAdded = /\/developerConfiguration\/featureGates\/(?:-|\d+)$/.test(pathOf(operation));
        if (!isAdded || typeof gate !== 'string' || !DISABLED.has(gate)) continue;
        yield {
          message: fitting(`the patch lists ${gate} and leaves it turned off`),
          primary: { at: placeAt(place, 'metadata', 'annotations', ANNOTATION), text: 'lists the gate only' },
          notes: ['virt-operator refuses an object that lists a gate on both sides'],
          help: ['remove the gate from `disabledFeatureGates` in the same patch'],
        };
      }
    }
  },
});

function pathOf(operation: JsonValue): string {
  const path = jsonAt(operation, 'path');
  return typeof path === 'string' ? path : '';
}

function parsed(text: string): readonly JsonValue[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? (value as readonly JsonValue[]).filter(isJsonObject) : [];
  } catch {
    return [];
  }
}
