import type { Manifest } from '../manifest';

/** What is applied as one, in this order: each stands on those before it. The words are the folders of the output. */
export const STAGES = ['node-prep', 'kubevirt', 'device-plugins', 'virtual-machines'] as const;
/** One of them. */
export type Stage = (typeof STAGES)[number];

/** A stage that has objects. */
export interface FilledStage {
  readonly stage: Stage;
  readonly manifests: readonly Manifest[];
}

/** The stages of a fleet that have objects, in their order. */
export function filledStages(manifests: readonly Manifest[]): FilledStage[] {
  return STAGES.map((stage) => ({
    stage,
    manifests: manifests.filter(({ path }) => path.startsWith(`${stage}/`) && path.endsWith('.yaml')),
  })).filter((one) => one.manifests.length > 0);
}
