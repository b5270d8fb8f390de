import { BIND_UNIT_NAME, bindProgramPath, type BindingRow } from '../../analysis';
import type { NodePlatform } from '../../model';
import type { NodeUnit } from './ignition';

/** Who starts containers where no target stands for it: kubeadm's kubelet, K3s and RKE2. */
export const KUBELETS: readonly string[] = [
  'kubelet.service',
  'k3s.service',
  'k3s-agent.service',
  'rke2-server.service',
  'rke2-agent.service',
];

/**
 * The unit that runs the bind program before kubelet, and so before virt-handler looks for devices.
 *
 * On OpenShift kubelet requires `kubelet-dependencies.target` and starts after it. The target wants the unit and does not require it: a
 * refusal fails the unit and leaves the node up. It runs after the network is configured, because only then a
 * route or an address shows which NIC the host needs; the target requires `network-online.target` itself, so nothing waits
 * longer. After the first boot's OS update, because kernel arguments come with the reboot at its end. What settles the host name is
 * waited for only when rows are told apart by it.
 *
 * Elsewhere it is ordered before the services that start containers; what is not installed orders nothing.
 *
 * @see https://github.com/openshift/machine-config-operator/blob/1c32cb3eb9262ba0b6a57b15afea9704c260cd6f/templates/common/_base/units/kubelet-dependencies.target.yaml
 * @see https://github.com/openshift/machine-config-operator/blob/03b14f8e72a7e5c9bc5e87585a3212c54e1432b7/templates/common/_base/units/ovs-configuration.service.yaml
 */
export function bindUnit(rows: readonly BindingRow[], platform: NodePlatform = 'openshift'): NodeUnit {
  const { unit, wantedBy } = startsBeforeKubelet(platform, rows);
  return {
    name: BIND_UNIT_NAME,
    contents: [
      '[Unit]',
      'Description=Hand the PCI functions listed in /etc/hostdev/bindings to vfio-pci',
      ...unit,
      '',
      '[Service]',
      'Type=oneshot',
      'RemainAfterExit=yes',
      `ExecStart=${bindProgramCommand(platform)}`,
      '# 30 s for devices that appear late, 30 s for udev, the rest for drivers that are slow to let go',
      'TimeoutStartSec=300',
      'StandardOutput=journal+console',
      'StandardError=journal+console',
      '',
      '[Install]',
      `WantedBy=${wantedBy}`,
      '',
    ].join('\n'),
  };
}

/** What orders a unit before kubelet, and what starts it. */
export function startsBeforeKubelet(
  platform: NodePlatform,
  rows: readonly Pick<BindingRow, 'scope'>[],
): { readonly unit: readonly string[]; readonly wantedBy: string } {
  return platform === 'openshift'
    ? openshiftOrder(rows.some(({ scope }) => scope.kind === 'host'))
    : {
        unit: ['Wants=network-online.target', 'After=network-online.target', `Before=${KUBELETS.join(' ')}`],
        wantedBy: 'multi-user.target',
      };
}

/** How a unit starts a program: where it lies in `/etc`, SELinux does not let systemd run it by itself. */
export function programCommand(program = '/bin/false'): string {
  return program.startsWith('/etc/') ? `/bin/sh ${program}` : program;
}

/** How a unit starts the bind program. */
export function bindProgramCommand(platform: NodePlatform): string {
  return programCommand(bindProgramPath(platform));
}

function openshiftOrder(usesHostNames: boolean): { readonly unit: readonly string[]; readonly wantedBy: string } {
  const after = [
    'firstboot-osupdate.target',
    'network-online.target',
    'ovs-configuration.service',
    ...(usesHostNames ? ['node-valid-hostname.service'] : []),
  ];
  return {
    unit: [`After=${after.join(' ')}`, 'Before=kubelet-dependencies.target'],
    wantedBy: 'kubelet-dependencies.target',
  };
}
