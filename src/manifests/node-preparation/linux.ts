/*
 * Effects as a distribution with packages takes them (kubeadm, RKE2, K3s): one program that people or their tools run on each node.
 * Facts: node-prep.md part 4.5.
 */
import type { PreparationUnit } from '../../analysis';
import { applyByHand } from './apply-by-hand';
import type { NodePreparation } from './back-end';
import { effectsBelowKubernetes } from './effects-below-kubernetes';
import { installer } from './installer';
import { kubeletByHand, kubeletSteps } from './kubelet-by-hand';

/** The installer of a unit; none for effects that are empty. */
export function prepareLinux(unit: PreparationUnit): NodePreparation {
  const installs = effectsBelowKubernetes(unit);
  return {
    manifests: [],
    files: applyByHand(
      unit,
      [...(installs ? [{ name: 'install.sh', text: installer(unit) }] : []), ...kubeletByHand(unit)],
      {
        title: 'Preparation of nodes with packages (kubeadm, RKE2, K3s)',
        steps: [
          ...(installs
            ? [
                'Drain the node, or stop the VMs on it.',
                'Run as root on the node: sh install.sh (it refuses what is in its way, and changes nothing then).',
                'Reboot the node.',
              ]
            : []),
          ...kubeletSteps(unit),
        ],
        checks: installs
          ? [
              'sh install.sh --check says: as listed',
              ...(unit.effects.rows.length === 0
                ? []
                : [
                    '/run/hostdev/bind.status says for each function what became of it; hostdev-vfio-bind --check asks again',
                  ]),
              'sh install.sh --undo and a reboot give everything back',
            ]
          : [],
      },
    ),
  };
}
