/**
 * Why a text is not the name of an extended resource that kubelet registers, or undefined when it is one:
 * `vendor.com/product`.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.33.0/pkg/apis/core/v1/helper/helpers.go#L42-L60
 */
export function resourceNameProblem(name: string): string | undefined {
  const slash = name.indexOf('/');
  if (slash < 0) return 'there is no `/` between a domain and a name';
  const domain = name.slice(0, slash);
  const product = name.slice(slash + 1);
  if (product.includes('/')) return 'there is more than one `/`';
  if (domain === 'kubernetes.io' || domain.endsWith('kubernetes.io'))
    return '`kubernetes.io/` is Kubernetes’ own domain';
  if (name.startsWith('requests.')) return '`requests.` is a prefix of quota names';
  if (domain.length > 253 || !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(domain)) {
    return 'the part before `/` is not a lower-case DNS name';
  }
  if (product.length > 63) return `the part after \`/\` has ${product.length} characters, 63 at most are allowed`;
  if (!/^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(product)) {
    return 'the part after `/` may hold letters, digits, `-`, `_` and `.` and begins and ends with a letter or digit';
  }
  return undefined;
}
