/* The Jobs of a fleet: one program in a ConfigMap, run with as little as it can do with. */
import { createHash } from 'node:crypto';
import type { Fleet, GitOps, JsonObject } from '../../model';
import type { Pointer } from '../../source';
import { commentText } from '../comment';
import type { Manifest } from '../manifest';
import { objectFile, outputPath } from '../output-path';

/** The namespace of the Jobs; nothing else is in it. */
export const GATE_NAMESPACE = 'hostdev-gates';

/** Kubernetes' limit for what becomes a label of a pod. */
const LONGEST_NAME = 63;

/** What a Job runs and reads. */
export interface Program {
  readonly folder: readonly string[];
  /** `gate-kubevirt`, `label-nodes`. */
  readonly name: string;
  readonly serviceAccount: string;
  /** The shell program's file name and text. */
  readonly file: string;
  readonly text: string;
  /** What it reads, line by line. */
  readonly lines: readonly string[];
  /** Said above the Job. */
  readonly comment: string;
  /** The hook that runs it, where Argo CD is the tool. */
  readonly hook: 'PreSync' | 'Sync';
  /** How long it may take, where the tool would wait for it for ever. */
  readonly deadlineSeconds: number;
}

/** A name of a fleet's own, cut where it would be too long for a label. */
export function fleetName(fleet: Fleet, suffix: string): string {
  const whole = `${fleet.name}-${suffix}`;
  if (whole.length <= LONGEST_NAME) return whole;
  const mark = hashOf(fleet.name).slice(0, 6);
  return `${fleet.name.slice(0, LONGEST_NAME - suffix.length - mark.length - 2)}-${mark}-${suffix}`;
}

/** The ConfigMap and the Job of a program. */
export function jobOf(fleet: Fleet, gitops: GitOps, program: Program): Manifest[] {
  const data = { [program.file]: program.text, input: `${program.lines.join('\n')}\n` };
  const spec = jobSpec(gitops, program);
  // a Job is immutable: Argo CD deletes the one of that name before it makes it again, Flux removes what is no longer in Git
  const mark = gitops.tool === 'argocd' ? '' : `-${hashOf(JSON.stringify([data, spec])).slice(0, 8)}`;
  const name = fleetName(fleet, `${program.name}${mark}`);
  const metadata = (wave: string, isHook = true): JsonObject => ({
    name,
    namespace: GATE_NAMESPACE,
    annotations: annotations(gitops, program, wave, isHook),
  });
  // a hook alone is no difference to Argo CD, which would not run it: what it works on is an object of the stage
  const isObject = program.hook === 'Sync';
  const make = (
    content: JsonObject & { kind: string },
    comments: readonly (readonly [Pointer, string])[],
  ): Manifest => ({
    key: `gitops/${program.name}/${content.kind.toLowerCase()}`,
    // without the hash, so that a change is a diff of one file
    path: outputPath(...program.folder, objectFile(content.kind, program.name)),
    content,
    comments: new Map(comments.map(([pointer, text]) => [pointer, commentText(text)])),
    modelPath: 'cluster.gitops',
    trace: () => gitops.place,
  });
  return [
    make({ apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata('-1', !isObject), data }, [
      ['/data/input', 'what it works on, line by line'],
    ]),
    make(
      {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: metadata('0'),
        spec: { ...spec, template: { ...podTemplate(gitops, program, name, isPlatformUser(fleet)) } },
      },
      [
        ['', program.comment],
        ...(mark === ''
          ? []
          : ([['/metadata/name', 'ends in a hash of all that is in it: a Job cannot be changed']] as const)),
        ['/spec/backoffLimit', 'pods are lost when their node reboots'],
        ['/spec/template/spec/securityContext', 'it talks to the API server and needs nothing of the node'],
      ],
    ),
  ];
}

function jobSpec(gitops: GitOps, { deadlineSeconds }: Program): JsonObject {
  return {
    backoffLimit: 100,
    // Flux looks again whenever its own time is up; Argo CD waits for a hook for as long as it runs
    ...(gitops.tool === 'argocd' ? { activeDeadlineSeconds: deadlineSeconds } : {}),
  };
}

function podTemplate(gitops: GitOps, program: Program, name: string, isUserGiven: boolean): JsonObject {
  return {
    metadata: { labels: { 'app.kubernetes.io/name': program.name, 'app.kubernetes.io/part-of': 'hostdev' } },
    spec: {
      serviceAccountName: program.serviceAccount,
      restartPolicy: 'OnFailure',
      securityContext: {
        runAsNonRoot: true,
        ...(isUserGiven ? {} : { runAsUser: 65534, runAsGroup: 65534 }),
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [
        {
          name: 'kubectl',
          image: gitops.kubectlImage,
          command: ['/bin/sh', `/program/${program.file}`, '/program/input'],
          // kubectl keeps what the API server can do in its home
          env: [{ name: 'HOME', value: '/tmp' }],
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ['ALL'] },
            readOnlyRootFilesystem: true,
          },
          resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '256Mi' } },
          volumeMounts: [
            { name: 'program', mountPath: '/program', readOnly: true },
            { name: 'tmp', mountPath: '/tmp' },
          ],
        },
      ],
      volumes: [
        { name: 'program', configMap: { name } },
        { name: 'tmp', emptyDir: {} },
      ],
    },
  };
}

/** Whether the platform gives pods a user of their own, and refuses one that the pod names. */
function isPlatformUser(fleet: Fleet): boolean {
  return fleet.cluster.nodePlatform === 'openshift';
}

function annotations(gitops: GitOps, { hook }: Program, wave: string, isHook: boolean): JsonObject {
  return gitops.tool === 'flux'
    ? // the program has dollar signs that are not Flux's
      { 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' }
    : {
        ...(isHook
          ? {
              'argocd.argoproj.io/hook': hook,
              'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation',
            }
          : {}),
        'argocd.argoproj.io/sync-wave': hook === 'Sync' ? String(Number(wave) + 2) : wave,
      };
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
