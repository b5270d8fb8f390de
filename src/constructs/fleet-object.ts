import { ApiObject, type JsonPatch } from 'cdk8s';
import type { Construct } from 'constructs';
import type { JsonObject } from '../model';
import type { Place } from '../source';
import { callerOf } from './place';

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
  /** Says that something changed, so that the next question compiles again. */
  readonly _touch: () => void;
}

/**
 * An ApiObject whose content is one object of the compiled fleet. It exists from the constructor on, so that it can be
 * patched, and renders as nothing when the analysis leaves it out.
 */
export class FleetObject extends ApiObject {
  /** The manifest's key in the compilation. */
  readonly _key: string;
  private readonly owner: FleetObjectOwner;
  private patchPlace: Place | undefined;
  private initialMetadata: string | undefined;

  /** Hangs an object without content into the tree. */
  constructor(scope: Construct, id: string, key: string, head: FleetObjectHead, owner: FleetObjectOwner) {
    const { apiVersion, kind, name, namespace } = head;
    super(scope, id, { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) } });
    this._key = key;
    this.owner = owner;
    this.watchMetadata();
  }

  /**
   * Applies RFC 6902 operations to the compiled object. The result is validated again; no rule knows what it means, which
   * the report says.
   */
  override addJsonPatch(...ops: JsonPatch[]): void {
    this.patchPlace ??= callerOf(this.addJsonPatch as (...args: never[]) => unknown);
    super.addJsonPatch(...ops);
    this.owner._touch();
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
  _patched(content: JsonObject): { readonly content: JsonObject; readonly place: Place } | undefined {
    const changed = this.changedMetadata();
    if (this.patchPlace === undefined && changed === undefined) return undefined;
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

  /** What the memo of a compilation depends on, beside the fleet's own revision. */
  _changeKey(): string {
    return this.initialMetadata === undefined ? '' : JSON.stringify(this.changedMetadata() ?? null);
  }

  /** Metadata is rarely touched: only an object whose metadata was asked for is compared with what it was. */
  private watchMetadata(): void {
    const definition = this.metadata;
    Object.defineProperty(this, 'metadata', {
      configurable: true,
      enumerable: true,
      get: () => {
        if (this.initialMetadata === undefined) {
          this.initialMetadata = JSON.stringify(definition.toJson());
          this.owner._touch();
        }
        return definition;
      },
    });
  }

  private changedMetadata(): JsonObject | undefined {
    if (this.initialMetadata === undefined) return undefined;
    const now = this.metadata.toJson() as JsonObject;
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
