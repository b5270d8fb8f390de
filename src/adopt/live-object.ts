import { isJsonObject, jsonAt, type CurrentObject, type JsonObject } from '../model';

/** Annotations that clients and controllers write for themselves. */
const THEIR_ANNOTATIONS =
  /^(?:kubectl\.kubernetes\.io\/last-applied-configuration|kubevirt\.io\/(?:latest|storage)-observed-api-version|kubemacpool\.io\/transaction-timestamp)$/;

/** Fields of metadata that the API server writes. */
const SERVERS_FIELDS: readonly string[] = [
  'managedFields',
  'resourceVersion',
  'uid',
  'generation',
  'creationTimestamp',
  'selfLink',
];

/** An object without what the API server and clients keep in its metadata for themselves. */
export function withoutControllersWords(content: JsonObject): JsonObject {
  const metadata = content['metadata'];
  if (!isJsonObject(metadata)) return content;
  const kept = Object.fromEntries(Object.entries(metadata).filter(([key]) => !SERVERS_FIELDS.includes(key)));
  const { annotations } = kept;
  if (!isJsonObject(annotations)) return { ...content, metadata: kept };
  const own = Object.fromEntries(Object.entries(annotations).filter(([key]) => !THEIR_ANNOTATIONS.test(key)));
  const { annotations: _annotations, ...others } = kept;
  return { ...content, metadata: Object.keys(own).length === 0 ? others : { ...others, annotations: own } };
}

/** A live object as far as a fleet looks at it: of a Node what it hands out and what it says of itself. */
export function asKept({ kind, content }: CurrentObject): JsonObject {
  const object = withoutControllersWords(content);
  if (kind !== 'Node') return object;
  const { status, spec, ...rest } = object;
  const taints = jsonAt(spec, 'taints');
  const allocatable = jsonAt(status, 'allocatable');
  const nodeInfo = jsonAt(status, 'nodeInfo');
  return {
    ...rest,
    ...(taints === undefined ? {} : { spec: { taints } }),
    ...(allocatable === undefined && nodeInfo === undefined
      ? {}
      : {
          status: {
            ...(allocatable === undefined ? {} : { allocatable }),
            ...(nodeInfo === undefined ? {} : { nodeInfo }),
          },
        }),
  };
}
