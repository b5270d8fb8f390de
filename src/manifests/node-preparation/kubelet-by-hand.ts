import type { PreparationUnit } from '../../analysis';
import { appendToPointer } from '../../source';
import { emitYaml } from '../../yaml';
import { commentText } from '../comment';
import type { Artefact } from './apply-by-hand';

const NAME = 'kubeletconfiguration.yaml';

/**
 * The kubelet's settings where nothing applies them: a KubeletConfiguration to merge into the one that the kubelet reads. Its name is
 * that of a patch of kubeadm.
 *
 * @see https://kubernetes.io/docs/reference/setup-tools/kubeadm/kubeadm-upgrade/kubeadm-upgrade-node/
 */
export function kubeletByHand({ effects }: PreparationUnit): Artefact[] {
  const { kubelet } = effects;
  if (kubelet.length === 0) return [];
  const content = {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    ...Object.fromEntries(kubelet.map(({ field, value }) => [field, value])),
  };
  const comments = new Map(kubelet.map(({ field, reason }) => [appendToPointer('', field), commentText(reason)]));
  return [{ name: NAME, text: emitYaml(content, { comments, isMarked: true }) }];
}

/** How it comes to the kubelet; none where there are no settings. */
export function kubeletSteps({ effects }: PreparationUnit): string[] {
  if (effects.kubelet.length === 0) return [];
  return [
    `kubeadm: kubeadm upgrade node phase kubelet-config --patches FOLDER, with ${NAME} in it; then restart kubelet.`,
    `K3s and RKE2: each setting as kubelet-arg in the config.yaml of the node; then restart its service.`,
  ];
}
