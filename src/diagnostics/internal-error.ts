/** A bug of ours: an invariant that does not hold. Exit status 70. */
export class InternalError extends Error {
  /** Says what was found that cannot be. */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'InternalError';
  }
}
