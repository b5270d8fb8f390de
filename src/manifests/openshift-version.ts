/**
 * The minor release of OpenShift 4 in a platform version: 20 in `4.20` and in `4.20.3`; undefined when it is not stated or
 * is something else.
 */
export function openshiftMinor(version: string | undefined): number | undefined {
  const minor = /^4\.(\d{1,3})(?:\.|$)/.exec(version ?? '')?.[1];
  return minor === undefined ? undefined : Number(minor);
}
