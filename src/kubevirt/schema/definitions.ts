import { InternalError } from '../../diagnostics';
import { isKubeVirtRelease, KUBEVIRT_RELEASES, parseKubeVirtVersion, type KubeVirtRelease } from '../version';
import { CUSTOM_RESOURCES } from './custom-resources.generated';
import { KUBEVIRT_SCHEMA } from './kubevirt-schema.generated';
import { applyMergePatch } from './merge-patch';
import type { Definitions } from './reduced-schema';
import { Shapes } from './shape';

/** Texts are parsed and patches applied when a release is first asked for: a process seldom needs more than one. */
const definitionsByRelease = new Map<KubeVirtRelease, Definitions>();
const shapesByRelease = new Map<KubeVirtRelease, Shapes>();
let customResourceShapes: Shapes | undefined;

/** KubeVirt's API definitions of one release: the oldest release's, with the merge patches up to it applied. */
export function definitionsOf(release: KubeVirtRelease): Definitions {
  const known = definitionsByRelease.get(release);
  if (known !== undefined) return known;
  const previous = KUBEVIRT_RELEASES[KUBEVIRT_RELEASES.indexOf(release) - 1];
  const own: unknown = JSON.parse(KUBEVIRT_SCHEMA[release]);
  const definitions = (previous === undefined ? own : applyMergePatch(definitionsOf(previous), own)) as Definitions;
  definitionsByRelease.set(release, definitions);
  return definitions;
}

/** The shapes of KubeVirt's definitions in one release. */
export function shapesOf(release: KubeVirtRelease): Shapes {
  let shapes = shapesByRelease.get(release);
  if (shapes === undefined) {
    shapes = new Shapes(definitionsOf(release));
    shapesByRelease.set(release, shapes);
  }
  return shapes;
}

/** The shapes of other components' custom resources, by `group/version/Kind`. */
export function customResources(): Shapes {
  customResourceShapes ??= new Shapes(JSON.parse(CUSTOM_RESOURCES) as Definitions);
  return customResourceShapes;
}

/**
 * The minor release that a validation target names, `1.6` for `1.6.3`.
 *
 * @throws InternalError when KubeVirt's version was not checked before: `parseKubeVirtVersion` refuses it.
 */
export function releaseOf(target: { readonly release: string }): KubeVirtRelease {
  if (isKubeVirtRelease(target.release)) return target.release;
  const version = parseKubeVirtVersion(target.release);
  if (!version.ok) throw new InternalError(`cannot validate for KubeVirt ${target.release}: ${version.reason}`);
  return version.value.release;
}
