/*
 * Each thing that a VM may say with each that an instancetype may say: whether the rule finds that they clash, and which spec the
 * analysis comes to, for KubeVirt's own code to say the same.
 */
import { analyse } from '../../src/analysis';
import { isStated, type KubeVirtRelease } from '../../src/kubevirt';
import { loadFleet } from '../../src/load';
import { isJsonObject, parseQuantity, type JsonObject, type JsonValue } from '../../src/model';
import { judge } from '../rules/harness';
import { conflictingInstancetype } from '../../src/rules/vm/conflicting-instancetype';
import { memoryFiles } from '../unit/load/support';

/** A VM with an instancetype, and what we say of the two. */
export interface InstancetypePair {
  readonly id: string;
  readonly machine: unknown;
  readonly instancetypes: readonly unknown[];
  /** Whether the rule says that KubeVirt refuses the VM. */
  readonly isRefused: boolean;
  /** The spec of the instance. */
  readonly spec: JsonObject;
}

type Spec = Readonly<Record<string, unknown>>;

/** What a VM says: the rest of its domain, the rest of its spec, annotations of its instance. */
const MACHINES: Readonly<
  Record<string, { readonly domain?: Spec; readonly spec?: Spec; readonly annotations?: Spec }>
> = {
  nothing: {},
  sockets: { domain: { cpu: { sockets: 2 } } },
  'no cores': { domain: { cpu: { cores: 0 } } },
  model: { domain: { cpu: { model: 'host-model' } } },
  'dedicated CPUs': { domain: { cpu: { dedicatedCpuPlacement: true } } },
  'shared CPUs': { domain: { cpu: { dedicatedCpuPlacement: false } } },
  'emulator thread': { domain: { cpu: { isolateEmulatorThread: true } } },
  numa: { domain: { cpu: { numa: { guestMappingPassthrough: {} } } } },
  realtime: { domain: { cpu: { realtime: {} } } },
  memory: { domain: { memory: { guest: '2Gi' } } },
  hugepages: { domain: { memory: { hugepages: { pageSize: '1Gi' } } } },
  maxGuest: { domain: { memory: { maxGuest: '64Gi' } } },
  'requested CPUs': { domain: { resources: { requests: { cpu: 2 } } } },
  'memory limit': { domain: { resources: { limits: { memory: '4Gi' } } } },
  policy: { domain: { ioThreadsPolicy: 'auto' } },
  threads: { domain: { ioThreads: { supplementalPoolThreadCount: 2 }, ioThreadsPolicy: 'supplementalPool' } },
  launch: { domain: { launchSecurity: { sev: {} } } },
  scheduler: { spec: { schedulerName: 'volcano' } },
  selector: { spec: { nodeSelector: { gpu: 'yes' } } },
  annotations: { annotations: { a: '1' } },
  gpus: { domain: { devices: { gpus: [{ name: 'a', deviceName: 'a.com/t4' }] } } },
};

const LEAST = { cpu: { guest: 8 }, memory: { guest: '32Gi' } };

const INSTANCETYPES: Readonly<Record<string, Spec>> = {
  least: LEAST,
  cpu: {
    ...LEAST,
    cpu: {
      guest: 6,
      model: 'host-passthrough',
      dedicatedCPUPlacement: true,
      isolateEmulatorThread: true,
      numa: { guestMappingPassthrough: {} },
      realtime: {},
    },
  },
  'shared cpu': { ...LEAST, cpu: { guest: 8, dedicatedCPUPlacement: false } },
  memory: { ...LEAST, memory: { guest: '16Gi', hugepages: { pageSize: '2Mi' }, maxGuest: '64Gi' } },
  overcommitted: { ...LEAST, memory: { guest: '10Gi', overcommitPercent: 15 } },
  placed: { ...LEAST, schedulerName: 'gang', nodeSelector: { gpu: 'no' }, annotations: { a: '1', b: '2' } },
  noted: { ...LEAST, annotations: { a: '3' } },
  launched: { ...LEAST, launchSecurity: { sev: {} }, ioThreadsPolicy: 'shared' },
  devices: { ...LEAST, gpus: [{ name: 'b', deviceName: 'a.com/t4' }] },
};

