import type { CpuVendor } from '../model';

/** Arguments that turn an IOMMU off, with the CPUs that listen to them. */
const SWITCHES: readonly { readonly form: RegExp; readonly vendors: readonly CpuVendor[] }[] = [
  { form: /^iommu=(?:.*,)?off(?:,|$)/, vendors: ['intel', 'amd'] },
  { form: /^intel_iommu=(?:.*,)?off(?:,|$)/, vendors: ['intel'] },
  { form: /^amd_iommu=(?:.*,)?off(?:,|$)/, vendors: ['amd'] },
];

/**
 * Whether a kernel argument turns the IOMMU off on nodes with CPUs of these vendors; of CPUs that are not known only what every vendor
 * listens to is certain.
 */
export function turnsIommuOff(argument: string, cpuVendors: readonly CpuVendor[]): boolean {
  return SWITCHES.some(
    ({ form, vendors }) =>
      form.test(argument) &&
      (cpuVendors.length === 0 ? vendors.length > 1 : vendors.some((vendor) => cpuVendors.includes(vendor))),
  );
}
