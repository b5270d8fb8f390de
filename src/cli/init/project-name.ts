const LONGEST = 40;

/**
 * The name of a new fleet and its package, from the name of its folder: letters, digits and `-`, beginning with a letter, as both a
 * Kubernetes label and npm take it. `My Fleet (EU)` gives `my-fleet-eu`; a name with nothing usable in it gives `fleet`.
 *
 * @param taken - packages that the new one depends on: npm installs no package into itself
 * @see https://github.com/kubernetes/kubernetes/blob/v1.33.0/staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go
 */
export function projectName(folder: string, taken: readonly string[]): string {
  const words = folder
    .slice(0, 4 * LONGEST)
    .normalize('NFKD')
    // accents, which that took off their letters
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .match(/[a-z0-9]+/g);
  const plain = (words ?? []).join('-').slice(0, LONGEST).replace(/-$/, '');
  const name = plain === '' ? 'fleet' : /^[a-z]/.test(plain) ? plain : `fleet-${plain}`;
  return taken.includes(name) ? `${name}-fleet` : name;
}
