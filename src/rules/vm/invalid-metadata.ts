import type { AnalysedMachine } from '../../analysis';
import { groupBy, isJsonObject, jsonAt, type JsonObject } from '../../model';
import { keyPlace, placeAt, type Place } from '../../source';
import { exampleFleet } from '../example';
import { isLabelValue, isQualifiedName } from '../kubernetes-names';
import { moreMachines } from '../machines';
import { defineRule } from '../rule';
import { KUBERNETES } from '../sources';
import { fitting } from '../words';

const fleetWith = (metadata: string): string =>
  exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4, externalResourceProvider: true }
virtualMachines:
  train-7:
    ${metadata}
    gpus: [{ name: gpu1, device: t4 }]
    spec: { domain: { devices: {}, memory: { guest: 4Gi } } }
`);

/** What the API server takes of annotations, keys and values together. */
const MOST_ANNOTATIONS = 256 * 1024;

interface Wrong {
  readonly machine: AnalysedMachine;
  readonly what: string;
  readonly at: Place;
  readonly label: string;
}

export const invalidMetadata = defineRule({
  code: 'VMI393',
  slug: 'vm/invalid-metadata',
  severity: 'error',
  needs: [],
  summary: 'a label or annotation of a VM is none that the API server takes',
  why: `
Keys of labels and annotations are at most 63 letters, digits, \`-\`, \`_\` and \`.\`, with a DNS name and a slash before them where there is a prefix. Values
of labels are of the same letters, those of annotations anything, 256 KiB with their keys in all. The API server refuses a VM with others; with others in
\`templateMetadata\` it takes the VM, and refuses the instance each time that it is to start.`,
  sources: [
    {
      claim: 'keys and values (IsQualifiedName, IsValidLabelValue)',
      url: `${KUBERNETES}/staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go`,
    },
    {
      claim: 'annotations (ValidateAnnotations)',
      url: `${KUBERNETES}/staging/src/k8s.io/apimachinery/pkg/api/validation/objectmeta.go`,
    },
  ],
  examples: {
    bad: [
      { name: 'a blank in a value', yaml: fleetWith('metadata: { labels: { team: «a b» } }') },
      { name: 'a blank in a key', yaml: fleetWith('metadata: { annotations: { «our team»: storage } }') },
      { name: 'of the instances', yaml: fleetWith('templateMetadata: { labels: { team: «a/b» } }') },
    ],
    good: [
      {
        name: 'blanks in an annotation',
        yaml: fleetWith('metadata: { labels: { example.com/team: storage }, annotations: { example.com/note: a b } }'),
      },
    ],
  },
  *check({ analysis }) {
    const wrong: Wrong[] = [];
    for (const machine of analysis.machines) {
      addWrong(wrong, machine, 'metadata');
      addWrong(wrong, machine, 'templateMetadata');
    }
    for (const cases of groupBy(wrong, ({ what, label }) => `${what}\n${label}`).values()) {
      const [first] = cases;
      if (first === undefined) continue;
      const { machine, what, at, label } = first;
      yield {
        message: fitting(
          `${what} of VM ${machine.machine.id} is not valid`,
          `${what} of a VM is not valid`,
          'a label or annotation of a VM is not valid',
        ),
        primary: { at, text: label },
        notes: ['the API server refuses objects that have it', ...moreMachines(cases.map((each) => each.machine))],
      };
    }
  },
});

function addWrong(found: Wrong[], machine: AnalysedMachine, field: 'metadata' | 'templateMetadata'): void {
  const { metadata, templateMetadata, place } = machine.machine;
  const given = field === 'metadata' ? metadata : templateMetadata;
  if (given === undefined) return;
  const add = (what: string, at: Place, label: string): void => void found.push({ machine, what, at, label });
  // asked only for what is wrong: there are ten thousand VMs
  const placeIn = (map: 'labels' | 'annotations', key: string): Place => placeAt(place, field, map, key);
  const { labels, annotations } = given;
  for (const key of keysOf(labels)) {
    const value = jsonAt(labels, key);
    if (!isQualifiedName(key))
      add(`the key of label ${key}`, keyPlace(placeIn('labels', key)), 'no label has such a key');
    else if (typeof value === 'string' && !isLabelValue(value)) {
      add(`the value of label ${key}`, placeIn('labels', key), 'at most 63 of `A-Za-z0-9`, `-_.`');
    }
  }
  let size = 0;
  for (const key of keysOf(annotations)) {
    const value = jsonAt(annotations, key);
    // prefixes of annotations may be in capitals
    if (!isQualifiedName(key.toLowerCase()))
      add(`the key of annotation ${key}`, keyPlace(placeIn('annotations', key)), 'no annotation has such a key');
    if (typeof value === 'string') size += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  if (size > MOST_ANNOTATIONS) {
    add('the size of the annotations', placeAt(place, field, 'annotations'), `${size} bytes, and 262144 is the most`);
  }
}

function keysOf(value: JsonObject[string]): readonly string[] {
  return isJsonObject(value) ? Object.keys(value) : [];
}
