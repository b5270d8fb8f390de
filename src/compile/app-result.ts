/*
 * How an app that the command runs in a child process hands over what it compiled. Places in code are turned into ranges on
 * the way, so that the command renders both front doors with the same code.
 */
import { isJsonObject, type Fleet } from '../model';
import type { Report } from '../diagnostics';
import type { Place, Span } from '../source';
import type { Compilation } from './compile-fleet';
import type { FleetOutputs, OutputFile } from './outputs';
import type { SourceSet } from './source-set';

/** The environment variable that names the file an app writes its result to. */
export const RESULT_VARIABLE = 'HOSTDEV_RESULT_FILE';

/** One fleet of an app. */
export interface AppFleet {
  /** Undefined when the declaration was too broken to make a model of. */
  readonly fleet: Fleet | undefined;
  readonly report: Report;
  /** Undefined when the report has an error. */
  readonly outputs: FleetOutputs | undefined;
}

/** A fleet as it was compiled in the app. */
export interface CompiledFleet {
  readonly compilation: Compilation;
  readonly sources: SourceSet;
  /** Undefined when the report has an error. */
  readonly outputs: FleetOutputs | undefined;
}

/** The fleets of an app as one text. */
export function formatAppResult(fleets: readonly CompiledFleet[]): string {
  return JSON.stringify({
    version: 1,
    fleets: fleets.map(({ compilation, sources, outputs }) => {
      const { fleet, report } = compilation;
      return {
        fleet: fleet === undefined ? undefined : withRanges(fleet, (place) => sources.locate(place)),
        report,
        outputs: outputs === undefined ? undefined : { fleet: outputs.fleet, files: [...outputs.files].map(asData) },
      };
    }),
  });
}

/** A file may be an object that makes its text when it is asked for. */
function asData([path, { text, modelPath, sha256 }]: [string, OutputFile]): [string, OutputFile] {
  return [path, { text, modelPath, sha256 }];
}

/** Reads what {@link formatAppResult} wrote; undefined when the text is something else. */
export function parseAppResult(text: string): AppFleet[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isJsonObject(value) || value['version'] !== 1 || !Array.isArray(value['fleets'])) return undefined;
  const fleets = value['fleets'] as unknown as readonly {
    readonly fleet?: Fleet;
    readonly report: Report;
    readonly outputs?: {
      readonly fleet: string;
      readonly files: readonly [string, OutputFile][];
    };
  }[];
  return fleets.map(({ fleet, report, outputs }) => ({
    fleet,
    report,
    outputs: outputs === undefined ? undefined : { fleet: outputs.fleet, files: new Map(outputs.files) },
  }));
}

/** A model whose places are data: what holds functions cannot leave the process. */
function withRanges(value: unknown, locate: (place: Place) => Span): unknown {
  if (Array.isArray(value)) return value.map((item) => withRanges(item, locate));
  if (typeof value !== 'object' || value === null) return value;
  if ('kind' in value && value.kind === 'code' && 'frame' in value) {
    return { kind: 'range', span: locate(value as unknown as Place) };
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withRanges(item, locate)]));
}
