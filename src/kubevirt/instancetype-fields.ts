/*
 * What an instancetype says of a VM, and where it ends up in the spec of the instance. KubeVirt merges nothing: where both state one
 * thing, virt-api refuses the VM.
 * @see https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/instancetype/apply/vmi.go (ApplyToVMI, and the files beside it)
 * @see https://github.com/kubevirt/kubevirt/blob/v1.6.0/pkg/instancetype/apply/memory.go (before 1.7 a VM may not even have `memory`)
 * @see https://github.com/kubevirt/kubevirt/blob/v1.4.0/pkg/instancetype/instancetype.go (the same in one file)
 */
import { jsonAt, type JsonObject, type JsonValue } from '../model';
import { compareReleases, type KubeVirtRelease } from './version';

type Path = readonly string[];

/** A field that an instancetype may state instead of the VM. */
export interface InstancetypeOwnedField {
  /** In the spec of the VM's instance: `['domain', 'cpu', 'model']`. */
  readonly own: Path;
  /** In the spec of the instancetype: `['cpu', 'model']`. */
  readonly theirs: Path;
}

const IN_EVERY_RELEASE: readonly InstancetypeOwnedField[] = [
  { own: ['nodeSelector'], theirs: ['nodeSelector'] },
  { own: ['schedulerName'], theirs: ['schedulerName'] },
  { own: ['domain', 'cpu', 'model'], theirs: ['cpu', 'model'] },
  { own: ['domain', 'cpu', 'dedicatedCpuPlacement'], theirs: ['cpu', 'dedicatedCPUPlacement'] },
  { own: ['domain', 'cpu', 'isolateEmulatorThread'], theirs: ['cpu', 'isolateEmulatorThread'] },
  { own: ['domain', 'cpu', 'numa'], theirs: ['cpu', 'numa'] },
  { own: ['domain', 'cpu', 'realtime'], theirs: ['cpu', 'realtime'] },
  { own: ['domain', 'memory', 'guest'], theirs: ['memory', 'guest'] },
  { own: ['domain', 'memory', 'hugepages'], theirs: ['memory', 'hugepages'] },
  { own: ['domain', 'memory', 'maxGuest'], theirs: ['memory', 'maxGuest'] },
  { own: ['domain', 'ioThreadsPolicy'], theirs: ['ioThreadsPolicy'] },
  { own: ['domain', 'launchSecurity'], theirs: ['launchSecurity'] },
];

const FROM_1_7: readonly InstancetypeOwnedField[] = [
  ...IN_EVERY_RELEASE,
  {
    own: ['domain', 'ioThreads', 'supplementalPoolThreadCount'],
    theirs: ['ioThreads', 'supplementalPoolThreadCount'],
  },
];

/** The fields of which an instancetype that states one leaves none to the VM; `gpus` and `hostDevices` are two lists besides. */
export function instancetypeOwnedFields(release: KubeVirtRelease): readonly InstancetypeOwnedField[] {
  return compareReleases(release, '1.7') < 0 ? IN_EVERY_RELEASE : FROM_1_7;
}

const ALWAYS_OWNED: readonly Path[] = [
  ['domain', 'cpu', 'sockets'],
  ['domain', 'cpu', 'cores'],
  ['domain', 'cpu', 'threads'],
  ['domain', 'memory', 'guest'],
  ['domain', 'resources', 'requests', 'cpu'],
  ['domain', 'resources', 'limits', 'cpu'],
  ['domain', 'resources', 'requests', 'memory'],
  ['domain', 'resources', 'limits', 'memory'],
];

const ALWAYS_OWNED_BEFORE_1_7: readonly Path[] = [...ALWAYS_OWNED, ['domain', 'memory']];

/** The fields that no VM with an instancetype may state, because every instancetype has CPUs and memory. */
export function alwaysInstancetypeOwned(release: KubeVirtRelease): readonly Path[] {
  return takesMemoryBeside(release) ? ALWAYS_OWNED : ALWAYS_OWNED_BEFORE_1_7;
}

/** Whether a VM may say something of its memory, hugepages say, which its instancetype does not: before 1.7 it may not. */
export function takesMemoryBeside(release: KubeVirtRelease): boolean {
  return compareReleases(release, '1.7') >= 0;
}

/** Whether a value is more than what is read where nothing is written: zero, false and an empty text are not. */
export function isStated(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null && value !== 0 && value !== false && value !== '';
}

/** CPUs as they are shown to the guest; what is left out is not known. */
export interface CpuTopology {
  readonly sockets: number;
  readonly cores?: number;
  readonly threads?: number;
}

const DEFAULT_RATIO = 2;
const THREADS_PER_CORE = 2;

/**
 * How the CPUs of an instancetype are laid out: as sockets, unless the preference prefers something else.
 *
 * @param cpus - the number of CPUs, at least 1
 * @param preference - the spec of the VM's preference; undefined: it has none
 * @see https://github.com/kubevirt/kubevirt/blob/v1.9.0/pkg/instancetype/apply/cpu.go (applyGuestCPUTopology)
 */
export function instancetypeTopology(cpus: number, preference: JsonObject | undefined): Required<CpuTopology> {
  const one = { sockets: 1, cores: 1, threads: 1 };
  if (cpus === 1) return one;
  const preferred = jsonAt(preference, 'cpu', 'preferredCPUTopology');
  switch (typeof preferred === 'string' ? preferred : '') {
    case 'cores':
    case 'preferCores':
      return { ...one, cores: cpus };
    case 'threads':
    case 'preferThreads':
      return { ...one, threads: cpus };
    case 'spread':
    case 'preferSpread':
      return spread(cpus, preference);
    default:
      return { ...one, sockets: cpus };
  }
}

function spread(cpus: number, preference: JsonObject | undefined): Required<CpuTopology> {
  const options = jsonAt(preference, 'cpu', 'spreadOptions');
  const stated = jsonAt(options, 'ratio') ?? jsonAt(preference, 'preferSpreadSocketToCoreRatio');
  const ratio = typeof stated === 'number' && stated > 0 ? stated : DEFAULT_RATIO;
  const across = jsonAt(options, 'across');
  switch (typeof across === 'string' ? across : '') {
    case 'CoresThreads':
      return { sockets: 1, cores: Math.trunc(cpus / ratio), threads: ratio };
    case 'SocketsCoresThreads':
      return {
        sockets: Math.trunc(Math.trunc(cpus / THREADS_PER_CORE) / ratio),
        cores: ratio,
        threads: THREADS_PER_CORE,
      };
    default:
      return { sockets: Math.trunc(cpus / ratio), cores: ratio, threads: 1 };
  }
}

/**
 * What the pod of a VM requests where its instancetype overcommits memory, in bytes as KubeVirt works it out.
 *
 * @param guest - the guest's memory in bytes
 * @param percent - `memory.overcommitPercent`
 */
export function overcommittedRequest(guest: number, percent: number): number {
  return Math.trunc(Math.fround(Math.fround(guest) * Math.fround(1 - Math.fround(percent) / 100)));
}
