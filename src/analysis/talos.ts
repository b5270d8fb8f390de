/** The release of Talos that first has a document or setting. */
export const TALOS_SINCE = {
  /** PCIDriverRebindConfig (node-prep.md fact 102). */
  rebind: '1.10',
  /** KernelModuleConfig, before that `machine.kernel.modules` (fact 105). */
  kernelModule: '1.14',
} as const;

/** Whether a release of Talos is at least another; undefined where it is not known. */
export function talosIsAtLeast(version: string | undefined, minimum: string): boolean | undefined {
  const [have, want] = [version, minimum].map((text) => /^(\d{1,4})\.(\d{1,4})(?:\.|$)/.exec(text ?? ''));
  if (have === null || have === undefined || want === null || want === undefined) return undefined;
  const [major, minor] = [1, 2].map((part) => Number(have[part]) - Number(want[part]));
  return (major ?? 0) > 0 || (major === 0 && (minor ?? 0) >= 0);
}
