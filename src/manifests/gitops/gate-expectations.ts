/*
 * What the cluster must be before a stage is applied, in the words of the program that waits for it (hostdev-gate.sh).
 */
import { createHash } from 'node:crypto';
import type { Analysis, ResourceServer } from '../../analysis';
import { compareNatural, compareText, isJsonObject, jsonAt, type JsonObject } from '../../model';
import type { Manifest } from '../manifest';
import { outputPath } from '../output-path';
import { objectName, withMetadata } from '../with-metadata';
import { expectedCount } from './expected-count';
import type { Stage } from './stages';

/** Kinds whose content a gate compares. */
const HASHED = new Set<unknown>(['MachineConfig', 'KubeletConfig']);

/** Carries the hash of such an object's spec, so that a gate can tell this commit's object from an older one of that name. */
const CONTENT_ANNOTATION = 'hostdev/spec-sha256';

/** Names of what a gate reads: it may read nothing else. */
export interface GateReads {
  readonly machineConfigs: readonly string[];
  readonly kubeletConfigs: readonly string[];
  readonly machineConfigPools: readonly string[];
  readonly nodes: readonly string[];
}

/** One gate: its lines, and what they speak of. */
export interface Expectations {
  readonly lines: readonly string[];
  readonly reads: GateReads;
}

/** Whose resources are there once a stage has been applied. */
const SERVED_BEFORE: Readonly<Record<Stage, readonly ResourceServer[]>> = {
  'node-prep': [],
  kubevirt: [],
  'device-plugins': ['kubevirt'],
  'virtual-machines': ['kubevirt', 'nvidia'],
};

/**
 * What must be true before a stage: every MachineConfig of this commit, and what the operator made of its KubeletConfigs, is on every declared node, and every Node offers what is
 * predicted. Counts that nobody can predict are not waited for.
 */
export function expectationsBefore(stage: Stage, analysis: Analysis, manifests: readonly Manifest[]): Expectations {
  const configs = ofKind(manifests, 'MachineConfig');
  const kubelets = ofKind(manifests, 'KubeletConfig');
  const kubeletFolders = new Set(kubelets.map(folderOf));
  const pools = analysis.units
    .map(({ name, nodes }) => ({
      name,
      count: nodes.length,
      configs: configs.filter(({ content }) => roleOf(content) === name).map(objectName),
    }))
    .filter(
      (unit) =>
        unit.configs.length > 0 || kubeletFolders.has(folderOf({ path: outputPath('node-prep', unit.name, 'x') })),
    );
  const offers = analysis.nodes.flatMap((node) =>
    node.advertised.flatMap((advertised) => {
      const { name, server } = advertised.resource;
      const count = expectedCount(node, advertised);
      return name !== undefined && count !== undefined && count > 0 && SERVED_BEFORE[stage].includes(server)
        ? [{ node: node.name, resource: name, count }]
        : [];
    }),
  );
  return {
    // names were judged before; whatever else one holds cannot become a word or a line of its own
    lines: [
      ...configs.map((config) => `config ${objectName(config)} ${contentHash(config.content)}`),
      ...kubelets.map((kubelet) => `kubelet ${objectName(kubelet)} ${contentHash(kubelet.content)}`),
      ...pools.map(({ name, count, configs: names }) => ['pool', name, count, ...names].join(' ')),
      ...offers.map(({ node, resource, count }) => `node ${node} ${resource} ${count}`),
    ].map((line) => line.replace(/[^A-Za-z0-9 ._/:-]/g, '?')),
    reads: {
      machineConfigs: configs.map(objectName),
      kubeletConfigs: kubelets.map(objectName),
      machineConfigPools: pools.map(({ name }) => name),
      nodes: [...new Set(offers.map(({ node }) => node))].sort(compareNatural),
    },
  };
}

/** An object whose content a gate compares says what is in it. */
export function withContentHash(manifest: Manifest): Manifest {
  if (!HASHED.has(manifest.content['kind'])) return manifest;
  return withMetadata(manifest, 'annotations', (present) => ({
    ...present,
    [CONTENT_ANNOTATION]: contentHash(manifest.content),
  }));
}

function contentHash(content: JsonObject): string {
  const canonical = JSON.stringify(content['spec'], (_key, value: unknown) =>
    isJsonObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => compareText(a, b))) : value,
  );
  return createHash('sha256').update(canonical).digest('hex');
}

function ofKind(manifests: readonly Manifest[], kind: string): Manifest[] {
  return manifests.filter(({ content }) => content['kind'] === kind);
}

function folderOf({ path }: Pick<Manifest, 'path'>): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function roleOf(content: JsonObject): unknown {
  return jsonAt(content, 'metadata', 'labels', 'machineconfiguration.openshift.io/role');
}