const PREFERENCES: Readonly<Record<string, Spec>> = {
  cores: { cpu: { preferredCPUTopology: 'cores' } },
  threads: { cpu: { preferredCPUTopology: 'preferThreads' } },
  spread: { cpu: { preferredCPUTopology: 'spread' } },
  'spread wide': {
    cpu: { preferredCPUTopology: 'spread', spreadOptions: { across: 'SocketsCoresThreads', ratio: 2 } },
  },
};

/** All of them, as a release takes them. */
export function instancetypePairs(release: KubeVirtRelease): InstancetypePair[] {
  return [
    ...Object.keys(MACHINES)
      // the API of 1.4 has no such field
      .filter((machine) => release !== '1.4' || machine !== 'threads')
      .flatMap((machine) =>
        Object.keys(INSTANCETYPES).map((instancetype) => pairOf(release, machine, instancetype, undefined)),
      ),
    ...Object.keys(PREFERENCES).map((preference) => pairOf(release, 'nothing', 'least', preference)),
  ];
}

function pairOf(
  release: KubeVirtRelease,
  machine: string,
  instancetype: string,
  preference: string | undefined,
): InstancetypePair {
  const { domain = {}, spec = {}, annotations } = MACHINES[machine] ?? {};
  const metadata = annotations === undefined ? {} : { metadata: { annotations } };
  const object = {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name: 'vm01', namespace: 'apps' },
    spec: {
      runStrategy: 'Halted',
      instancetype: { name: 'type' },
      ...(preference === undefined ? {} : { preference: { name: 'wish' } }),
      template: { ...metadata, spec: { ...spec, domain: { devices: {}, ...domain } } },
    },
  };
  const kindOf = (kind: string, name: string, body: Spec | undefined): Spec => ({
    apiVersion: 'instancetype.kubevirt.io/v1beta1',
    kind: `VirtualMachineCluster${kind}`,
    metadata: { name },
    spec: body,
  });
  const instancetypes = [
    kindOf('Instancetype', 'type', INSTANCETYPES[instancetype]),
    ...(preference === undefined ? [] : [kindOf('Preference', 'wish', PREFERENCES[preference])]),
  ];
  const files = {
    'fleet.yaml': `
apiVersion: hostdev/v1alpha1
kind: Fleet
metadata: { name: pair }
spec:
  cluster: { nodePlatform: linux, kubevirt: { version: "${release}" } }
  devices: { t4: { pci: ["10de:1eb8"], resourceName: a.com/t4 } }
  manifests: ["objects/*.yaml"]
`,
    ...Object.fromEntries([object, ...instancetypes].map((one, i) => [`objects/${i}.yaml`, JSON.stringify(one)])),
  };
  const { fleet } = loadFleet(memoryFiles(files), 'fleet.yaml');
  const [analysed] = fleet === undefined ? [] : analyse(fleet).machines;
  if (analysed === undefined) throw new Error(`no VM of ${machine} and ${instancetype}`);
  return {
    id: `${release} ${machine} with ${instancetype} ${preference ?? ''}`,
    machine: object,
    instancetypes,
    isRefused: judge(files, [conflictingInstancetype]).diagnostics.some(({ code }) => code === 'VMI339'),
    spec: withDevices(analysed.spec, INSTANCETYPES[instancetype] ?? {}),
  };
}

/** The analysis holds inherited devices apart from the spec, because they are the VM's requests. */
function withDevices(spec: JsonObject, { gpus }: Spec): JsonObject {
  const domain = spec['domain'] as JsonObject;
  return gpus === undefined ? spec : { ...spec, domain: { ...domain, devices: { gpus: gpus as JsonValue } } };
}

/** A spec in one spelling: amounts as numbers, without what says the same when it is left out. */
export function inOneSpelling(value: JsonValue | undefined, key = ''): JsonValue | undefined {
  if (AMOUNTS.includes(key) && !isJsonObject(value)) {
    const quantity = parseQuantity(value);
    return quantity.ok ? quantity.value : value;
  }
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([name, one]) => [name, inOneSpelling(one, name)] as const);
  return Object.fromEntries(entries.filter(([name, one]) => !isNothing(name, one)));
}

/** The keys of amounts; `memory` is one among `requests`, and a map in `domain`. */
const AMOUNTS: readonly string[] = ['guest', 'maxGuest', 'memory', 'cpu'];

function isNothing(name: string, value: JsonValue | undefined): boolean {
  return !isStated(value) || (name === 'resources' && isJsonObject(value) && Object.keys(value).length === 0);
}
