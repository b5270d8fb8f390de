import { mayMigrate, type AnalysedMachine } from '../../analysis';
import { placeAt, type Place } from '../../source';
import { exampleFleet } from '../example';
import { moreLabels, moreMachines, requestPlace } from '../machines';
import { defineRule } from '../rule';
import { KUBEVIRT } from '../sources';
import { fitting } from '../words';

export const blockedDrain = defineRule({
  code: 'VMI309',
  slug: 'vm/blocked-drain',
  severity: 'error',
  needs: [],
  manifests: [],
  summary: 'a VM with devices cannot be migrated and may only be evicted by migration',
  why: `
A VM with host devices is not live-migratable: through KubeVirt 1.8 with any, from 1.9 on with anything but one mediated GPU and the gate
\`VGPULiveMigration\`. With \`evictionStrategy: LiveMigrate\` every eviction is then denied with status 429, and \`kubectl drain\` hangs; on
OpenShift the update of the whole pool stops there. \`None\` and \`LiveMigrateIfPossible\` let the VM be stopped. Plain KubeVirt's default
is \`None\`; HyperConverged's is \`LiveMigrate\` where there are several workers, and hostdev then writes \`LiveMigrateIfPossible\` into the VMs of the
fleet that say nothing.`,
  sources: [
    {
      claim: 'evictions of VMs that cannot be migrated are denied',
      url: `${KUBEVIRT}/pkg/virt-api/webhooks/validating-webhook/admitters/pod-eviction-admitter.go`,
    },
    { claim: 'VMs with host devices cannot be migrated', url: `${KUBEVIRT}/pkg/virt-handler/vm.go` },
  ],
  examples: {
    bad: [
      {
        name: 'a GPU and LiveMigrate',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4, externalResourceProvider: true }
virtualMachines:
  train-7:
    gpus: [{ name: gpu1, device: t4 }]
    spec:
      evictionStrategy: «LiveMigrate»
      domain: { devices: {}, memory: { guest: 4Gi } }
`),
      },
    ],
    good: [
      {
        name: 'migrated if possible',
        yaml: exampleFleet(`
devices:
  t4: { pci: ["10de:1eb8"], resourceName: example.com/t4, externalResourceProvider: true }
virtualMachines:
  train-7:
    gpus: [{ name: gpu1, device: t4 }]
    spec:
      evictionStrategy: LiveMigrateIfPossible
      domain: { devices: {}, memory: { guest: 4Gi } }
`),
      },
    ],
  },
  *check({ fleet, analysis }) {
    const stuck = analysis.machines.filter(
      (machine) =>
        machine.evictionStrategy === 'LiveMigrate' && !mayMigrate(fleet, analysis.featureGates, machine.requests),
    );
    const declared = stuck.filter(isDeclared);
    for (const machines of [declared, stuck.filter((machine) => !isDeclared(machine))]) {
      const [first] = machines;
      if (first === undefined) continue;
      const own = machines === declared;
      yield {
        message: fitting(
          `VM ${first.machine.id} has host devices and blocks the drain of its node`,
          'a VM with host devices blocks the drain of its node',
        ),
        primary: {
          at: evictionPlace(first),
          text: own ? 'a VM with host devices cannot be migrated' : 'the cluster’s default is `LiveMigrate`',
        },
        secondary: moreLabels(machines, evictionPlace, 'here too'),
        notes: ['virt-api denies the eviction of a VM that is to be migrated and cannot be', ...moreMachines(machines)],
        help: own ? [] : ['set `evictionStrategy: None` in the VM'],
        fixes: own
          ? [
              {
                title: 'let the VM be stopped when it cannot be migrated',
                safe: false,
                edits: machines.slice(0, 20).map((one) => ({ at: evictionPlace(one), text: 'LiveMigrateIfPossible' })),
              },
            ]
          : [],
      };
    }
  },
});

function isDeclared({ machine }: AnalysedMachine): boolean {
  return machine.spec['evictionStrategy'] !== undefined;
}

function evictionPlace(machine: AnalysedMachine): Place {
  const [request] = machine.requests;
  if (isDeclared(machine) || request === undefined) return placeAt(machine.machine.specPlace, 'evictionStrategy');
  return requestPlace(request);
}
