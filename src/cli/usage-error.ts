/** The invocation is wrong: one line on stderr, exit status 2. */
export class UsageError extends Error {
  /** Takes the line, without a full stop. */
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}
