import { stamp, type PlacedDiagnostic } from '../diagnostics';
import { isJsonObject, jsonAt, type JsonObject, type JsonValue, type TalosSchematic } from '../model';
import { placeAt, type DocumentPlace, type Place } from '../source';
import { readYaml } from '../yaml';
import { UNREADABLE_SCHEMATIC } from './problems';
import { missingFile } from './read-documents';
import type { TextStore } from './text-store';

/** What a file that `talosSchematic` names holds. */
export interface ReadSchematic {
  readonly schematic: TalosSchematic | undefined;
  readonly problems: readonly PlacedDiagnostic[];
}

/** Reads an Image Factory schematic: a map, whose `customization.extraKernelArgs` is a list of texts where it is there at all. */
export function readSchematic(store: TextStore, path: string, at: Place): ReadSchematic {
  const source = store.source(path);
  if (source === undefined) {
    return { schematic: undefined, problems: [missingFile('the Talos schematic', path, at)] };
  }
  const { documents, problems } = readYaml(source);
  if (problems.length > 0) return { schematic: undefined, problems };
  const [document] = documents;
  const place: DocumentPlace = {
    kind: 'document',
    file: source.path,
    document: document?.index ?? 0,
    pointer: '',
    part: 'value',
  };
  const content = document?.value ?? {};
  const found = wrongPart(content, place, documents.length);
  if (found !== undefined) return { schematic: undefined, problems: [found] };
  const listed = jsonAt(content as JsonObject, 'customization', 'extraKernelArgs');
  return {
    schematic: {
      content: content as JsonObject,
      kernelArguments: (Array.isArray(listed) ? (listed as readonly JsonValue[]) : []).flatMap((text, index) =>
        typeof text === 'string' ? [{ text, place: placeAt(place, 'customization', 'extraKernelArgs', index) }] : [],
      ),
      place,
    },
    problems: [],
  };
}

function wrongPart(content: unknown, place: Place, documents: number): PlacedDiagnostic | undefined {
  const refuse = (message: string, at: Place): PlacedDiagnostic =>
    stamp(UNREADABLE_SCHEMATIC, { message, primary: { at, text: 'not as Image Factory reads it' } });
  if (documents > 1) return refuse('a schematic is one document', place);
  if (!isJsonObject(content)) return refuse('a schematic is a map', place);
  const customization = content['customization'];
  if (customization === undefined || customization === null) return undefined;
  if (!isJsonObject(customization)) {
    return refuse('`customization` of a schematic is a map', placeAt(place, 'customization'));
  }
  const list = customization['extraKernelArgs'];
  if (list === undefined || list === null) return undefined;
  const isList = Array.isArray(list) && (list as readonly unknown[]).every((item) => typeof item === 'string');
  return isList
    ? undefined
    : refuse('`extraKernelArgs` of a schematic is a list of texts', placeAt(place, 'customization', 'extraKernelArgs'));
}
