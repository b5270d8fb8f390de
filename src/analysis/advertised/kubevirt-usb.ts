import type { UsbDevice } from '../../model';
import { usbSelector, type KubeVirtPlan } from './kubevirt-plan';

/**
 * How many devices of each USB resource virt-handler makes of what is plugged in: resource by resource in the order of the list,
 * each taking as often as all of its selectors still find a device. What one has taken is gone for the next. A selector that
 * is listed twice finds the same device twice.
 *
 * @see https://github.com/kubevirt/kubevirt/blob/d923fdb815/pkg/virt-handler/device-manager/usb_device.go (discoverAllowedUSBDevices)
 */
export function kubeVirtUsbCounts(plugged: readonly UsbDevice[], plan: KubeVirtPlan): Map<string, number> {
  const left = new Map<string, number>();
  for (const { vendor, product } of plugged) {
    const id = usbSelector(vendor, product);
    if (id !== undefined) left.set(id, (left.get(id) ?? 0) + 1);
  }
  const counts = new Map<string, number>();
  for (const { name, selectors } of plan.usb) {
    const wanted = new Set(selectors);
    // virt-handler never ends on a resource without selectors: there is nothing to predict
    if (wanted.size === 0) continue;
    const bundles = Math.min(...[...wanted].map((id) => left.get(id) ?? 0));
    for (const id of wanted) left.set(id, (left.get(id) ?? 0) - bundles);
    if (bundles > 0) counts.set(name, (counts.get(name) ?? 0) + bundles);
  }
  return counts;
}
