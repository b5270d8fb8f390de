import { isJsonObject, jsonAt, type JsonObject, type JsonValue } from '../../model';
import { listAt } from '../../openshift';
import type { ObjectState } from './baseline';
import { hashOf } from './hashes';

/** A file of the output as a baseline sees it. */
export interface WrittenFile {
  /** Below the output folder. */
  readonly path: string;
  /** Of its text, as {@link shortHash} gives it. */
  readonly hash: string;
  /** The object; undefined: it is no Kubernetes object. */
  readonly content: JsonObject | undefined;
}

/** Kinds of which only what they say in `spec` decides whether nodes reboot. */
const COMPARED_BY_SPEC: ReadonlySet<string> = new Set(['KubeletConfig', 'MachineConfigPool']);

/** One file as a baseline keeps it. */
export function toObjectState({
  path,
  hash,
  content,
}: Pick<WrittenFile, 'path' | 'content'> & { readonly hash: string | undefined }): ObjectState {
  const kind = textAt(content, 'kind');
  const state: ObjectState = { path, kind, name: textAt(content, 'metadata', 'name'), hash };
  if (COMPARED_BY_SPEC.has(kind)) return { ...state, spec: hashOf(specOf(content)) };
  if (kind !== 'DaemonSet') return state;
  const updateStrategy = textAt(content, 'spec', 'updateStrategy', 'type');
  return { ...state, image: imagesOf(content), ...(updateStrategy === '' ? {} : { updateStrategy }) };
}

/** The render controller writes `configuration`, and people pause pools. */
function specOf(content: JsonObject | undefined): JsonObject {
  const spec = content?.['spec'];
  if (!isJsonObject(spec)) return {};
  const { configuration: _configuration, paused: _paused, ...rest } = spec;
  return rest;
}

function imagesOf(content: JsonObject | undefined): string {
  const template = ['spec', 'template', 'spec'];
  const containers = [...listAt(content, ...template, 'initContainers'), ...listAt(content, ...template, 'containers')];
  return containers.map((container) => textAt(container, 'image')).join(' ');
}

/** The text at a path; empty where there is none. */
export function textAt(value: JsonValue | undefined, ...path: readonly string[]): string {
  const text = jsonAt(value, ...path);
  return typeof text === 'string' ? text : '';
}
