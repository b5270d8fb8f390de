import type { SourceFile } from '../../source';
import { parseSlowly } from './slow-parser';

type Offsets = readonly [start: number, end: number];

/** Where a place of a text that is no valid YAML most likely lies; the first line where nothing better is known. */
export function locateInBrokenText(
  source: SourceFile,
  document: number,
  segments: readonly string[],
  part: 'key' | 'value',
): Offsets {
  let node: unknown = parseSlowly(source)[document]?.contents;
  let nearestKey: Offsets | undefined;
  for (const segment of segments) {
    const child = childOf(node, segment);
    if (child === undefined) return nearestKey ?? firstLine(source);
    nearestKey = rangeOf(source.text, child.key) ?? nearestKey;
    node = child.value;
  }
  return (part === 'value' ? rangeOf(source.text, node) : undefined) ?? nearestKey ?? firstLine(source);
}

interface SlowPair {
  readonly key?: { readonly value?: unknown } | null;
  readonly value?: unknown;
}

function childOf(node: unknown, segment: string): SlowPair | undefined {
  const items = (node as { items?: readonly unknown[] } | null | undefined)?.items ?? [];
  for (const [i, item] of items.entries()) {
    const isPair = typeof item === 'object' && item !== null && 'key' in item;
    if (!isPair) {
      if (String(i) === segment) return { value: item };
    } else if ((item as SlowPair).key?.value === segment) return item as SlowPair;
  }
  return undefined;
}

function firstLine(source: SourceFile): Offsets {
  return [0, source.lineText(1).length];
}

function rangeOf(text: string, node: unknown): Offsets | undefined {
  const range = (node as { range?: readonly [number, number, number] | null } | null | undefined)?.range;
  if (range === undefined || range === null || range[1] <= range[0]) return undefined;
  return [range[0], range[0] + text.slice(range[0], range[1]).trimEnd().length];
}
