import type { Analysis } from '../../analysis';
import type { GitOps } from '../../model';
import { commentText } from '../comment';
import type { Manifest } from '../manifest';
import { objectFile, outputPath } from '../output-path';
import { expectedCount } from './expected-count';
import { fleetName } from './job';

/**
 * An alert for every resource that a Node should offer and does not: declared minus allocatable, from the same prediction that the
 * rules and the gates read. Metrics are kube-state-metrics', which writes resource names with `_` for all but letters and digits.
 *
 * @see https://github.com/kubernetes/kube-state-metrics/blob/v2.15.0/docs/metrics/cluster/node-metrics.md
 */
export function alertRules({ fleet, nodes }: Analysis, gitops: GitOps): Manifest[] {
  const rules = nodes.flatMap((one) =>
    one.advertised.flatMap((advertised) => {
      const { resource } = advertised;
      const { name: node } = one;
      const count = expectedCount(one, advertised);
      if (resource.name === undefined || count === undefined || count === 0) return [];
      const metric = `kube_node_status_allocatable{node="${labelValue(node)}",resource="${resource.name.replace(/[^A-Za-z0-9]/g, '_')}"}`;
      return [
        {
          alert: 'HostDevicesMissing',
          // a Node that is gone, or that never offered any, has no such series
          expr: `${count} - (max(${metric}) or vector(0)) > 0`,
          for: '15m',
          labels: { severity: 'warning', node, resource: resource.name },
          annotations: {
            summary: `Node ${node} offers fewer ${resource.name} than declared`,
            description: `{{ $value }} of ${count} are missing. On the node: hostdev-vfio-bind --check; in the repository: hostdev explain node/${node}`,
          },
        },
      ];
    }),
  );
  if (rules.length === 0) return [];
  const name = fleetName(fleet, 'host-devices');
  const { kubevirt } = fleet.cluster;
  return [
    {
      key: 'gitops/alerts',
      path: outputPath('gitops', 'alerts', objectFile('PrometheusRule', name)),
      content: {
        apiVersion: 'monitoring.coreos.com/v1',
        kind: 'PrometheusRule',
        metadata: { name, namespace: kubevirt.namespace },
        spec: { groups: [{ name, rules }] },
      },
      comments: new Map([
        [
          '',
          commentText(
            'Declared minus allocatable. Applied by whoever runs Prometheus: kubectl apply -k on this folder.',
          ),
        ],
      ]),
      modelPath: 'nodePools',
      trace: () => gitops.place,
    },
  ];
}

/** A text inside a quoted string of PromQL. */
function labelValue(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
