import { accepted, refused, type Parsed } from '../model';

/** The minor releases of KubeVirt that fleets can be written for, oldest first. */
export const KUBEVIRT_RELEASES = ['1.4', '1.5', '1.6', '1.7', '1.8', '1.9'] as const;

/** A minor release of KubeVirt, `1.6`. */
export type KubeVirtRelease = (typeof KUBEVIRT_RELEASES)[number];

/** The release that stands for what is newest. */
export const NEWEST_RELEASE: KubeVirtRelease = '1.9';

/** A version of KubeVirt as a fleet states it. Usable wherever a validation target is asked for. */
export interface KubeVirtVersion {
  /** As typed, `1.6` or `1.6.3`. */
  readonly text: string;
  readonly release: KubeVirtRelease;
  /** 3 in `1.6.3`; undefined when the patch release was not stated. */
  readonly patch: number | undefined;
}

const FORM = /^(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?$/;

/**
 * Reads a version of KubeVirt, with or without its patch release.
 *
 * @returns the version, or the reason for refusing; never throws.
 * @example `parseKubeVirtVersion('1.6.3')` gives release `1.6` and patch 3; `1.10`, `v1.6` and `1.6.x` are refused.
 */
export function parseKubeVirtVersion(text: string): Parsed<KubeVirtVersion> {
  const parts = FORM.exec(text);
  if (parts === null) {
    if (/^v\d/.test(text) && FORM.test(text.slice(1))) return refused(`write \`${text.slice(1)}\`, without \`v\``);
    return refused('expected a version such as `1.6` or `1.6.3`');
  }
  const release = `${Number(parts[1])}.${Number(parts[2])}`;
  if (!isKubeVirtRelease(release)) {
    return refused(`KubeVirt ${release} is not supported: ${KUBEVIRT_RELEASES[0]} to ${NEWEST_RELEASE} are`);
  }
  return accepted({ text, release, patch: parts[3] === undefined ? undefined : Number(parts[3]) });
}

/** Whether a text is one of {@link KUBEVIRT_RELEASES}. */
export function isKubeVirtRelease(text: string): text is KubeVirtRelease {
  return (KUBEVIRT_RELEASES as readonly string[]).includes(text);
}

/** Orders minor releases, oldest first. */
export function compareReleases(a: KubeVirtRelease, b: KubeVirtRelease): number {
  return KUBEVIRT_RELEASES.indexOf(a) - KUBEVIRT_RELEASES.indexOf(b);
}

/** Whether a version belongs to this minor release or a later one. */
export function isAtLeast(version: { readonly release: KubeVirtRelease }, minimum: KubeVirtRelease): boolean {
  return compareReleases(version.release, minimum) >= 0;
}
