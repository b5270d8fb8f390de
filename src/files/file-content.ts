import { hash } from 'node:crypto';

/** What a file is to hold: a text, or what makes it when it is asked for, so that thousands need not be there at once. */
export type FileContent =
  string | { readonly text: string; /** Of the text in UTF-8, hexadecimal. */ readonly sha256: string };

/** The text; empty where there is no content. */
export function textOf(content: FileContent | undefined): string {
  return typeof content === 'string' ? content : (content?.text ?? '');
}

/** The SHA-256 of the text in UTF-8, hexadecimal. */
export function sha256Of(content: FileContent): string {
  return typeof content === 'string' ? hash('sha256', content) : content.sha256;
}
