import type { Definitions } from '../../src/kubevirt/schema/reduced-schema';
import { makeMergePatch } from './make-merge-patch';
import { reachableDefinitions } from './reachable';
import { reduceDefinitions } from './reduce-schema';
import { allKubeVirtDefinitions, customResourcesIn, kubernetesDefinitions } from './sources';
import { reduceSchema } from './reduce-schema';
import { generatedModule, jsonLiteral } from './generated-module';

/** Files of CustomResourceDefinitions whose kinds are validated at run time. To add a component, add its file. */
const CUSTOM_RESOURCE_FILES = ['machineconfiguration.openshift.io.yaml', 'hco.kubevirt.io.yaml'];

/** Kinds of Kubernetes' own that our manifests may hold; only tests validate them. */
const CORE_KINDS: readonly (readonly [apiVersion: string, kind: string, definition: string])[] = [
  ['v1', 'ConfigMap', 'core.ConfigMap'],
  ['v1', 'Namespace', 'core.Namespace'],
  ['v1', 'ServiceAccount', 'core.ServiceAccount'],
  ['apps/v1', 'DaemonSet', 'apps.v1.DaemonSet'],
  ['batch/v1', 'Job', 'batch.v1.Job'],
  ['networking.k8s.io/v1', 'NetworkPolicy', 'networking.v1.NetworkPolicy'],
  ['policy/v1', 'PodDisruptionBudget', 'policy.v1.PodDisruptionBudget'],
  ['rbac.authorization.k8s.io/v1', 'ClusterRole', 'rbac.v1.ClusterRole'],
  ['rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', 'rbac.v1.ClusterRoleBinding'],
  ['rbac.authorization.k8s.io/v1', 'Role', 'rbac.v1.Role'],
  ['rbac.authorization.k8s.io/v1', 'RoleBinding', 'rbac.v1.RoleBinding'],
  ['resource.k8s.io/v1', 'DeviceClass', 'resource.v1.DeviceClass'],
  ['resource.k8s.io/v1', 'ResourceClaim', 'resource.v1.ResourceClaim'],
  ['resource.k8s.io/v1', 'ResourceClaimTemplate', 'resource.v1.ResourceClaimTemplate'],
  ['scheduling.k8s.io/v1', 'PriorityClass', 'scheduling.v1.PriorityClass'],
];

/** Module text of `KUBEVIRT_SCHEMA`: the oldest release whole, then one merge patch per release. */
export function kubeVirtTable(): string {
  let previous: Definitions | undefined;
  const entries = allKubeVirtDefinitions().map(([release, raw]) => {
    const definitions = reduceDefinitions(raw);
    reachableDefinitions(definitions, Object.keys(definitions));
    const part = previous === undefined ? definitions : (makeMergePatch(previous, definitions) ?? {});
    previous = definitions;
    return `  '${release}': ${jsonLiteral(part)},\n`;
  });
  return generatedModule(
    `/** JSON texts: the definitions of the oldest release, then for each later one the merge patch (RFC 7396) from the release before. */
export const KUBEVIRT_SCHEMA: Readonly<Record<'1.4' | '1.5' | '1.6' | '1.7' | '1.8' | '1.9', string>> = {
${entries.join('')}};
`,
  );
}

/** Module text of `CUSTOM_RESOURCES`: other components' kinds by `group/version/Kind`, and what metadata is made of. */
export function customResourceTable(): string {
  const definitions: Record<string, Definitions[string]> = {};
  for (const { group, version, kind, schema } of CUSTOM_RESOURCE_FILES.flatMap(customResourcesIn)) {
    const name = `${group}/${version}/${kind}`;
    const reduced = reduceSchema(schema, name);
    // a CRD leaves metadata to Kubernetes, which reads it as ObjectMeta
    definitions[name] = { ...reduced, properties: { ...reduced.properties, metadata: { $ref: 'meta.ObjectMeta' } } };
  }
  const newest = allKubeVirtDefinitions().at(-1)?.[1] ?? {};
  const all = { ...definitions, ...reachableDefinitions(reduceDefinitions(newest), ['meta.ObjectMeta']) };
  return generatedModule(
    `/** JSON text: definitions of custom resources by \`group/version/Kind\`. */
export const CUSTOM_RESOURCES: string = ${jsonLiteral(all)};
`,
  );
}

/** Module text of `CORE_KINDS`: Kubernetes' own kinds by `apiVersion/kind`, for tests. */
export function coreKindTable(): string {
  const definitions = reduceDefinitions(kubernetesDefinitions('v1.34'));
  const kinds = CORE_KINDS.map(([apiVersion, kind, name]) => [`${apiVersion}/${kind}`, { $ref: name }] as const);
  const reachable = reachableDefinitions(
    definitions,
    CORE_KINDS.map(([, , name]) => name),
  );
  return generatedModule(
    `/** JSON text: definitions of Kubernetes 1.34's kinds by \`apiVersion/kind\`; without required fields, which the source has not. */
export const CORE_KINDS: string = ${jsonLiteral({ ...Object.fromEntries(kinds), ...reachable })};
`,
  );
}
