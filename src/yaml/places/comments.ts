import type { SourceFile } from '../../source';
import { outlineOf } from './events';

/**
 * Tells for an offset with a `#` whether a comment begins there, and not a line of a text: `|`, `>` and quoted values may hold
 * lines that look like comments. In a text that is no valid YAML every one counts as a comment.
 */
export function yamlComments(source: SourceFile): (offset: number) => boolean {
  const ranges = outlineOf(source)?.scalarRanges() ?? [];
  return (offset) => {
    let low = 0;
    let high = ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ranges[middle]?.[0] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    const before = ranges[low - 1];
    return before === undefined || before[1] <= offset;
  };
}
