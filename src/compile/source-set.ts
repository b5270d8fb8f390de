import { SourceFile, type DocumentPlace, type FileAccess, type Place, type Span } from '../source';
import { locateInYaml } from '../yaml';

/** The texts of one compilation: those that were read, and those of the user's program, read when first asked for. */
export class SourceSet {
  private readonly files: Map<string, SourceFile>;
  private readonly access: FileAccess;
  private readonly shown: (path: string) => string;

  /**
   * Starts from the texts that the loader read, by the name shown to the user. `shown` names the files of a program, whose
   * stack frames have absolute paths.
   */
  constructor(
    files: ReadonlyMap<string, SourceFile>,
    access: FileAccess,
    shown: (path: string) => string = (path) => path,
  ) {
    this.files = new Map(files);
    this.access = access;
    this.shown = shown;
  }

  /** The text behind a shown name, or undefined when it cannot be read. */
  get(file: string): SourceFile | undefined {
    const known = this.files.get(file);
    if (known !== undefined) return known;
    const text = this.access.readText(file);
    if (text === undefined) return undefined;
    const source = new SourceFile(file, text);
    this.files.set(file, source);
    return source;
  }

  /** Every text that was read so far. */
  texts(): Iterable<SourceFile> {
    return this.files.values();
  }

  /** Turns a place into a range; a place whose text is not there becomes the start of its file. */
  locate(place: Place): Span {
    switch (place.kind) {
      case 'range':
        return place.span;
      case 'file':
        return { file: place.file, start: 0, end: 0 };
      case 'document':
        return this.locateInDocument(place);
      case 'code': {
        const frame = place.frame();
        if (frame === undefined) return { file: 'unknown place', start: 0, end: 0 };
        const file = this.shown(frame.file);
        const source = this.get(file);
        if (source === undefined) return { file: `${file}:${frame.line}:${frame.column}`, start: 0, end: 0 };
        return { file, ...wordAt(source, frame.line, frame.column) };
      }
    }
  }

  private locateInDocument(place: DocumentPlace): Span {
    const source = this.get(place.file);
    return source === undefined ? { file: place.file, start: 0, end: 0 } : locateInYaml(source, place);
  }
}

/** From a stack frame's column to the end of the expression's head: `new NodePool`, `storage.passThrough`. */
function wordAt(source: SourceFile, line: number, column: number): { readonly start: number; readonly end: number } {
  const start = source.offsetOf(line, column);
  const rest = source.lineText(line).slice(column - 1);
  const word = /^(?:new\s+)?[\w$.]+/.exec(rest)?.[0] ?? '';
  return { start, end: start + Math.max(word.length, rest.length > 0 ? 1 : 0) };
}
