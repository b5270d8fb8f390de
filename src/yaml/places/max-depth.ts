/** How many collections may stand inside each other in a text that is read, aliases followed. */
export const MAX_DEPTH = 64;
