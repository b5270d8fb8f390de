import { accepted, refused, type Parsed } from './parsed';

/**
 * A PCI function's address as sysfs spells it, domain first: `0000:65:00.0`.
 *
 * Domain four or more hexadecimal digits (Intel VMD gives `10000:…`), bus two, device two up to `1f`, function one digit 0
 * to 7, all in lower case.
 *
 * @see https://docs.kernel.org/PCI/sysfs-pci.html
 */
export type BdfAddress = string & { readonly __brand: 'BdfAddress' };

const CANONICAL = /^[0-9a-f]{4,8}:[0-9a-f]{2}:[01][0-9a-f]\.[0-7]$/;
const WITHOUT_DOMAIN = /^[0-9a-f]{2}:[01][0-9a-f]\.[0-7]$/;
const MISPRINTED = /^([0-9a-f]{4})\.([0-9a-f]{2}:[01][0-9a-f]\.[0-7])$/;

/**
 * Reads an address as sysfs and `lspci -D` write it; upper case is accepted.
 *
 * @returns the address in lower case, or the reason for refusing; never throws.
 * @example `parseBdfAddress('0000:5E:00.0')` gives `0000:5e:00.0`; `5e:00.0` is refused, since its domain is not stated.
 */
export function parseBdfAddress(text: string): Parsed<BdfAddress> {
  const lower = text.toLowerCase();
  if (CANONICAL.test(lower)) return accepted(lower as BdfAddress);
  if (WITHOUT_DOMAIN.test(lower)) return refused('the domain is missing: write `0000:' + lower + '`');
  const misprinted = MISPRINTED.exec(lower);
  if (misprinted)
    return refused(`the domain ends with a colon: write \`${misprinted[1] ?? ''}:${misprinted[2] ?? ''}\``);
  if (/^[0-9a-f]{4,8}:[0-9a-f]{2}:[01][0-9a-f]\.0[0-7]$/.test(lower)) {
    return refused('the function is one digit: write `' + lower.slice(0, -2) + lower.slice(-1) + '`');
  }
  return refused('expected `DDDD:BB:DD.F` in hexadecimal, for example `0000:65:00.0`');
}

/** The address that an almost right text must mean (missing domain, misprinted domain), or undefined. */
export function repairedBdfAddress(text: string): BdfAddress | undefined {
  const lower = text.toLowerCase();
  if (WITHOUT_DOMAIN.test(lower)) return `0000:${lower}` as BdfAddress;
  const misprinted = MISPRINTED.exec(lower);
  if (misprinted) return `${misprinted[1] ?? ''}:${misprinted[2] ?? ''}` as BdfAddress;
  return undefined;
}

/** Domain, bus and device without the function: what the functions of one card share, `0000:65:00`. */
export function slotOf(address: BdfAddress): string {
  return address.slice(0, address.lastIndexOf('.'));
}

/** Orders addresses as lspci lists them: by domain, bus, device and function as numbers. */
export function compareBdfAddress(a: BdfAddress, b: BdfAddress): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
