import { accepted, refused, type Parsed } from './parsed';

/**
 * Vendor and device of a PCI function in lower case: `10de:1eb8`. The form that the kernel and KubeVirt compare.
 *
 * @see https://github.com/kubevirt/kubevirt/blob/d923fdb815/pkg/virt-handler/device-manager/device_controller.go#L256-L267
 */
export type PciId = string & { readonly __brand: 'PciId' };

/** Four or six hexadecimal digits: class, or class and programming interface, `0108` or `010802`. */
export type PciClass = string & { readonly __brand: 'PciClass' };

/**
 * Reads `vendor:device`, four hexadecimal digits each, in either case.
 *
 * @returns the id in lower case, or the reason for refusing. Blanks, `0x` and wildcards are refused: virt-handler compares
 * the text as it stands, so such a selector matches nothing.
 * @example `parsePciId('10DE:1EB8')` gives `10de:1eb8`
 */
export function parsePciId(text: string): Parsed<PciId> {
  if (/^[0-9A-Fa-f]{4}:[0-9A-Fa-f]{4}$/.test(text)) return accepted(text.toLowerCase() as PciId);
  if (text !== text.trim()) return refused('blanks around the id are compared too');
  if (/0x/i.test(text)) return refused('`0x` is compared too: write the digits only');
  if (text.includes('*')) return refused('there are no wildcards');
  return refused('expected `vvvv:dddd`, four hexadecimal digits each');
}

/** Reads four or six hexadecimal digits; the reason otherwise. */
export function parsePciClass(text: string): Parsed<PciClass> {
  if (/^[0-9A-Fa-f]{4}(?:[0-9A-Fa-f]{2})?$/.test(text)) return accepted(text.toLowerCase() as PciClass);
  return refused('expected four or six hexadecimal digits, for example `0108`');
}

/** Base class and sub-class without the programming interface: `0108` of `010802`. */
export function classCode(pciClass: PciClass): string {
  return pciClass.slice(0, 4);
}

/** What a class of function is for, as far as the safety of the host depends on it. */
export type PciClassFamily = 'storage' | 'network' | 'display' | 'processing' | 'bridge' | 'other';

/**
 * The family of a class code: `01xx` storage, `02xx` network, `03xx` display, `0b40` and `12xx` processing, `0600` and
 * `0604` bridge (`0680`, NVSwitch, has a type 0 header and is not one).
 *
 * @see https://admin.pci-ids.ucw.cz/read/PD
 */
export function pciClassFamily(pciClass: PciClass): PciClassFamily {
  const code = classCode(pciClass);
  if (code.startsWith('01')) return 'storage';
  if (code.startsWith('02')) return 'network';
  if (code.startsWith('03')) return 'display';
  if (code.startsWith('12') || code === '0b40') return 'processing';
  if (code.startsWith('06') && code !== '0680') return 'bridge';
  return 'other';
}
