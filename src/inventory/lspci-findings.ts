/* What there is to say about a text from lspci: each function looks for one thing, and gives one diagnostic or none. */
import { stamp, type PlacedDiagnostic } from '../diagnostics';
import { classCode, type PciFunction } from '../model';
import type { Place, SourceFile, Span } from '../source';
import { counted, listedNames } from './wording';
import type { LspciListing } from './lspci-listing';
import {
  CUT_OFF_TEXT,
  FUNCTION_LISTED_TWICE,
  MISPRINTED_ADDRESS,
  MISSING_IDS,
  NO_FUNCTION,
  PARTIAL_LISTING,
  STRAY_TEXT,
  UNLISTED_FUNCTION,
  UNREADABLE_FUNCTION,
} from './problems';

const TAKE_IT_AGAIN = 'take the text on the node with `lspci -Dnnvv` as root';

/** A text without any function; says so of an empty text, and of the forms of lspci that are not read. */
export function noFunction({ path: file, text }: SourceFile): PlacedDiagnostic {
  const firstLineEnd = text.indexOf('\n');
  const end = (firstLineEnd < 0 ? text : text.slice(0, firstLineEnd)).trimEnd().length;
  const isRecords = /^Slot:\t|^Device:\t[0-9a-f]/m.test(text);
  const isTree = /^-\[[0-9a-f]{4}/m.test(text);
  const form = isRecords ? '`lspci -vmm`' : isTree ? '`lspci -t`' : undefined;
  return stamp(NO_FUNCTION, {
    message: text.trim() === '' ? 'the text is empty' : 'the text lists no PCI function',
    primary: {
      at: range({ file, start: 0, end }),
      text: form === undefined ? 'expected what lspci prints' : `the form of ${form} is not read`,
    },
    help: [TAKE_IT_AGAIN],
  });
}

/** Lines that name a function and cannot be read, in one diagnostic. */
export function unreadableLines({ unreadable }: LspciListing): PlacedDiagnostic[] {
  const [first, ...others] = unreadable;
  if (first === undefined) return [];
  const message =
    others.length === 0
      ? 'a PCI function is named in a form that cannot be read'
      : `${unreadable.length} PCI functions are named in a form that cannot be read`;
  return [
    stamp(UNREADABLE_FUNCTION, {
      message,
      primary: { at: range(first.span), text: first.reason },
      secondary: others.slice(0, 2).map(({ span, reason }) => ({ at: range(span), text: reason })),
      help: [TAKE_IT_AGAIN],
    }),
  ];
}

/** Addresses with a full stop behind the domain, in one diagnostic with one fix for all. */
export function misprints({ blocks }: LspciListing): PlacedDiagnostic[] {
  const [first, ...others] = blocks.filter(({ headline }) => headline.isMisprinted);
  if (first === undefined) return [];
  const { address } = first.headline;
  const fixes = [first, ...others].map((block) => ({ at: range(block.span), text: block.headline.address }));
  return [
    stamp(MISPRINTED_ADDRESS, {
      message:
        others.length === 0
          ? `the address ${address} has a full stop behind its domain`
          : `${others.length + 1} addresses have a full stop behind their domain`,
      primary: { at: range(first.span), text: `read as ${address}` },
      secondary: others
        .slice(0, 2)
        .map((block) => ({ at: range(block.span), text: `read as ${block.headline.address}` })),
      notes: ['lspci and sysfs put a colon behind the domain'],
      fixes: [{ title: 'put a colon behind the domain', safe: true, edits: fixes }],
    }),
  ];
}

/** Functions with several entries that agree, in one diagnostic; `sightings` holds the entries of each function. */
export function listedTwice(sightings: readonly (readonly PciFunction[])[]): PlacedDiagnostic[] {
  const twice = sightings.filter(({ length }) => length > 1);
  const [first, second] = twice[0] ?? [];
  if (first === undefined || second === undefined) return [];
  const names = listedNames(twice.map(([sighting]) => sighting?.address ?? ''));
  return [
    stamp(FUNCTION_LISTED_TWICE, {
      message: `${counted(twice.length, 'PCI function')} ${twice.length === 1 ? 'is' : 'are'} listed more than once`,
      primary: { at: second.place, text: 'listed again' },
      secondary: [{ at: first.place, text: 'first listed here' }],
      notes: [`listed more than once: ${names}`],
    }),
  ];
}

/** Functions without ids: one diagnostic, whether it is all of them or a few. A line that was cut off has one of its own. */
export function missingIds(functions: readonly PciFunction[], { cutOff }: LspciListing): PlacedDiagnostic[] {
  const without = functions.filter(({ id, place }) => {
    const isCutOff = place.kind === 'range' && cutOff !== undefined && place.span.start >= cutOff.start;
    return id === undefined && !isCutOff;
  });
  const first = without[0];
  if (first === undefined) return [];
  const isWhole = without.length === functions.length;
  return [
    stamp(MISSING_IDS, {
      message: isWhole
        ? 'the text shows no vendor and device ids'
        : `${counted(without.length, 'PCI function')} of ${functions.length} ${without.length === 1 ? 'has' : 'have'} no vendor and device id`,
      primary: { at: first.place, text: 'no `[vendor:device]` on this line' },
      secondary: isWhole
        ? []
        : without.slice(1, 3).map(({ place }) => ({ at: place, text: 'none on this line either' })),
      notes: ['lspci prints ids only with `-n` or `-nn`; virt-handler and device plugins compare ids'],
      help: [
        isWhole ? 'take the text with `lspci -Dnnvv`' : 'take these functions with `lspci -Dn`, which prints ids alone',
      ],
    }),
  ];
}

/** Lines that are not lspci’s, in one diagnostic. */
export function strayText({ stray }: LspciListing): PlacedDiagnostic[] {
  const [first, ...others] = stray;
  if (first === undefined) return [];
  const count = stray.reduce((sum, run) => sum + run.count, 0);
  return [
    stamp(STRAY_TEXT, {
      message: count === 1 ? '1 line is not one that lspci prints' : `${count} lines are not ones that lspci prints`,
      primary: { at: range(first.span), text: labelOfRun(first.count) },
      secondary: others.slice(0, 2).map((run) => ({ at: range(run.span), text: labelOfRun(run.count) })),
      help: ['take the lines out, or begin each with `#`'],
    }),
  ];
}

function labelOfRun(count: number): string {
  return count === 1 ? 'passed over' : `passed over, with the ${counted(count - 1, 'line')} below`;
}

/** A last line without a line end. */
export function cutOffText({ cutOff }: LspciListing): PlacedDiagnostic[] {
  if (cutOff === undefined) return [];
  return [
    stamp(CUT_OFF_TEXT, {
      message: 'the text ends without a line end',
      primary: { at: range(cutOff), text: 'the end of this line may be missing' },
      notes: ['lspci ends every line, the last one too'],
    }),
  ];
}

/** Functions that stand in a message of lspci and not in the listing. */
export function unlistedFunctions({ complaints, blocks }: LspciListing): PlacedDiagnostic[] {
  const listed = new Set(blocks.map(({ headline }) => headline.address));
  const unlisted = [...complaints].filter(([address]) => !listed.has(address));
  const [first, ...others] = unlisted;
  if (first === undefined) return [];
  return [
    stamp(UNLISTED_FUNCTION, {
      message:
        others.length === 0
          ? `lspci names ${first[0]} in an error and does not list it`
          : `lspci names ${unlisted.length} PCI functions in errors and does not list them`,
      primary: { at: range(first[1]), text: `${first[0]} is missing from the listing` },
      notes: others.length === 0 ? [] : [`not listed: ${listedNames(unlisted.map(([address]) => address))}`],
    }),
  ];
}

/** A listing of a whole machine has bridges, save on s390x: so this is worth knowing, and no more than that. */
export function partialListing(functions: readonly PciFunction[]): PlacedDiagnostic[] {
  const first = functions[0];
  if (first === undefined || functions.some((fact) => fact.class === undefined)) return [];
  if (functions.some((fact) => fact.class !== undefined && classCode(fact.class).startsWith('06'))) return [];
  return [
    stamp(PARTIAL_LISTING, {
      message: `the text lists ${counted(functions.length, 'PCI function')} and no bridge`,
      primary: { at: first.place, text: 'first function of the listing' },
      notes: ['a listing of a part of the machine hides functions of the same IOMMU group or id'],
    }),
  ];
}

function range(span: Span): Place {
  return { kind: 'range', span };
}
