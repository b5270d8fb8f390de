import type { AnalysedMachine } from '../analysis';
import type { JsonObject } from '../model';
import type { Place, Pointer } from '../source';

/** One Kubernetes object of the output, with where it came from. */
export interface Manifest {
  /** Stable within the fleet: `kubevirt`, `unit/gpu/vfio`, `vmi/default/vmi-nvme`. */
  readonly key: string;
  /** Where it is written below the output folder: `kubevirt/kubevirt.kubevirt.yaml`. */
  readonly path: string;
  /** May be made anew whenever it is asked for: those of ten thousand VMs need not be there at once. */
  readonly content: JsonObject;
  /** Comments drawn above the key or item that a pointer names; the text without `#`, lines separated by LF. */
  readonly comments: ReadonlyMap<Pointer, string>;
  /** The VM that it is; undefined: it is something else. */
  readonly machine?: AnalysedMachine | undefined;
  /** The part of the model that it is made from, for `fleet.json`: `devices.t4`, `nodePools.gpu`. */
  readonly modelPath: string;
  /** The input behind a spot of the object: the deepest that is known. */
  readonly trace: (pointer: Pointer) => Place;
}

/** A file of the output that is no Kubernetes object: an index, a kustomization, a note. */
export interface PlainFile {
  readonly path: string;
  readonly text: string;
  readonly modelPath: string;
}

/** Everything that a fleet compiles to, before it is text. */
export interface ManifestSet {
  /** In the order of their paths. */
  readonly manifests: readonly Manifest[];
  readonly files: readonly PlainFile[];
}
