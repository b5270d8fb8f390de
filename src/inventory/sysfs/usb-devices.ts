import type { UsbDevice } from '../../model';
import type { CapturedTree } from '../capture/captured-tree';
import { functionsOnPath } from './attributes';

const DEVICES = 'sys/bus/usb/devices';
const HUB_CLASS = '09';

/**
 * The devices that are plugged in, by port, without hubs; undefined where the capture does not show the bus. Buses
 * themselves (`usb1`) and interfaces (`1-2:1.0`) are no devices.
 *
 * @param isWhole - whether an empty list is known to be none
 */
export function readUsbDevices(tree: CapturedTree, isWhole: boolean): readonly UsbDevice[] | undefined {
  if (!tree.hasFolder(DEVICES)) return undefined;
  const devices = tree.names(DEVICES).flatMap((port): UsbDevice[] => {
    const folder = `${DEVICES}/${port}`;
    if (!/^\d{1,4}-\d{1,3}(?:\.\d{1,3}){0,7}$/.test(port) || tree.line(`${folder}/bDeviceClass`) === HUB_CLASS)
      return [];
    const names = [tree.line(`${folder}/manufacturer`), tree.line(`${folder}/product`)];
    const name = names.filter((text) => text !== undefined).join(' ');
    return [
      {
        port,
        vendor: usbId(tree.line(`${folder}/idVendor`)),
        product: usbId(tree.line(`${folder}/idProduct`)),
        serial: tree.line(`${folder}/serial`),
        name: name === '' ? undefined : name,
        controller: functionsOnPath(tree.real(folder) ?? '').at(-1),
      },
    ];
  });
  return devices.length === 0 && !isWhole ? undefined : devices;
}

function usbId(text: string | undefined): string | undefined {
  return text !== undefined && /^[0-9a-f]{4}$/i.test(text) ? text.toLowerCase() : undefined;
}
