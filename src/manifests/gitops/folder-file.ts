import { emitYaml } from '../../yaml';
import type { PlainFile } from '../manifest';
import { outputPath } from '../output-path';

/** The kustomization of a folder that takes other folders. */
export function folderFile(folder: readonly string[], resources: readonly string[]): PlainFile {
  return {
    path: outputPath(...folder, 'kustomization.yaml'),
    text: emitYaml(
      { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources: [...resources] },
      { isMarked: true },
    ),
    modelPath: 'cluster.gitops',
  };
}
