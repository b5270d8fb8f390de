/** What the exit status of the command says. */
export const EXIT_STATUS = {
  /** Done; nothing at or above the failing level. */
  done: 0,
  /** Findings at or above the failing level, or an output folder that is not what would be written. */
  findings: 1,
  /** The invocation is wrong, or an input cannot be read. */
  usage: 2,
  /** The plan has hazards that were not allowed. */
  hazards: 3,
  /** A bug of ours. */
  internal: 70,
} as const;

/** One of the exit statuses. */
export type ExitStatus = (typeof EXIT_STATUS)[keyof typeof EXIT_STATUS];
