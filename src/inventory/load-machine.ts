/* What an inventory document says of the machine besides its PCI functions, to the model. */
import type { JsonObject, NumaNode, UsbDevice } from '../model';
import type { Place } from '../source';
import type { DocumentFields } from './document-fields';
import * as form from './inventory-document';
import type { MachineFacts } from './machine-facts';

/** Reads what `spec` says of the machine, whichever keys it may have. */
export function toMachine(fields: DocumentFields, spec: JsonObject, place: Place): MachineFacts {
  return {
    productUuid: fields.text(spec, place, 'productUuid', form.UUID),
    hostName: fields.text(spec, place, 'hostName', form.WORDS),
    cpuVendor: fields.text(spec, place, 'cpuVendor', form.CPU_VENDOR),
    architecture: fields.text(spec, place, 'architecture', form.WORDS),
    kernelRelease: fields.text(spec, place, 'kernelRelease', form.WORDS),
    kernelArguments: fields.texts(spec, place, 'kernelArguments', form.WORDS),
    iommuEnabled: fields.flag(spec, place, 'iommuEnabled'),
    vfioPciBuiltIn: fields.flag(spec, place, 'vfioPciBuiltIn'),
    vfioDeviceCdev: fields.flag(spec, place, 'vfioDeviceCdev'),
    numaNodes: fields.maps(spec, place, 'numaNodes', form.NUMA_NODE_KEYS, (map, at) => toNumaNode(fields, map, at)),
    usbDevices: fields.maps(spec, place, 'usbDevices', form.USB_DEVICE_KEYS, (map, at) => toUsbDevice(fields, map, at)),
  };
}

/** Reads one NUMA node; undefined when it has no number. */
function toNumaNode(fields: DocumentFields, map: JsonObject, place: Place): NumaNode | undefined {
  const node = fields.requiredInteger(map, place, 'node', 0, Number.MAX_SAFE_INTEGER);
  const facts = {
    cpus: fields.text(map, place, 'cpus', form.CPU_LIST),
    memoryMebibytes: fields.integer(map, place, 'memoryMebibytes', 0, Number.MAX_SAFE_INTEGER),
    hugepages: fields.maps(map, place, 'hugepages', form.HUGEPAGES_KEYS, (pages, at) => {
      const size = fields.requiredText(pages, at, 'size', form.HUGEPAGE_SIZE);
      const count = fields.requiredInteger(pages, at, 'count', 0, Number.MAX_SAFE_INTEGER);
      return size === undefined || count === undefined ? undefined : { size, count };
    }),
  };
  return node === undefined ? undefined : { node, ...facts };
}

/** Reads one USB device; undefined when it does not say where it is plugged in. */
function toUsbDevice(fields: DocumentFields, map: JsonObject, place: Place): UsbDevice | undefined {
  const port = fields.requiredText(map, place, 'port', form.USB_PORT);
  const facts = {
    vendor: fields.text(map, place, 'vendor', form.USB_ID),
    product: fields.text(map, place, 'product', form.USB_ID),
    serial: fields.text(map, place, 'serial', form.WORDS),
    name: fields.text(map, place, 'name', form.WORDS),
    controller: fields.text(map, place, 'controller', form.ADDRESS),
  };
  return port === undefined ? undefined : { port, ...facts };
}
