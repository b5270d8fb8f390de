/*
 * Words of the format that this version knows and does not support. They are refused in words of their own: somebody who
 * wrote one has made no mistake. Each entry says what there is instead.
 */

type Words = Readonly<Record<string, Readonly<Record<string, string>>>>;

const NO_CLAIM_NAME = 'hostdev names the claim of a device under `allocation: dra`';

/** Keys, by the definition that they were written in. */
const KEYS: Words = {
  gpuRequest: { claimName: NO_CLAIM_NAME, requestName: NO_CLAIM_NAME },
  hostDeviceRequest: { claimName: NO_CLAIM_NAME, requestName: NO_CLAIM_NAME },
};

/** Values, by the key that they were written under. */
const VALUES: Words = {
  nodePlatform: {
    harvester: 'Harvester binds by itself: `hostdev explain node/harvester`',
  },
};

/** Advice for keys that belong elsewhere, or that hostdev writes itself. */
const ADVICE: Words = {
  spec: { gitops: 'write it under `cluster`' },
  device: {
    selectors: 'list the ids under `pci`, or the USB devices under `usb`',
    deviceName: 'write `resourceName`: `deviceName` is the VM’s side of it',
    pciVendorSelector: 'list the ids under `pci`',
    mdevNameSelector: 'write the type’s name under `mdev`',
  },
  nodePool: { node: 'list the names under `nodes`', gpus: 'hand devices over under `passthrough`' },
  passthrough: {
    address: 'list the addresses under `addresses`',
    resourceName: 'name the device by its id under `device`',
  },
  virtualMachine: {
    running: 'write `runStrategy`, which KubeVirt has put in its place',
    labels: 'write them under `metadata`',
    annotations: 'write them under `metadata`',
    nodeSelector: 'write it under `spec`, or name the `node`',
    template: 'write the template’s spec as `spec`, or name a file in `manifest`',
    domain: 'write it under `spec`',
    devices: 'list them under `gpus` and `hostDevices`',
  },
  gpuRequest: {
    deviceName: 'name the device by its id under `device`: its resource name is filled in',
    resourceName: 'name the device by its id under `device`: its resource name is filled in',
  },
  hostDeviceRequest: {
    deviceName: 'name the device by its id under `device`: its resource name is filled in',
    resourceName: 'name the device by its id under `device`: its resource name is filled in',
  },
};

/** What there is instead of a key that this version does not support; undefined where the key is not such a word. */
export function unsupportedKey(definition: string, key: string): string | undefined {
  return lookUp(KEYS, definition, key);
}

/** What there is instead of a value that this version does not support; undefined where it is not such a word. */
export function unsupportedValue(key: string, value: unknown): string | undefined {
  return typeof value === 'string' ? lookUp(VALUES, key, value) : undefined;
}

/** Where a key that is not known belongs; undefined where nobody can say. */
export function adviceFor(definition: string, key: string): string | undefined {
  return lookUp(ADVICE, definition, key);
}

function lookUp(words: Words, first: string, second: string): string | undefined {
  const entries = Object.hasOwn(words, first) ? words[first] : undefined;
  return entries !== undefined && Object.hasOwn(entries, second) ? entries[second] : undefined;
}
