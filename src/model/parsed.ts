/** What a parser gives that may refuse: the value, or the reason for refusing in the words of a diagnostic's label. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

/** An accepted value. */
export function accepted<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

/** A refusal; the reason completes "this is refused: …". */
export function refused(reason: string): Parsed<never> {
  return { ok: false, reason };
}
