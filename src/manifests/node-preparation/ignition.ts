import type { JsonObject } from '../../model';
import { openshiftMinor } from '../openshift-version';

/** A file as Ignition writes it. */
export interface NodeFile {
  readonly path: string;
  /** The permission bits as a number; 0o644 comes out as 420, because YAML 1.2 reads `0644` as six hundred and forty-four. */
  readonly mode: number;
  readonly text: string;
}

/** A systemd unit that is enabled. */
export interface NodeUnit {
  /** `hostdev-vfio-bind.service` */
  readonly name: string;
  readonly contents: string;
}

/**
 * The version of Ignition's format that an OpenShift release is configured in: 3.5.0 from 4.19 on, 3.4.0 from 4.14 on, else
 * 3.2.0, which every release reads and OpenShift Virtualization's own documentation uses. Nothing here needs a newer one.
 *
 * @see https://github.com/coreos/butane/blob/v0.25.0/docs/specs.md
 */
export function ignitionVersion(nodePlatformVersion: string | undefined): string {
  const minor = openshiftMinor(nodePlatformVersion) ?? 0;
  if (minor >= 19) return '3.5.0';
  return minor >= 14 ? '3.4.0' : '3.2.0';
}

/**
 * An Ignition config of files and units, the two sections that the machine config daemon may change on a running node.
 *
 * Contents are base64 data URLs: the daemon decodes no other source (node-prep.md fact 23), and Flux substitutes `${…}` in
 * every plain string (fact 146).
 */
export function ignitionConfig(
  version: string,
  files: readonly NodeFile[],
  units: readonly NodeUnit[],
): { readonly [key: string]: JsonObject } {
  return {
    ignition: { version },
    storage: {
      files: files.map(fileEntry),
    },
    ...(units.length === 0 ? {} : { systemd: { units: units.map(unitEntry) } }),
  };
}

/** One file as Ignition lists it. */
export function fileEntry({ path, mode, text }: NodeFile): JsonObject {
  return {
    path,
    mode,
    overwrite: true,
    contents: { source: `data:text/plain;charset=utf-8;base64,${Buffer.from(text).toString('base64')}` },
  };
}

/** One unit as Ignition lists it. */
export function unitEntry({ name, contents }: NodeUnit): JsonObject {
  return { name, enabled: true, contents };
}
