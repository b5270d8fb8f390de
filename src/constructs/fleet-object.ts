import { ApiObject, type ApiObjectMetadataDefinition, type JsonPatch } from 'cdk8s';
import type { Construct } from 'constructs';
import type { JsonObject } from '../model';
import type { Place } from '../source';
import { brand } from './brand';
import { methodCaller } from './place';

/** What identifies an object before it has content. */
export interface FleetObjectHead {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** What an object asks of the fleet that it belongs to. */
export interface FleetObjectOwner {
  /** The compiled content under a key; undefined where the analysis leaves the object out. */
  readonly _contentOf: (key: string) => JsonObject | undefined;
  /** Says that an object was patched, or that its metadata was asked for, so that it may change at any time. */
  readonly _watch: (object: FleetObject) => void;
}

/**
 * Tells when somebody asks for anything of an object's metadata. `metadata` is an own property that cdk8s sets, so no getter of
 * the class can stand in, and an own getter would make a slow object of each of thousands.
 */
class MetadataWatch implements ProxyHandler<ApiObjectMetadataDefinition> {
  private readonly object: FleetObject;

  constructor(object: FleetObject) {
    this.object = object;
  }

  get(definition: ApiObjectMetadataDefinition, key: string | symbol): unknown {
    this.object._watchMetadata();
    return Reflect.get(definition, key, definition);
  }
}

/**
 * An ApiObject whose content is one object of the compiled fleet. It exists from the constructor on, so that it can be
 * patched, and renders as nothing when the analysis leaves it out.
 */
export class FleetObject extends ApiObject {
  static {
    brand(this.prototype, 'FleetObject');
  }

  /** The manifest's key in the compilation. */
  readonly _key: string;
  /** @internal */
  readonly _definition: ApiObjectMetadataDefinition;
  private readonly owner: FleetObjectOwner;
  private patchPlace: Place | undefined;
  private initialMetadata: string | undefined;

  /** Hangs an object without content into the tree. */
  constructor(scope: Construct, id: string, key: string, head: FleetObjectHead, owner: FleetObjectOwner) {
    const { apiVersion, kind, name, namespace } = head;
    super(scope, id, { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) } });
    this._key = key;
    this.owner = owner;
    this._definition = this.metadata;
    (this as { metadata: ApiObjectMetadataDefinition }).metadata = new Proxy(this.metadata, new MetadataWatch(this));
  }

  /**
   * Applies RFC 6902 operations to the compiled object. The result is validated again; no rule knows what it means, which
   * the report says.
   */
  override addJsonPatch(...ops: JsonPatch[]): void {
    this.patchPlace ??= methodCaller();
    super.addJsonPatch(...ops);
    this.owner._watch(this);
  }

  /**
   * The object as it is written; undefined where the analysis leaves it out.
   *
   * @throws InvalidFleetError when the fleet has findings at error level.
   */
  override toJson(): JsonObject | undefined {
    return this.owner._contentOf(this._key);
  }

  /** The content after the user's own changes, with the first place that made one; undefined where there are none. */
  _patched(manifest: {
    readonly content: JsonObject;
  }): { readonly content: JsonObject; readonly place: Place } | undefined {
    const changed = this.changedMetadata();
    if (this.patchPlace === undefined && changed === undefined) return undefined;
    const { content } = manifest;
    const merged =
      changed === undefined ? content : { ...content, metadata: mergeMetadata(content['metadata'], changed) };
    // cdk8s renders `props`: lending it the compiled content makes patches and sorting its own
    const holder = this as unknown as { props: JsonObject; metadata: { toJson(): unknown } };
    const { props } = holder;
    const metadata = Object.getOwnPropertyDescriptor(this, 'metadata');
    try {
      holder.props = merged;
      Object.defineProperty(this, 'metadata', { value: { toJson: () => merged['metadata'] }, configurable: true });
      const rendered = super.toJson() as JsonObject;
      return { content: rendered, place: this.patchPlace ?? { kind: 'file', file: this.node.path } };
    } finally {
      holder.props = props;
      if (metadata !== undefined) Object.defineProperty(this, 'metadata', metadata);
    }
  }

  /** @internal Metadata is rarely touched: only an object whose metadata was asked for is compared with what it was. */
  _watchMetadata(): void {
    if (this.initialMetadata !== undefined) return;
    this.initialMetadata = JSON.stringify(this._definition.toJson());
    this.owner._watch(this);
  }

  /** What the memo of a compilation depends on, beside the fleet's own revision. */
  _changeKey(): string {
    return this.initialMetadata === undefined ? '' : JSON.stringify(this.changedMetadata() ?? null);
  }

  private changedMetadata(): JsonObject | undefined {
    if (this.initialMetadata === undefined) return undefined;
    const now = this._definition.toJson() as JsonObject;
    return JSON.stringify(now) === this.initialMetadata ? undefined : now;
  }
}

function mergeMetadata(compiled: unknown, added: JsonObject): JsonObject {
  const base = (compiled ?? {}) as JsonObject;
  const merged: Record<string, JsonObject[string]> = { ...base, ...added };
  for (const key of ['labels', 'annotations'] as const) {
    const both = { ...(base[key] as JsonObject | undefined), ...(added[key] as JsonObject | undefined) };
    if (Object.keys(both).length > 0) merged[key] = both;
  }
  return merged;
}
