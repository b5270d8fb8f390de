/* What Kubernetes takes as names, labels and annotations. */

/** The key of a label, an annotation or a taint: a name, with a DNS name and a slash before it where there is a prefix. */
export function isQualifiedName(key: string): boolean {
  if (GOOD_KEYS.has(key)) return true;
  const slash = key.indexOf('/');
  const isGood = slash < 0 ? isName(key) : isDnsSubdomain(key.slice(0, slash)) && isName(key.slice(slash + 1));
  if (isGood && GOOD_KEYS.size < MOST_KEPT) GOOD_KEYS.add(key);
  return isGood;
}

/** Thousands of VMs have a few keys. */
const GOOD_KEYS = new Set<string>();
const MOST_KEPT = 1_000;

/** The value of a label or a taint; an annotation may hold anything. */
export function isLabelValue(text: string): boolean {
  return text === '' || isName(text);
}

/** Lower-case labels with dots between them: at most 253 characters. */
export function isDnsSubdomain(text: string): boolean {
  return text.length <= 253 && text.split('.').every((label) => DNS_LABEL.test(label));
}

/** One lower-case label: at most 63 characters. */
export function isDnsLabel(text: string): boolean {
  return text.length <= 63 && DNS_LABEL.test(text);
}

const DNS_LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

function isName(text: string): boolean {
  return text.length <= 63 && /^[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?$/.test(text);
}
