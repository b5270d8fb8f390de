/*
 * The configuration space of a PCI function, as far as sysfs captured it: 64 bytes for everybody, 256 or 4096 for root.
 */

/** Where the extended capabilities of PCI Express begin. */
const EXTENDED = 0x100;

const DEVICE_SERIAL_NUMBER = 0x0003;

/** More capabilities than fit: where a list goes in a circle. */
const MOST_CAPABILITIES = 960;

/** Two bytes at an offset as four digits, `8086`; undefined where the space was not captured so far. */
export function configWord(config: Uint8Array, at: number): string | undefined {
  const low = config[at];
  const high = config[at + 1];
  return low === undefined || high === undefined ? undefined : byteText(high) + byteText(low);
}

/** One byte as two digits, `a1`. */
export function configByte(config: Uint8Array, at: number): string | undefined {
  const byte = config[at];
  return byte === undefined ? undefined : byteText(byte);
}

/**
 * The function's Device Serial Number as lspci prints it, `00-e0-4c-ff-fe-68-00-01`; undefined where it has none or only
 * a part of its space was captured.
 *
 * @see https://github.com/pciutils/pciutils/blob/001b9ac6d7b706a223faa7d2dd1bd7d50393e2c9/ls-ecaps.c cap_dsn
 */
export function deviceSerialNumber(config: Uint8Array): string | undefined {
  let at = EXTENDED;
  for (let i = 0; i < MOST_CAPABILITIES && at >= EXTENDED && at + 12 <= config.length; i++) {
    const id = (config[at] ?? 0) | ((config[at + 1] ?? 0) << 8);
    if (id === DEVICE_SERIAL_NUMBER) {
      const bytes = [...config.subarray(at + 4, at + 12)].reverse();
      // all ones or zeros are what a card answers that nobody gave a number
      return bytes.every((byte) => byte === bytes[0] && (byte === 0 || byte === 0xff))
        ? undefined
        : bytes.map(byteText).join('-');
    }
    at = ((config[at + 2] ?? 0) >> 4) | ((config[at + 3] ?? 0) << 4);
  }
  return undefined;
}

function byteText(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
