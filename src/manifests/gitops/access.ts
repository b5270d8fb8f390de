/*
 * Who may do what for the gates: to read the objects that they wait for, by name, and to put labels on the declared Nodes. On
 * OpenShift also what Argo CD's controller has no right to by itself.
 */
import type { Fleet, GitOps, JsonObject } from '../../model';
import { compareText, isJsonObject, jsonAt } from '../../model';
import type { Pointer } from '../../source';
import { commentText } from '../comment';
import type { Manifest } from '../manifest';
import { objectFile, outputPath } from '../output-path';
import type { GateReads } from './gate-expectations';
import { fleetName, GATE_NAMESPACE } from './job';
import { isOpenShiftGitOps, managedBy } from './managed-namespaces';

/** The service accounts of the Jobs. */
export interface JobAccounts {
  readonly gate: string;
  readonly labels: string;
}

/** Their names. */
export function jobAccounts(fleet: Fleet): JobAccounts {
  return { gate: fleetName(fleet, 'gate'), labels: fleetName(fleet, 'labels') };
}

/** What the objects of a fleet need of RBAC. */
export interface Needs {
  /** What the gates read; undefined where there are none. */
  readonly reads: GateReads | undefined;
  /** The Nodes that get labels. */
  readonly labelled: readonly string[];
  /** What the tool writes. */
  readonly manifests: readonly Manifest[];
}

const RBAC = 'rbac.authorization.k8s.io';
const MACHINE_CONFIG_GROUP = 'machineconfiguration.openshift.io';

/** The namespace, accounts and roles; none where there is nothing to wait for and nothing to label. */
export function accessObjects(fleet: Fleet, gitops: GitOps, { reads, labelled, manifests }: Needs): Manifest[] {
  const make = (
    content: JsonObject & { readonly kind: string },
    name: string,
    comments: readonly (readonly [Pointer, string])[] = [],
  ): Manifest => ({
    key: `gitops/access/${content.kind}/${name}`,
    path: outputPath('gitops', 'access', objectFile(content.kind, name)),
    content,
    comments: new Map(comments.map(([pointer, text]) => [pointer, commentText(text)])),
    modelPath: 'cluster.gitops',
    trace: () => gitops.place,
  });
  const account = (name: string, rules: readonly JsonObject[], comment: string): Manifest[] => [
    make({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: GATE_NAMESPACE } }, name),
    ...role(`hostdev-${name}`, rules, { kind: 'ServiceAccount', name, namespace: GATE_NAMESPACE }, comment),
  ];
  const role = (name: string, rules: readonly JsonObject[], subject: JsonObject, comment: string): Manifest[] => [
    make({ apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata: { name }, rules }, name, [['/rules', comment]]),
    make(
      {
        apiVersion: `${RBAC}/v1`,
        kind: 'ClusterRoleBinding',
        metadata: { name },
        roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name },
        subjects: [subject],
      },
      name,
    ),
  ];
  const accounts = jobAccounts(fleet);
  const jobs = [
    ...(reads === undefined
      ? []
      : account(accounts.gate, readRules(reads), 'it looks at these objects and changes none')),
    ...(labelled.length === 0
      ? []
      : account(
          accounts.labels,
          [{ apiGroups: [''], resources: ['nodes'], resourceNames: [...labelled], verbs: ['get', 'patch'] }],
          'labels are put on these Nodes; RBAC knows no right that is narrower',
        )),
  ];
  const objects =
    jobs.length === 0
      ? []
      : [
          make(namespace(managedBy(fleet, gitops)), GATE_NAMESPACE, [
            ['/metadata/labels', 'the Jobs keep to the strictest level'],
          ]),
          ...jobs,
        ];
  if (!isOpenShiftGitOps(fleet, gitops)) return objects;
  const name = `hostdev-${fleetName(fleet, 'argocd')}`;
  const subject = {
    kind: 'ServiceAccount',
    name: `${gitops.namespace}-argocd-application-controller`,
    namespace: gitops.namespace,
  };
  return [
    ...objects,
    ...role(
      name,
      controllerRules(manifests),
      subject,
      'OpenShift GitOps comes without these; it may not delete what reboots nodes',
    ),
  ];
}

function namespace(labels: JsonObject): JsonObject & { readonly kind: string } {
  const level = 'restricted';
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: GATE_NAMESPACE,
      labels: {
        'pod-security.kubernetes.io/enforce': level,
        'pod-security.kubernetes.io/audit': level,
        'pod-security.kubernetes.io/warn': level,
        ...labels,
      },
    },
  };
}

function readRules({ machineConfigs, kubeletConfigs, machineConfigPools, nodes }: GateReads): JsonObject[] {
  const rule = (group: string, resource: string, names: readonly string[]): JsonObject[] =>
    names.length === 0
      ? []
      : [{ apiGroups: [group], resources: [resource], resourceNames: [...names], verbs: ['get'] }];
  return [
    ...rule(MACHINE_CONFIG_GROUP, 'machineconfigs', machineConfigs),
    ...rule(MACHINE_CONFIG_GROUP, 'kubeletconfigs', kubeletConfigs),
    ...rule(MACHINE_CONFIG_GROUP, 'machineconfigpools', machineConfigPools),
    ...rule('', 'nodes', nodes),
  ];
}

/** Kinds that Argo CD's controller on OpenShift cannot write by itself, by API group, as RBAC spells them. */
const CONTROLLED: readonly (readonly [group: string, kind: string, resource: string, removes: boolean])[] = [
  [MACHINE_CONFIG_GROUP, 'MachineConfig', 'machineconfigs', false],
  [MACHINE_CONFIG_GROUP, 'MachineConfigPool', 'machineconfigpools', false],
  [MACHINE_CONFIG_GROUP, 'KubeletConfig', 'kubeletconfigs', false],
  ['kubevirt.io', 'KubeVirt', 'kubevirts', false],
  ['hco.kubevirt.io', 'HyperConverged', 'hyperconvergeds', false],
  ['kubevirt.io', 'VirtualMachine', 'virtualmachines', true],
  ['kubevirt.io', 'VirtualMachineInstance', 'virtualmachineinstances', true],
  ['kubevirt.io', 'VirtualMachineInstanceReplicaSet', 'virtualmachineinstancereplicasets', true],
  ['pool.kubevirt.io', 'VirtualMachinePool', 'virtualmachinepools', true],
  ['resource.k8s.io', 'ResourceClaim', 'resourceclaims', true],
  ['resource.k8s.io', 'ResourceClaimTemplate', 'resourceclaimtemplates', true],
];

function controllerRules(manifests: readonly Manifest[]): JsonObject[] {
  const kinds = new Set(manifests.map(({ content }) => content['kind']));
  const rules = CONTROLLED.filter(([, kind]) => kinds.has(kind)).map(([group, , resource, removes]) => ({
    apiGroups: [group],
    resources: [resource],
    verbs: ['get', 'list', 'watch', 'create', 'update', 'patch', ...(removes ? ['delete'] : [])],
  }));
  const bound = manifests.flatMap(({ content }) => {
    const role =
      content['kind'] === 'RoleBinding' && isJsonObject(content['roleRef'])
        ? jsonAt(content, 'roleRef', 'name')
        : undefined;
    return typeof role === 'string' ? [role] : [];
  });
  if (bound.length === 0) return rules;
  const names = [...new Set(bound)].sort(compareText);
  return [...rules, { apiGroups: [RBAC], resources: ['clusterroles'], resourceNames: names, verbs: ['bind'] }];
}
