import { accepted, refused, type Parsed } from './parsed';

const FORM = /^([+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30}))(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d{1,3}))?$/;

const DECIMAL: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
};

const BINARY = 'KMGTPE';

/**
 * Reads an amount as Kubernetes writes it: `4Gi`, `500m`, `1e3`, `2`. A number counts as its text.
 *
 * @returns the amount, exact up to 2^53; the reason otherwise. Never throws.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function parseQuantity(value: unknown): Parsed<number> {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value : '';
  const parts = FORM.exec(text);
  if (parts === null) return refused('expected an amount such as `4Gi` or `500m`');
  const [, digits = '', suffix = '', exponent] = parts;
  return accepted(Number(digits) * (exponent === undefined ? factorOf(suffix) : 10 ** Number(exponent)));
}

function factorOf(suffix: string): number {
  if (suffix.endsWith('i')) return 1024 ** (BINARY.indexOf(suffix.charAt(0)) + 1);
  return DECIMAL[suffix] ?? 1;
}
