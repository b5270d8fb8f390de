/** A DNS name as the fleet's ids and Kubernetes' own names have it. */
const DNS_NAME = /^(?=.{1,220}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** Whether a text can be the name of a Node, a VM, a MachineConfig. */
export function isDnsName(text: string): boolean {
  return DNS_NAME.test(text);
}

/** Whether a text can be the id of a pool, or a namespace. */
export function isDnsLabel(text: string): boolean {
  return DNS_LABEL.test(text);
}

/**
 * An id that is not taken, made of any text.
 *
 * @example `freeId('nvidia.com/TU104GL_Tesla_T4', taken)` gives `tu104gl-tesla-t4`
 */
export function freeId(text: string, taken: Set<string>): string {
  const base = slug(text.slice(text.lastIndexOf('/') + 1)) || 'device';
  return free((number) => (number === 1 ? base : `${base}-${number}`), taken);
}

/**
 * The name of a file that is not taken, whatever the object is called: `machineconfig.100-worker-iommu.yaml`. What is no letter,
 * digit, `-` or `.` becomes `-`.
 */
export function freeFile(parts: readonly (string | undefined)[], taken: Set<string>): string {
  const base = parts.flatMap((part) => (part === undefined ? [] : [slug(part, /[^a-z0-9.]+/g) || 'object'])).join('.');
  return free((number) => (number === 1 ? `${base}.yaml` : `${base}.${number}.yaml`), taken);
}

function slug(text: string, others = /[^a-z0-9]+/g): string {
  return text
    .toLowerCase()
    .replace(others, '-')
    .replace(/\.{2,}/g, '.')
    .slice(0, 60)
    .replace(/^[-.]+|[-.]+$/g, '');
}

function free(candidate: (number: number) => string, taken: Set<string>): string {
  let number = 1;
  while (taken.has(candidate(number))) number++;
  const name = candidate(number);
  taken.add(name);
  return name;
}
