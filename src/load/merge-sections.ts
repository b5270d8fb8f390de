import { stamp, type PlacedDiagnostic } from '../diagnostics';
import { compareNatural, jsonAt, type JsonValue } from '../model';
import { appendToPointer, type Place, type Pointer } from '../source';
import { mapOf, type PlaceBelow } from './entities/values';
import { placesBelow, type FleetDocument } from './document';
import { INCLUDE_CLASH } from './problems';

/** One entry of a section: a device, a plugin's settings, a pool or a VM. */
export interface Entry {
  readonly name: string;
  /** What was written; not checked. */
  readonly value: unknown;
  readonly at: PlaceBelow;
  /** The entry's key; asked for by findings only. */
  readonly atKey: () => Place;
  /** The folder that its paths are relative to. */
  readonly folder: string;
}

const SECTIONS = ['devices', 'devicePlugins', 'nodePools', 'virtualMachines'] as const;

/** The entries of all documents of a fleet, in natural order of their names. */
export type Sections = Readonly<Record<(typeof SECTIONS)[number], readonly Entry[]>>;

/** What one entry of a section is called. */
const ONE_OF: Readonly<Record<keyof Sections, string>> = {
  devices: 'device',
  devicePlugins: 'device plugin',
  nodePools: 'node pool',
  virtualMachines: 'VM',
};

/**
 * Merges documents by name. A name that two of them declare is an error that shows both, and the first one stands, so the
 * documents come in an order that the lists of includes do not decide.
 */
export function mergeSections(documents: readonly FleetDocument[]): {
  readonly sections: Sections;
  readonly problems: readonly PlacedDiagnostic[];
} {
  const problems: PlacedDiagnostic[] = [];
  const merged = SECTIONS.map((section): [keyof Sections, Entry[]] => {
    const byName = new Map<string, Entry>();
    for (const document of documents) {
      for (const entry of entriesOf(document, section)) {
        const first = byName.get(entry.name);
        if (first === undefined) byName.set(entry.name, entry);
        else problems.push(clash(ONE_OF[section], first, entry));
      }
    }
    return [section, [...byName.values()].sort((a, b) => compareNatural(a.name, b.name))];
  });
  return { sections: Object.fromEntries(merged) as unknown as Sections, problems };
}

function* entriesOf(document: FleetDocument, section: keyof Sections): Iterable<Entry> {
  const entries = mapOf(jsonAt(document.value as JsonValue, 'spec', section));
  for (const name of Object.keys(entries)) {
    const value = entries[name];
    if (value !== undefined) yield new DocumentEntry(document, section, name, value);
  }
}

/** Of ten thousand entries few are asked for their places. */
class DocumentEntry implements Entry {
  readonly name: string;
  readonly value: unknown;
  private readonly document: FleetDocument;
  private readonly section: string;

  constructor(document: FleetDocument, section: string, name: string, value: unknown) {
    this.document = document;
    this.section = section;
    this.name = name;
    this.value = value;
  }

  get at(): PlaceBelow {
    return this.document.placesInEntry?.(this.section, this.name) ?? placesBelow(this.document, this.pointer);
  }

  get folder(): string {
    return this.document.folder;
  }

  atKey(): Place {
    return this.document.placeOf(this.pointer, 'key');
  }

  private get pointer(): Pointer {
    return appendToPointer('/spec', this.section, this.name);
  }
}

function clash(noun: string, first: Entry, second: Entry): PlacedDiagnostic {
  return stamp(INCLUDE_CLASH, {
    message: `${noun} ${second.name} is declared in 2 files`,
    primary: { at: second.atKey(), text: 'declared again' },
    secondary: [{ at: first.atKey(), text: 'first declared here' }],
    help: ['delete one declaration, or give it another name'],
  });
}
