import { CORE_TAG_PREFIX } from './core-scalar';

/**
 * The full name of a tag: `!!str` is `tag:yaml.org,2002:str`, `!<tag:x>` is `tag:x`, `!local` stays as it is.
 *
 * @param prefixes - what the `%TAG` directives of the document say, by handle: `!e!` to `tag:example.com,2026:`
 */
export function fullTagName(tag: string, prefixes: ReadonlyMap<string, string>): string {
  if (tag.startsWith('!<') && tag.endsWith('>')) return tag.slice(2, -1);
  const handleEnd = tag.indexOf('!', 1);
  const handle = tag.slice(0, handleEnd + 1) || '!';
  const prefix = prefixes.get(handle) ?? (handle === '!!' ? CORE_TAG_PREFIX : handle);
  return tag === '!' ? tag : prefix + tag.slice(handle.length);
}
