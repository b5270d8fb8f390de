import type { Event } from 'js-yaml';
import { stamp, type PlacedDiagnostic } from '../diagnostics';
import type { SourceFile } from '../source';
import { findSyntaxProblems } from './diagnose/syntax-problems';
import { eventsOf, keepOutline } from './places/events';
import { LONE_CARRIAGE_RETURN } from './problems';
import { readEvents } from './read-events';
import type { ReadYamlOptions, YamlText } from './yaml-text';

/**
 * Reads a YAML text: its documents as plain values, and everything that is wrong with it.
 *
 * Never throws. A text whose structure is not clear gives problems and no documents; duplicate keys, merge keys, unknown tags
 * and the like are problems beside the value that is left without them.
 *
 * @param source - the text; an empty one has no documents
 */
export function readYaml(source: SourceFile, options: ReadYamlOptions = {}): YamlText {
  const carriageReturn = loneCarriageReturn(source);
  if (carriageReturn !== undefined) return { documents: [], problems: [carriageReturn], ambiguities: [] };
  let events: readonly Event[];
  try {
    events = eventsOf(source);
  } catch (error) {
    return { documents: [], problems: findSyntaxProblems(source, error), ambiguities: [] };
  }
  keepOutline(source, events);
  return readEvents(source, events, options);
}

function loneCarriageReturn(source: SourceFile): PlacedDiagnostic | undefined {
  if (!source.text.includes('\r')) return undefined;
  const at = source.text.search(/\r(?!\n)/);
  if (at < 0) return undefined;
  return stamp(LONE_CARRIAGE_RETURN, {
    message: 'a carriage return stands without a line feed',
    primary: {
      at: { kind: 'range', span: { file: source.path, start: at, end: at + 1 } },
      text: 'some readers end the line here, others do not',
    },
    help: ['end every line with a line feed, or with a carriage return and a line feed'],
  });
}
