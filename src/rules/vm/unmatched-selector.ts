import { isJsonObject, isMachineSet, jsonAt, type JsonObject } from '../../model';
import { selectsLabels } from '../../openshift';
import { parentPointer, placeAt, type Place } from '../../source';
import { machineFindings } from '../machine-statements';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import type { AnalysedMachine } from '../../analysis';

const pool = (selector: string): string => `
apiVersion: pool.kubevirt.io/v1beta1
kind: VirtualMachinePool
metadata: { name: render, namespace: rendering }
spec:
  replicas: 3
  selector: ${selector}
  virtualMachineTemplate:
    metadata: { labels: { app: render } }
    spec:
      runStrategy: Always
      template:
        spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`;

export const unmatchedSelector = defineRule({
  code: 'VMI361',
  slug: 'vm/unmatched-selector',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: 'the selector of a pool or replica set does not choose the VMs that it makes',
  why: `
A VirtualMachinePool or VirtualMachineInstanceReplicaSet knows its VMs by their labels. virt-api refuses one whose \`selector\` does not choose
the labels of its own template, "selector does not match labels". Of a pool the labels of the VirtualMachines count, not those of
their instances.`,
  sources: [
    {
      claim: 'the labels of a pool’s VirtualMachines are compared',
      url: `${KUBEVIRT}/pkg/virt-api/webhooks/validating-webhook/admitters/vmpool-admitter.go`,
    },
    {
      claim: 'the labels of a replica set’s template are compared',
      url: `${KUBEVIRT}/pkg/virt-api/webhooks/validating-webhook/admitters/vmirs-admitter.go`,
    },
  ],
  examples: {
    bad: [
      {
        name: 'another label than the template has',
        reads: 'manifests',
        yaml: pool('«{ matchLabels: { app: rendering } }»'),
      },
    ],
    good: [{ name: 'the label of the template', reads: 'manifests', yaml: pool('{ matchLabels: { app: render } }') }],
  },
  *check({ analysis }) {
    yield* machineFindings(analysis, function* (one) {
      const { kind, set, templateMetadata = {} } = one.machine;
      const selector = set?.spec['selector'];
      if (!isMachineSet(kind) || set === undefined || !isJsonObject(selector)) return;
      const labels = jsonAt(kind === 'VirtualMachinePool' ? set.machineMetadata : templateMetadata, 'labels');
      if (selectsLabels(selector, isJsonObject(labels) ? labels : NO_LABELS)) return;
      yield {
        message: (vm) => `the selector of ${vm} does not choose the VMs that it makes`,
        at: selectorPlace(one),
        label: 'chooses other labels than the template has',
        notes: ['virt-api refuses such an object'],
        help: ['select a label that the template has, or add the label to the template'],
      };
    });
  },
});

const NO_LABELS: JsonObject = {};

/** The selector stands in the object that the spec of the instance is read from. */
function selectorPlace({ machine: { kind, place, specPlace } }: AnalysedMachine): Place {
  if (specPlace.kind !== 'document') return place;
  const levels = kind === 'VirtualMachinePool' ? 4 : 2;
  let { pointer } = specPlace;
  for (let level = 0; level < levels; level++) pointer = parentPointer(pointer);
  return placeAt({ ...specPlace, pointer }, 'selector');
}
