import { stamp, type PlacedDiagnostic } from '../../diagnostics';
import type { Place, Span } from '../../source';
import {
  DEEP_NESTING,
  DUPLICATE_KEY,
  FOREIGN_VERSION,
  MERGE_KEY,
  NON_STRING_KEY,
  OVERSIZED_ALIAS,
  UNKNOWN_ALIAS,
  UNKNOWN_TAG,
  UNREPRESENTABLE_NUMBER,
} from '../problems';
import { quotedInMessage } from './quoted-in-message';
import { quoteText } from '../scalars/format-scalar';

/** A range of a text as a place. */
export function rangePlace(span: Span): Place {
  return { kind: 'range', span };
}

/** One key twice in one map; `first` is undefined where the same key was typed otherwise, and is not known. */
export function duplicateKey(key: string, first: Span | undefined, again: Span): PlacedDiagnostic {
  return stamp(DUPLICATE_KEY, {
    message: `${quotedInMessage(key)} is given twice in one map`,
    primary: { at: rangePlace(again), text: 'given again here' },
    secondary: first === undefined ? [] : [{ at: rangePlace(first), text: 'first given here' }],
    notes: ['of two values for one key some readers keep the first, some the last, and some refuse the text'],
    help: ['delete one of them'],
  });
}

/** A key that is a list, a map or nothing; `isTemplate` when it is the inner map of `{{ … }}`. */
export function nonStringKey(
  what: 'a list' | 'a map' | 'empty' | 'null',
  span: Span,
  isTemplate: boolean,
): PlacedDiagnostic {
  return stamp(NON_STRING_KEY, {
    message: `a key is ${what}, not a text`,
    primary: {
      at: rangePlace(span),
      text: isTemplate
        ? 'read as a map inside a map'
        : what === 'empty'
          ? 'no key stands before this'
          : `this key is ${what}`,
    },
    notes: isTemplate ? ['YAML reads `{{ … }}` as a map whose key is a map'] : [],
    help: [isTemplate ? 'fill templates in before the text is read, or quote the value' : 'use a text as key'],
  });
}

/** A `<<` where merge keys do not count, or one that merges something other than maps. */
export function mergeKey(span: Span, reason: 'version' | 'value'): PlacedDiagnostic {
  if (reason === 'value') {
    return stamp(MERGE_KEY, {
      message: '`<<` merges something that is not a map',
      primary: { at: rangePlace(span), text: 'its value is neither a map nor a list of maps' },
    });
  }
  return stamp(MERGE_KEY, {
    message: 'YAML 1.2 has no merge key `<<`',
    primary: { at: rangePlace(span), text: 'a merge key of YAML 1.1' },
    help: ['write the entries out, or share them between fleets with `spec.include`'],
  });
}

/** A tag that is not understood, or does not fit its value. */
export function unknownTag(tag: string, span: Span, reason: string): PlacedDiagnostic {
  return stamp(UNKNOWN_TAG, {
    message: `tag ${quotedInMessage(tag)} is not understood here`,
    primary: { at: rangePlace(span), text: reason },
    help: ['delete the tag'],
  });
}

/** An alias that stands for nothing; a text that begins with a star is the usual reason. */
export function unknownAlias(alias: string, span: Span): PlacedDiagnostic {
  return stamp(UNKNOWN_ALIAS, {
    message: `alias ${quotedInMessage(alias)} names no value before it`,
    primary: { at: rangePlace(span), text: 'no anchor of this name is complete here' },
    fixes: [{ title: 'quote the text', safe: false, edits: [{ at: rangePlace(span), text: quoteText(alias) }] }],
  });
}

/** The alias at which a document becomes too large. */
export function oversizedAlias(alias: string, span: Span, limit: number): PlacedDiagnostic {
  return stamp(OVERSIZED_ALIAS, {
    message: `the aliases up to ${quotedInMessage(alias)} expand to more than ${limit} values`,
    primary: { at: rangePlace(span), text: 'too many with this alias' },
    help: ['write the values out, or declare them once and refer to them by name'],
  });
}

/** Collections that nest deeper than `limit`. */
export function deepNesting(span: Span, limit: number): PlacedDiagnostic {
  return stamp(DEEP_NESTING, {
    message: `collections nest more than ${limit} levels deep`,
    primary: { at: rangePlace(span), text: 'one level too many' },
  });
}

/** A number that JSON cannot carry as it was typed; `value` is what would be left of it. */
export function unrepresentableNumber(raw: string, value: number, span: Span): PlacedDiagnostic {
  const isInexact = Number.isFinite(value);
  return stamp(UNREPRESENTABLE_NUMBER, {
    message: `the number ${quotedInMessage(raw)} cannot be kept as it is written`,
    primary: { at: rangePlace(span), text: isInexact ? `becomes ${value}` : 'JSON has no such number' },
    fixes: [{ title: 'quote it as a text', safe: false, edits: [{ at: rangePlace(span), text: quoteText(raw) }] }],
  });
}

/** A `%YAML` directive that asks for rules other than those the text is read by. */
export function foreignVersion(version: string, span: Span): PlacedDiagnostic {
  return stamp(FOREIGN_VERSION, {
    message: `the text declares YAML ${version}, and is read as YAML 1.2`,
    primary: { at: rangePlace(span), text: 'another version' },
    help: ['delete the line'],
  });
}
