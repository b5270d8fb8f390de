import type * as YamlPackage from 'yaml';
import type { SourceFile } from '../../source';

/** What the `yaml` package makes of a text: documents with ranges, and every error with a code. */
export type SlowDocuments = readonly YamlPackage.Document.Parsed[];

/** Texts longer than this are not read again: the package takes seconds for a megabyte of errors. */
const LONGEST = 200_000;

const parsed = new WeakMap<SourceFile, SlowDocuments>();

/**
 * Reads a broken text with the `yaml` package, which goes on after an error. It is slow to load and to run, so nothing but a text
 * that the fast reader refused gets here.
 *
 * @returns nothing for a text of more than 200,000 characters, or one that nests too deep for the package.
 */
export function parseSlowly(source: SourceFile): SlowDocuments {
  let documents = parsed.get(source);
  if (documents === undefined) {
    documents = source.text.length > LONGEST ? [] : parse(source.text);
    parsed.set(source, documents);
  }
  return documents;
}

function parse(text: string): SlowDocuments {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded only for a text with errors
  const { parseAllDocuments } = require('yaml') as typeof YamlPackage;
  try {
    // one error per duplicate key takes quadratic time, and the fast reader reports those
    const documents = parseAllDocuments(text, {
      prettyErrors: false,
      stringKeys: true,
      uniqueKeys: false,
      logLevel: 'silent',
    });
    return Array.isArray(documents) ? documents : [];
  } catch {
    // brackets that nest by the thousand overflow its stack
    return [];
  }
}
