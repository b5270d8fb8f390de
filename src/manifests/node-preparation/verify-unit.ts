import { BIND_PROGRAM_PATH, BIND_UNIT_NAME, VERIFY_UNIT_NAME } from '../../analysis';
import type { NodeUnit } from './ignition';

/**
 * The unit that compares what is with what was declared at every boot, once kubelet runs: a driver that came late, a bind unit
 * that was masked, or a card that was swapped shows as a failed unit and in `/run/hostdev/verify.status`. It changes nothing.
 */
export function verifyUnit(): NodeUnit {
  return {
    name: VERIFY_UNIT_NAME,
    contents: [
      '[Unit]',
      'Description=Compare the PCI functions on vfio-pci with /etc/hostdev/bindings',
      `After=${BIND_UNIT_NAME} kubelet.service`,
      '',
      '[Service]',
      'Type=oneshot',
      'RemainAfterExit=yes',
      `ExecStart=${BIND_PROGRAM_PATH} --verify`,
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
