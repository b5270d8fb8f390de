import { compareNatural, isJsonObject, jsonAt, type JsonObject } from '../../model';
import { pointerSegments } from '../../source';
import { apiVersionOf, definitionOf, kubeVirtKinds, releasesServing } from '../api-versions';
import { nearestName } from '../nearest-name';
import { compareReleases, type KubeVirtRelease } from '../version';
import type { SchemaComplaint } from './complaint';
import { customResources, definitionsOf, releaseOf, shapesOf } from './definitions';
import { withHistory } from './history';
import { Shapes, type Shape } from './shape';
import { complaintsAgainst } from './walk';

/** The two texts by which every Kubernetes object says what it is. */
const TYPE_META = new Shapes({
  type: {
    properties: { apiVersion: { type: 'string' }, kind: { type: 'string' } },
    required: ['apiVersion', 'kind'],
  },
}).require('type');

/**
 * The first release of KubeVirt whose HyperConverged the table describes. What an older one took is not known, so nothing is said of it.
 *
 * @see https://github.com/kubevirt/hyperconverged-cluster-operator/tree/v1.20.0/api
 */
const HYPERCONVERGED_FROM: KubeVirtRelease = '1.9';

/** What an object is validated for: a KubeVirt release, `1.6` or `1.6.3`. */
export interface ValidationTarget {
  readonly release: string;
}

/**
 * Whether there is a schema for objects of this kind: KubeVirt's own kinds as this release serves them, MachineConfig,
 * MachineConfigPool and KubeletConfig, and HyperConverged as it comes with KubeVirt 1.9. Kubernetes' own kinds have none.
 */
export function hasSchema(target: ValidationTarget, apiVersion: string, kind: string): boolean {
  if (definitionOf(releaseOf(target), apiVersion, kind) !== undefined) return true;
  return customResourceShape(releaseOf(target), apiVersion, kind) !== undefined;
}

function customResourceShape(release: KubeVirtRelease, apiVersion: string, kind: string): Shape | undefined {
  if (apiVersion.startsWith('hco.kubevirt.io/') && compareReleases(release, HYPERCONVERGED_FROM) < 0) return undefined;
  return customResources().find(`${apiVersion}/${kind}`);
}

/**
 * Everything in an object that the API server would refuse, drop or read otherwise than it was meant, sorted by pointer in
 * natural order.
 *
 * Objects are closed, also where a field of KubeVirt's takes an object without members (`masquerade: {}`). Null counts as
 * absent except in lists and maps. A name or generateName is asked for, which no schema does. An object of a kind without
 * schema (see {@link hasSchema}) gives one complaint, `unknown-kind`, and is not looked at further.
 *
 * @throws InternalError when the target is no supported release; never for what the object holds.
 */
export function validateObject(target: ValidationTarget, manifest: JsonObject): SchemaComplaint[] {
  const release = releaseOf(target);
  const { apiVersion, kind } = isJsonObject(manifest) ? manifest : {};
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return untypedComplaints(manifest);
  const definition = definitionOf(release, apiVersion, kind);
  const shape = shapeOfKind(release, apiVersion, kind);
  if (shape === undefined) return [unknownKindComplaint(release, apiVersion, kind)];
  const complaints = complaintsAgainst(shape, manifest);
  if (!isNamed(manifest)) {
    complaints.push({ pointer: '/metadata/name', kind: 'missing-field', expected: 'a text', found: 'nothing' });
  }
  if (complaints.length === 0 || definition === undefined) return sorted(complaints);
  return sorted(traced(complaints, release, (other) => definitionOf(other, apiVersion, kind), manifest));
}

/**
 * The same for a piece of an object, `v1.VirtualMachineInstanceSpec` or any other definition of KubeVirt's API by its short
 * name (`core.Affinity`, `v1beta1.VirtualMachinePoolSpec`); pointers begin at the piece.
 *
 * @throws InternalError when the release has no such definition.
 */
