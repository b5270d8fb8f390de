import { isJsonObject, isVirtualMachineKind, jsonAt, MACHINE_LAYOUTS, type CurrentObject } from '../../model';

/** Whether an object is of a kind that holds VMs, and has none in it: a patch for one that is written elsewhere. */
export function isPatch({ kind, content }: CurrentObject): boolean {
  return isVirtualMachineKind(kind) && !isJsonObject(jsonAt(content, ...MACHINE_LAYOUTS[kind].spec, 'domain'));
}
