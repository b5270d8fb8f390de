import { liveKubeVirt, type Analysis } from '../../analysis';
import type { JsonObject } from '../../model';
import { appendToPointer, type Place, type Pointer } from '../../source';
import { KUBEVIRT_KEY } from '../keys';
import type { Manifest } from '../manifest';
import { objectFile, outputPath } from '../output-path';
import { PARTLY_OURS } from '../protection';
import { traceBy } from '../trace';
import { featureGates } from './feature-gates';
import { nodeMediatedDeviceTypes } from './mediated-devices';

const NOT_OURS = 'not from this fleet: kept from the live object';

/** An entry of a list, and where it comes from; without a place it is the live object's. */
interface ListEntry {
  readonly entry: JsonObject;
  readonly place: Place | undefined;
}

/**
 * The part of the KubeVirt object that the fleet owns, as a partial object for server-side apply; nothing where the fleet
 * has nothing to say. There is never an empty list: KubeVirt tells a list that is empty from one that is absent.
 */
export function kubeVirtPatch(analysis: Analysis): Manifest[] {
  const { kubevirt } = analysis.fleet.cluster;
  const live = liveKubeVirt(analysis.fleet)?.content;
  const comments = new Map<Pointer, string>([
    ['', 'The part of the KubeVirt object that this fleet owns, for kubectl apply --server-side.'],
  ]);
  const places = new Map<Pointer, Place>();
  const listAt = (pointer: Pointer, entries: readonly ListEntry[]): JsonObject[] => {
    entries.forEach(({ place }, index) => {
      const at = appendToPointer(pointer, index);
      if (place === undefined) comments.set(at, NOT_OURS);
      else places.set(at, place);
    });
    return entries.map(({ entry }) => entry);
  };
  const configuration: Record<string, JsonObject> = {};

  const gates = featureGates(analysis, live);
  if (gates.length > 0) {
    configuration['developerConfiguration'] = { featureGates: gates };
    gates.forEach((gate, index) => {
      const at = `/spec/configuration/developerConfiguration/featureGates/${index}`;
      const declared = kubevirt.featureGates.find(({ name }) => name === gate);
      if (declared !== undefined) places.set(at, declared.place);
      if (!analysis.featureGates.includes(gate)) comments.set(at, NOT_OURS);
    });
  }

  const types = nodeMediatedDeviceTypes(analysis, live);
  if (types.length > 0) {
    const at = '/spec/configuration/mediatedDevicesConfiguration/nodeMediatedDeviceTypes';
    configuration['mediatedDevicesConfiguration'] = { nodeMediatedDeviceTypes: listAt(at, types) };
  }

  const { permitted } = analysis;
  if (permitted.size > 0) {
    configuration['permittedHostDevices'] = Object.fromEntries(
      [...permitted].map(([list, entries]) => [
        list,
        listAt(`/spec/configuration/permittedHostDevices/${list}`, entries),
      ]),
    );
  }

  if (Object.keys(configuration).length === 0) return [];
  return [
    {
      key: KUBEVIRT_KEY,
      path: outputPath('kubevirt', objectFile('KubeVirt', kubevirt.name)),
      content: {
        apiVersion: 'kubevirt.io/v1',
        kind: 'KubeVirt',
        metadata: { name: kubevirt.name, namespace: kubevirt.namespace, annotations: PARTLY_OURS },
        spec: { configuration },
      },
      comments,
      modelPath: 'cluster.kubevirt',
      trace: traceBy(places, kubevirt.place),
    },
  ];
}
