import { BIND_UNIT_NAME, VERIFY_UNIT_NAME } from '../../analysis';
import type { NodePlatform } from '../../model';
import { bindProgramCommand, KUBELETS } from './bind-unit';
import type { NodeUnit } from './ignition';

/**
 * The unit that compares what is with what was declared at every boot, once kubelet runs: a driver that came late, a bind unit
 * that was masked, or a card that was swapped shows as a failed unit and in `/run/hostdev/verify.status`. It changes nothing.
 */
export function verifyUnit(platform: NodePlatform = 'openshift'): NodeUnit {
  return {
    name: VERIFY_UNIT_NAME,
    contents: [
      '[Unit]',
      'Description=Compare the PCI functions on vfio-pci with /etc/hostdev/bindings',
      `After=${BIND_UNIT_NAME} ${platform === 'openshift' ? 'kubelet.service' : KUBELETS.join(' ')}`,
      '',
      '[Service]',
      'Type=oneshot',
      'RemainAfterExit=yes',
      `ExecStart=${bindProgramCommand(platform)} --verify`,
      'TimeoutStartSec=120',
      'StandardOutput=journal+console',
      'StandardError=journal+console',
      '',
      '[Install]',
      'WantedBy=multi-user.target',
      '',
    ].join('\n'),
  };
}