export function validateFragment(target: ValidationTarget, definitionName: string, value: unknown): SchemaComplaint[] {
  const release = releaseOf(target);
  const complaints = complaintsAgainst(shapesOf(release).require(definitionName), value);
  if (complaints.length === 0) return complaints;
  const definitionIn = (other: KubeVirtRelease): string | undefined =>
    Object.hasOwn(definitionsOf(other), definitionName) ? definitionName : undefined;
  return sorted(traced(complaints, release, definitionIn, value));
}

/** What an object of a known kind is validated against. */
export function shapeOfObject(target: ValidationTarget, { apiVersion, kind }: JsonObject): Shape | undefined {
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return undefined;
  return shapeOfKind(releaseOf(target), apiVersion, kind);
}

function shapeOfKind(release: KubeVirtRelease, apiVersion: string, kind: string): Shape | undefined {
  const definition = definitionOf(release, apiVersion, kind);
  return definition === undefined ? customResourceShape(release, apiVersion, kind) : shapesOf(release).find(definition);
}

function traced(
  complaints: readonly SchemaComplaint[],
  release: KubeVirtRelease,
  definitionIn: (release: KubeVirtRelease) => string | undefined,
  root: unknown,
): SchemaComplaint[] {
  return complaints.map((complaint) => {
    const text = complaint.kind === 'not-in-enum' ? textAtPointer(root, complaint.pointer) : undefined;
    return withHistory(complaint, release, definitionIn, text);
  });
}

function textAtPointer(root: unknown, pointer: string): string | undefined {
  let at = root;
  for (const segment of pointerSegments(pointer)) {
    if (Array.isArray(at)) at = (at as readonly unknown[])[Number(segment)];
    else if (isJsonObject(at)) at = at[segment];
    else return undefined;
  }
  return typeof at === 'string' ? at : undefined;
}

/** Metadata or a name of another type has its own complaint already. */
function isNamed(manifest: JsonObject): boolean {
  const metadata = jsonAt(manifest, 'metadata') ?? {};
  if (!isJsonObject(metadata)) return true;
  return ['name', 'generateName'].some((key) => (jsonAt(metadata, key) ?? '') !== '');
}

/** An object is known by two texts; what it holds besides cannot be checked without them. */
function untypedComplaints(manifest: unknown): SchemaComplaint[] {
  if (!isJsonObject(manifest)) return complaintsAgainst(TYPE_META, manifest);
  const { apiVersion, kind } = manifest;
  return complaintsAgainst(TYPE_META, { apiVersion, kind });
}

function unknownKindComplaint(release: KubeVirtRelease, apiVersion: string, kind: string): SchemaComplaint {
  const introducedIn = releasesServing(apiVersion, kind).find((other) => compareReleases(other, release) > 0);
  const wanted = apiVersionOf({ release }, kind);
  // what is wrong is the version where KubeVirt has the kind under another one, else the kind
  const isOtherVersion = wanted !== undefined && wanted !== apiVersion;
  const suggestion = isOtherVersion ? wanted : nearestName(kind, kindsOf(release, apiVersion));
  return {
    pointer: isOtherVersion ? '/apiVersion' : '/kind',
    kind: 'unknown-kind',
    expected: `a kind that KubeVirt ${release} or a known component serves`,
    found: `${kind} of ${apiVersion}`,
    ...(suggestion === undefined ? {} : { suggestion }),
    ...(introducedIn === undefined ? {} : { introducedIn }),
  };
}

/** The kinds with a schema under one `apiVersion`. */
function kindsOf(release: KubeVirtRelease, apiVersion: string): string[] {
  const prefix = `${apiVersion}/`;
  const custom = customResources().names();
  return [
    ...kubeVirtKinds(release).flatMap((known) => (known.apiVersion === apiVersion ? [known.kind] : [])),
    ...custom.flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : [])),
  ];
}

function sorted(complaints: SchemaComplaint[]): SchemaComplaint[] {
  return complaints.sort((a, b) => compareNatural(a.pointer, b.pointer) || compareNatural(a.kind, b.kind));
}
