/** What a file is to hold: a text, or what makes it when it is asked for, so that thousands need not be there at once. */
export type FileContent = string | { readonly text: string };

/** The text; empty where there is no content. */
export function textOf(content: FileContent | undefined): string {
  return typeof content === 'string' ? content : (content?.text ?? '');
}
