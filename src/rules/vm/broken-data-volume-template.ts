import type { AnalysedMachine } from '../../analysis';
import { compareReleases, parseKubeVirtVersion } from '../../kubevirt';
import { isJsonObject, jsonAt, type JsonObject, type JsonValue } from '../../model';
import { placeAt } from '../../source';
import { exampleFleet } from '../example';
import { itemsIn, machineFieldPlace, machineFindings } from '../machine-statements';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';

const FLEET = (template: string, volume = 'root'): string =>
  exampleFleet(`
virtualMachines:
  train-7:
    dataVolumeTemplates: [${template}]
    spec:
      domain: { devices: { disks: [{ name: root, disk: {} }] }, memory: { guest: 4Gi } }
      volumes: [{ name: root, dataVolume: { name: ${volume} } }]
`);

const SOURCE = 'source: { registry: { url: "docker://quay.io/containerdisks/fedora:42" } }';
const STORAGE = 'storage: { resources: { requests: { storage: 30Gi } } }';

export const brokenDataVolumeTemplate = defineRule({
  code: 'VMI513',
  slug: 'vm/broken-data-volume-template',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: 'an entry of `dataVolumeTemplates` is not one that virt-api takes',
  why: `
To the schema nearly everything in a data volume template is optional. virt-api wants a name, exactly one of \`storage\` and \`pvc\`, and exactly one thing that fills the volume: a \`source\` of one kind or a
\`sourceRef\`, or a populator under \`storage\` or \`pvc\`, which KubeVirt 1.4 does not count. It also wants a volume of the VM that names the template.`,
  sources: [
    {
      claim: 'what a template has (validateDataVolume)',
      url: `${KUBEVIRT}/pkg/storage/admitters/data-volume-template.go`,
    },
    {
      claim: 'the same in 1.4',
      url: 'https://github.com/kubevirt/kubevirt/blob/v1.4.0/pkg/virt-api/webhooks/validating-webhook/admitters/vms-admitter.go',
    },
  ],
  examples: {
    bad: [
      { name: 'no storage', yaml: FLEET(`{ metadata: { name: root }, spec: «{ ${SOURCE} }» }`) },
      { name: 'no source', yaml: FLEET(`{ metadata: { name: root }, spec: «{ ${STORAGE} }» }`) },
      {
        name: 'no volume of it',
        yaml: FLEET(`«{ metadata: { name: root }, spec: { ${SOURCE}, ${STORAGE} } }»`, 'other'),
      },
    ],
    good: [
      { name: 'a disk from a registry', yaml: FLEET(`{ metadata: { name: root }, spec: { ${SOURCE}, ${STORAGE} } }`) },
    ],
  },
  *check({ fleet, analysis }) {
    const version = parseKubeVirtVersion(fleet.cluster.kubevirt.version);
    const countsPopulators = !version.ok || compareReleases(version.value.release, '1.5') >= 0;
    const troubleIn = (machine: AnalysedMachine, template: JsonValue | undefined): Trouble | undefined =>
      isJsonObject(template) ? (troubleOf(template, countsPopulators) ?? unused(machine, template)) : undefined;
    const broken = analysis.machines.filter((one) => templatesOf(one).some((template) => troubleIn(one, template)));
    yield* machineFindings({ machines: broken }, function* (machine) {
      for (const [index, template] of templatesOf(machine).entries()) {
        const trouble = troubleIn(machine, template);
        if (trouble === undefined) continue;
        yield {
          message: (vm) => `a data volume template of ${vm} ${trouble.what}`,
          at: placeAt(machineFieldPlace(machine, 'dataVolumeTemplates'), index, ...trouble.path),
          label: trouble.label,
          notes: ['virt-api refuses such a VM'],
        };
      }
    });
  },
});

function templatesOf({ machine }: AnalysedMachine): readonly JsonValue[] {
  const templates = machine.machine['dataVolumeTemplates'];
  return Array.isArray(templates) ? (templates as readonly JsonValue[]) : NONE;
}

const NONE: readonly JsonValue[] = [];

interface Trouble {
  readonly what: string;
  readonly path: readonly string[];
  readonly label: string;
}

function troubleOf(template: JsonObject, countsPopulators: boolean): Trouble | undefined {
  const spec = isJsonObject(template['spec']) ? template['spec'] : {};
  const name = jsonAt(template, 'metadata', 'name');
  if (name === undefined || name === '') return { what: 'has no name', path: [], label: 'needs `metadata.name`' };
  const { pvc, storage, source, sourceRef } = spec;
  const asked = isJsonObject(pvc) ? pvc : storage;
  if (!isJsonObject(asked)) return { what: 'asks for no storage', path: ['spec'], label: 'needs `storage` or `pvc`' };
  if (asked === pvc && isJsonObject(storage))
    return { what: 'asks for storage twice', path: ['spec', 'storage'], label: '`pvc` asks for it too' };
  const isFilled = isJsonObject(source) || isJsonObject(sourceRef);
  const isPopulated = isJsonObject(asked['dataSource']) || isJsonObject(asked['dataSourceRef']);
  if (isFilled && isPopulated)
    return {
      what: 'is filled from 2 sources',
      path: ['spec', asked === pvc ? 'pvc' : 'storage'],
      label: 'a populator beside a source',
    };
  if (!isFilled && !(isPopulated && countsPopulators))
    return { what: 'does not say what fills it', path: ['spec'], label: 'needs `source` or `sourceRef`' };
  if (!isJsonObject(source)) return undefined;
  const kinds = Object.values(source).filter(isJsonObject).length;
  return kinds === 1
    ? undefined
    : {
        what: kinds === 0 ? 'has an empty source' : `has a source of ${kinds} kinds`,
        path: ['spec', 'source'],
        label: 'takes one kind of source',
      };
}

function unused(machine: AnalysedMachine, template: JsonObject): Trouble | undefined {
  const name = jsonAt(template, 'metadata', 'name');
  const isNamed = itemsIn(machine, 'volumes').some(
    (volume) =>
      jsonAt(volume, 'dataVolume', 'name') === name || jsonAt(volume, 'persistentVolumeClaim', 'claimName') === name,
  );
  return isNamed ? undefined : { what: 'is in none of its volumes', path: [], label: 'no volume names it' };
}
