import { unitKey } from '../../analysis';
import { isJsonObject, type JsonValue, type NodePool } from '../../model';
import { keyPlace, placeAt, type Place } from '../../source';
import { exampleFleet } from '../example';
import { defineRule, type FleetFinding } from '../rule';
import { KUBERNETES, MACHINE_CONFIG_OPERATOR } from '../sources';
import { fitting } from '../words';

/** What the Machine Config Operator refuses in a KubeletConfig, with who sets it instead. */
const REFUSED: Readonly<Record<string, string>> = {
  cgroupDriver: 'the container runtime and kubelet have to agree on it',
  clusterDNS: 'the cluster sets it',
  clusterDomain: 'the cluster sets it',
  featureGates: 'the FeatureGate object sets it',
  failSwapOn: 'the cluster sets it',
  staticPodPath: 'the control plane starts from it',
};

/** What has to be reserved before CPUs are pinned. */
const RESERVATIONS = ['reservedSystemCPUs', 'systemReserved', 'kubeReserved'];

const fleetWith = (kubelet: string): string =>
  exampleFleet(`
nodePools:
  gpu:
    nodes: [node01]
    kubelet: { ${kubelet} }
`);

export const invalidKubeletSettings = defineRule({
  code: 'NOD483',
  slug: 'node/invalid-kubelet-settings',
  severity: 'error',
  needs: [],
  summary: 'settings of the kubelet that nothing accepts, or that keep it from starting',
  why: `
The Machine Config Operator refuses a KubeletConfig with fields that the cluster itself sets; that shows in the status of the object only, and the
nodes stay as they are. Everything else goes to kubelet as it stands: with \`cpuManagerPolicy: static\` and no CPU reserved kubelet does not
start, and the node comes back from its reboot NotReady. Where a PerformanceProfile sets the kubelet of a pool, a second KubeletConfig fights it.`,
  sources: [
    {
      claim: 'fields that are refused',
      url: `${MACHINE_CONFIG_OPERATOR}/489662a080f196d8e5448444613a8d5fe9bfb9f0/pkg/controller/kubelet-config/helpers.go`,
    },
    {
      claim: 'the static policy needs a reservation',
      url: `${KUBERNETES}/pkg/kubelet/cm/cpumanager/policy_static.go`,
    },
  ],
  examples: {
    bad: [
      { name: 'a field of the cluster', yaml: fleetWith('«featureGates»: { DynamicResourceAllocation: true }') },
      { name: 'CPUs are pinned and none is reserved', yaml: fleetWith('cpuManagerPolicy: «static»') },
      {
        name: 'CPUs are pinned because a VM asks for it',
        yaml: exampleFleet(`
nodePools:
  gpu: { nodes: [node01], cpuVendor: intel }
virtualMachines:
  train-7:
    pool: gpu
    numa: { kubelet: «restricted» }
    spec: { domain: { devices: {}, cpu: { cores: 4 }, memory: { guest: 4Gi } } }
`),
      },
      {
        name: 'beside a PerformanceProfile',
        yaml: exampleFleet(`
nodePools:
  gpu:
    nodes: [node01]
    performanceProfile: gpu
    kubelet: «{ topologyManagerPolicy: restricted }»
`),
      },
    ],
    good: [
      {
        name: 'with a reservation',
        yaml: fleetWith('cpuManagerPolicy: static, reservedSystemCPUs: "0-1", topologyManagerPolicy: restricted'),
      },
    ],
  },
  *check({ fleet, analysis }) {
    for (const pool of fleet.nodePools) {
      const pinning = analysis.kubeletAsks.get(unitKey(pool))?.find(({ field }) => field === 'cpuManagerPolicy');
      const isPinned = pinning !== undefined && pool.performanceProfile === undefined;
      if (isPinned && pool.kubelet?.['cpuManagerPolicy'] === undefined && !reservesCpu(pool.kubelet ?? {}))
        yield withoutReservation(pool, pinning.place);
      if (pool.kubelet === undefined) continue;
      if (pool.nodePlatform === 'openshift') {
        if (pool.performanceProfile !== undefined) {
          yield besideProfile(pool);
          continue;
        }
        yield* refusedFields(pool);
      }
      if (pool.kubelet['cpuManagerPolicy'] === 'static' && !reservesCpu(pool.kubelet))
        yield withoutReservation(pool, placeAt(pool.place, 'kubelet', 'cpuManagerPolicy'));
    }
  },
});

function* refusedFields({ kubelet = {}, place }: NodePool): Iterable<FleetFinding> {
  for (const [field, note] of Object.entries(REFUSED)) {
    if (kubelet[field] === undefined) continue;
    yield {
      message: `\`${field}\` cannot be set through a KubeletConfig`,
      primary: { at: keyPlace(placeAt(place, 'kubelet', field)), text: 'refused' },
      notes: [note],
      help: ['remove it'],
    };
  }
}

function besideProfile({ name, performanceProfile, place }: NodePool): FleetFinding {
  return {
    message: fitting(
      `pool ${name} has settings of the kubelet beside PerformanceProfile ${performanceProfile ?? ''}`,
      'a pool has settings of the kubelet beside a PerformanceProfile',
    ),
    primary: { at: placeAt(place, 'kubelet'), text: 'would be a second KubeletConfig' },
    secondary: [{ at: placeAt(place, 'performanceProfile'), text: 'makes one' }],
    notes: ['the node tuning operator writes a KubeletConfig for every PerformanceProfile'],
    help: ['set it in the PerformanceProfile, in its annotation `kubeletconfig.experimental` if it has no field'],
  };
}

function withoutReservation({ name }: NodePool, at: Place): FleetFinding {
  return {
    severity: 'warning',
    message: fitting(
      `pool ${name} pins CPUs and reserves none for the system`,
      'a pool pins CPUs and reserves none for the system',
    ),
    primary: { at, text: 'needs a reservation' },
    notes: ['kubelet does not start with the static policy where no CPU is reserved'],
    help: ['add `reservedSystemCPUs`, for example `"0-1"`'],
  };
}

function reservesCpu(kubelet: Readonly<Record<string, JsonValue | undefined>>): boolean {
  return RESERVATIONS.some((field) => {
    const value = kubelet[field];
    return field === 'reservedSystemCPUs' ? value !== undefined : isJsonObject(value) && value['cpu'] !== undefined;
  });
}
