import type { AnalysedNode, Analysis } from '../../analysis';

/** The label that a plugin's pods are selected by: the plugin's name in the fleet. */
export const SELECTOR_LABEL = 'hostdev.cdk8s.io/device-plugin';

/** The nodes that hold, or may hold, a device which names a plugin. */
export function nodesServedBy({ nodes }: Analysis, plugin: string): readonly AnalysedNode[] {
  return nodes.filter((node) =>
    node.advertised.some(({ count, resource: { device } }) => {
      const { devicePlugin } = device;
      return count !== 0 && devicePlugin.kind === 'named' && devicePlugin.name === plugin;
    }),
  );
}
