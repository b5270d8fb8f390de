import { readFileSync } from 'node:fs';
import { systemCode } from './disk-error';

/** The process that holds a lock, by a name that no other process has had or will have. */
export interface Writer {
  /** Written into the lock: the process id, and where the system tells it, when that process began. */
  readonly name: string;
  /** Whether the process with this name is still there. */
  readonly isAlive: (name: string) => boolean;
}

/**
 * This process as a writer: `4711 5f0e…/83345`.
 *
 * A process id alone is not enough: in a container ids are small and used again at once, so the id of a killed synth soon
 * belongs to somebody else. Where there is a `/proc`, the boot id and the start time since boot tell the two apart.
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html (field 3, state; field 22, starttime)
 */
export function thisProcess(): Writer {
  return { name: `${process.pid} ${beginningOf(process.pid) ?? UNKNOWN}`, isAlive };
}

const UNKNOWN = 'unknown';

function isAlive(name: string): boolean {
  const [id = '', begun = UNKNOWN] = name.trim().split(' ');
  const pid = /^[1-9]\d{0,9}$/.test(id) ? Number(id) : undefined;
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // a process of another user answers EPERM: it is there
    return systemCode(error) === 'EPERM';
  }
  const now = beginningOf(pid);
  return now !== ENDED && (begun === UNKNOWN || now === undefined || now === begun);
}

/** Stands for a process that has ended and only waits for its parent to take notice. */
const ENDED = 'ended';

function beginningOf(pid: number): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // the second field is the command in brackets and may itself hold blanks and brackets
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? ENDED : `${boot}/${fields[19] ?? ''}`;
  } catch {
    return undefined;
  }
}
