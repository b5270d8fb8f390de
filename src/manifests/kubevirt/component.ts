import { jsonAt, type JsonObject, type JsonValue } from '../../model';
import { emitYaml } from '../../yaml';
import { KUBEVIRT_KEY } from '../keys';
import type { Manifest, PlainFile } from '../manifest';

/**
 * The same patch as a kustomize component, for those who keep the whole object in Git: `components: [dist/kubevirt/component]` in a
 * kustomization that has the object. It says nothing of annotations, which are theirs.
 *
 * @param manifests - all objects, after the user's own changes to them
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/components/
 */
export function configurationComponent(manifests: readonly Manifest[]): PlainFile[] {
  const patch = manifests.find(({ key }) => key === KUBEVIRT_KEY);
  if (patch === undefined) return [];
  const { content, modelPath } = patch;
  const { apiVersion, kind } = content;
  const comments = new Map(patch.comments);
  comments.delete('');
  return [
    {
      path: 'kubevirt/component/kustomization.yaml',
      text: emitYaml(
        {
          apiVersion: 'kustomize.config.k8s.io/v1alpha1',
          kind: 'Component',
          patches: [
            {
              // by kind and name: the namespace of the user's object may come from their own kustomization
              target: targetOf(textOf(apiVersion), textOf(kind), jsonAt(content, 'metadata', 'name')),
              // inline: a file of its own would be one more object to whoever applies the whole tree
              patch: emitYaml(withoutAnnotations(content), { comments }),
            },
          ],
        },
        {
          comments: new Map([
            [
              '',
              `For a kustomization that has the ${textOf(kind)} object: the lists in the patch take the place of those in it.`,
            ],
          ]),
          isMarked: true,
        },
      ),
      modelPath,
    },
  ];
}

function targetOf(apiVersion: string, kind: string, name: JsonValue | undefined): JsonObject {
  const [group = ''] = apiVersion.split('/');
  return { group, kind, ...(name === undefined ? {} : { name }) };
}

/** A user's patch may have left anything in the place of metadata. */
function withoutAnnotations(content: JsonObject): JsonObject {
  const kept = ['name', 'namespace'].map((key) => [key, jsonAt(content, 'metadata', key)] as const);
  return { ...content, metadata: Object.fromEntries(kept.filter(([, value]) => value !== undefined)) };
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
