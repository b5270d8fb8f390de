import {
  liveConfiguration,
  type Analysis,
  type LiveConfiguration,
  type PermittedEntry,
  type PermittedList,
} from '../../analysis';
import { ownerLayout, type ConfigurationLayout } from '../../kubevirt';
import type { JsonObject, JsonValue } from '../../model';
import { appendToPointer, type Place, type Pointer } from '../../source';
import { KUBEVIRT_KEY } from '../keys';
import type { Manifest } from '../manifest';
import { objectFile, outputPath } from '../output-path';
import { PARTLY_OURS } from '../protection';
import { traceBy } from '../trace';
import { hyperConvergedGates, kubeVirtGates, type WrittenGates } from './feature-gates';
import { nodeMediatedDeviceTypes } from './mediated-devices';

const NOT_OURS = 'not from this fleet: kept from the live object';
const DISABLED = 'not from this fleet: kept from the live object, which turns it off';

/** An entry of a list, and where it comes from; without a place it is the live object's. */
interface ListEntry {
  readonly entry: JsonValue;
  readonly place: Place | undefined;
  readonly isDisabled?: true;
}

/**
 * The part of the owner's object that the fleet owns, as a partial object for server-side apply; nothing where the fleet has
 * nothing to say. The owner is KubeVirt's own object, or HyperConverged, which writes that one. There is never an empty list:
 * KubeVirt tells a list that is empty from one that is absent.
 *
 * What others have in a list is written along with the fleet's own entries, also where the API server merges the list by itself:
 * whichever way the patch is applied, nothing of theirs is lost.
 */
export function configurationPatch(analysis: Analysis): Manifest[] {
  const { kubevirt } = analysis.fleet.cluster;
  const layout = ownerLayout(kubevirt);
  const draft = new Draft(layout, kubevirt.place);
  const live = liveConfiguration(analysis.fleet);
  writeGates(draft, gatesOf(analysis, layout, live));
  const off = analysis.mediatedHandlingOff;
  if (off?.by === 'field') draft.value([...layout.mediated, 'enabled'], false, off.use.place);
  draft.list([...layout.mediated, 'nodeMediatedDeviceTypes'], nodeMediatedDeviceTypes(analysis, live));
  for (const [list, entries] of analysis.permitted) {
    const name = list === 'usb' ? layout.usbList : list;
    draft.list(
      [...layout.permitted, name],
      entries.map((entry) => inWordsOf(layout, list, entry)),
    );
  }
  if (draft.isEmpty) return [];
  const { kind, apiVersion } = layout;
  draft.comments.set('', `The part of the ${kind} object that this fleet owns, for kubectl apply --server-side.`);
  return [
    {
      key: KUBEVIRT_KEY,
      path: outputPath('kubevirt', objectFile(kind, kubevirt.name)),
      content: {
        apiVersion,
        kind,
        metadata: { name: kubevirt.name, namespace: kubevirt.namespace, annotations: PARTLY_OURS },
        ...draft.content,
      },
      comments: draft.comments,
      modelPath: 'cluster.kubevirt',
      trace: traceBy(draft.places, kubevirt.place),
    },
  ];
}

function gatesOf(analysis: Analysis, layout: ConfigurationLayout, live: LiveConfiguration | undefined): WrittenGates {
  return layout.kind === 'KubeVirt' ? kubeVirtGates(analysis, live) : hyperConvergedGates(analysis, layout, live);
}

function writeGates(draft: Draft, { listed, switched, mediatedOff }: WrittenGates): void {
  const { layout } = draft;
  draft.list(layout.gates, listed);
  for (const { name, place } of switched) draft.value([...layout.gates, name], true, place);
  if (mediatedOff !== undefined) draft.value([...layout.mediated, 'enabled'], false, mediatedOff);
}

function inWordsOf(layout: ConfigurationLayout, list: PermittedList, one: PermittedEntry): ListEntry {
  const { entry, place, isDisabled, disabledAt } = one;
  const { pciVendorSelector, ...rest } = entry;
  const named: JsonObject =
    list === 'pciHostDevices' && pciVendorSelector !== undefined
      ? { [layout.pciSelector]: pciVendorSelector, ...rest }
      : entry;
  if (isDisabled === true) return { entry: { ...named, disabled: true }, place, isDisabled };
  // the API server merges entries of one selector: an entry that does not say so would stay turned off
  return { entry: disabledAt === undefined ? named : { ...named, disabled: false }, place };
}

/** A partial object that grows path by path, with what is said about its spots. */
class Draft {
  readonly layout: ConfigurationLayout;
  readonly content: Record<string, JsonValue> = {};
  readonly comments = new Map<Pointer, string>();
  readonly places = new Map<Pointer, Place>();
  private readonly own: Place;

  constructor(layout: ConfigurationLayout, own: Place) {
    this.layout = layout;
    this.own = own;
  }

  get isEmpty(): boolean {
    return Object.keys(this.content).length === 0;
  }

  /** Writes a value; `place` is where the fleet says so. */
  value(path: readonly string[], value: JsonValue, place: Place | undefined): void {
    let at = this.content;
    for (const key of path.slice(0, -1)) at = (at[key] ??= {}) as Record<string, JsonValue>;
    at[path.at(-1) ?? ''] = value;
    this.places.set(appendToPointer('', ...path), place ?? this.own);
  }

  /** Writes a list, unless it is empty. */
  list(path: readonly string[], entries: readonly ListEntry[]): void {
    if (entries.length === 0) return;
    this.value(
      path,
      entries.map(({ entry }) => entry),
      undefined,
    );
    const pointer = appendToPointer('', ...path);
    entries.forEach(({ place, isDisabled }, index) => {
      const at = appendToPointer(pointer, index);
      if (place === undefined) this.comments.set(at, isDisabled === true ? DISABLED : NOT_OURS);
      else this.places.set(at, place);
    });
  }
}
