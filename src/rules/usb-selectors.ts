import type { UsbHostDevice } from '../model';
import type { Place } from '../source';

/** A USB device's selector with the form that virt-handler compares: `46f4:1`, numbers without leading zeros. */
export interface UsbSelectorUse {
  readonly device: UsbHostDevice;
  readonly id: string;
  readonly place: Place;
}

/**
 * The selectors of a USB device that can match anything.
 *
 * @see https://github.com/kubevirt/kubevirt/blob/d923fdb815/pkg/virt-handler/device-manager/usb_device.go (parseSelector: both
 * parts are read as hexadecimal numbers)
 */
export function usbSelectorUses(device: UsbHostDevice): UsbSelectorUse[] {
  return device.selectors.flatMap(({ vendor, product, place }) => {
    const isHexadecimal = [vendor, product].every((part) => /^[0-9a-f]{1,4}$/i.test(part));
    if (!isHexadecimal) return [];
    const id = [vendor, product].map((part) => Number.parseInt(part, 16).toString(16)).join(':');
    return [{ device, id, place }];
  });
}
