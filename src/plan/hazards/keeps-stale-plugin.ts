import { changesOf } from '../changes/diff-baselines';
import { counted, shortList } from '../words';
import { exampleFleet, qatPool } from './example';
import { defineHazard, radiusOf } from './hazard';
import { KUBEVIRT } from './sources';

const fleet = (ids: string, resource = 'intel.com/qat'): string =>
  exampleFleet(`
devices:
  qat: { pci: [${ids}], resourceName: ${resource} }
nodePools:
  ${qatPool()}
`);

export const keepsStalePlugin = defineHazard({
  code: 'PLN511',
  slug: 'plan/keeps-stale-plugin',
  severity: 'warning',
  summary: 'a device plugin of virt-handler goes on with the selectors that it was started with',
  why: `
virt-handler starts a plugin for a new resource name and stops that of a vanished one; one that runs is never rebuilt. When a resource keeps its name and gets another
selector, nothing changes on a node until virt-handler is started again there.`,
  sources: [
    {
      claim: 'plugins that run are not rebuilt',
      url: `${KUBEVIRT}/pkg/virt-handler/device-manager/device_controller.go`,
    },
    { claim: 'seen by users', url: 'https://github.com/kubevirt/kubevirt/issues/7084' },
  ],
  examples: {
    bad: [
      {
        name: 'a second model under the same name',
        before: fleet('"8086:6f54"'),
        after: fleet('"8086:6f54", "8086:4941"'),
        expected: 'the plugin of intel.com/qat goes on with its old selectors on 2 nodes',
      },
    ],
    good: [
      {
        name: 'another name as well',
        before: fleet('"8086:6f54"'),
        after: fleet('"8086:6f54", "8086:4941"', 'intel.com/qats'),
      },
    ],
  },
  *find({ handlerRestarts, changes }) {
    for (const { resource, addedSelectors, removedSelectors, nodes } of handlerRestarts) {
      yield {
        message: `the plugin of ${resource} goes on with its old selectors on ${counted(nodes.length, 'node')}`,
        radius: radiusOf(nodes, []),
        notes: [
          ...(addedSelectors.length === 0 ? [] : [`not served yet: ${shortList(addedSelectors)}`]),
          ...(removedSelectors.length === 0 ? [] : [`still served: ${shortList(removedSelectors)}`]),
          'virt-handler never rebuilds a plugin that runs',
        ],
        help: [
          'restart virt-handler on those nodes once the configuration is there, or give the device another resource name',
        ],
        changes: changesOf(changes, 'permitted')
          .filter(
            (change) =>
              (change.sign === 'removed' ? change.before : change.after).resource === resource ||
              (change.sign !== 'added' && change.before.resource === resource),
          )
          .map(({ key }) => key),
      };
    }
  },
});
