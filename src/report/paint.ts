/**
 * What colour means: a role of text, and how to dress it. The choice of colours, and whether there are any, is the caller's;
 * what is handed over is free of control characters.
 */
export interface Paint {
  /** The head of an error, and the marks under its primary spot. */
  readonly error: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly info: (text: string) => string;
  /** The message in the head. */
  readonly message: (text: string) => string;
  /** Line numbers, bars, arrows and dots. */
  readonly frame: (text: string) => string;
  /** The marks under other spots than the primary one. */
  readonly secondary: (text: string) => string;
  /** A line that a fix takes away. */
  readonly removed: (text: string) => string;
  /** A line that a fix puts there. */
  readonly added: (text: string) => string;
  /** The words `note`, `help`, `fix` and `more`. */
  readonly note: (text: string) => string;
}

const asIs = (text: string): string => text;

/** No colours. */
export const PLAIN: Paint = {
  error: asIs,
  warning: asIs,
  info: asIs,
  message: asIs,
  frame: asIs,
  secondary: asIs,
  removed: asIs,
  added: asIs,
  note: asIs,
};
