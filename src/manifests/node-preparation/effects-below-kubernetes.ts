import type { PreparationUnit } from '../../analysis';

/** Whether a unit changes anything on the node besides the kubelet's settings. */
export function effectsBelowKubernetes({ effects }: Pick<PreparationUnit, 'effects'>): boolean {
  return effects.kernelArguments.length + effects.files.length + effects.modules.length > 0;
}
