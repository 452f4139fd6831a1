/** What a script can tell from the exit status; docs/cli.md explains them. */
export const EXIT = {
  fine: 0,
  /** A bug: please report it. */
  unexpected: 1,
  /** lint found something; check found warnings; survive: a requirement does not hold; apply, plan, check: the file has errors. */
  findings: 2,
  /** Wrong command line, or a file that is not there. */
  usage: 10,
  /** Hosts cannot be reached or must not be touched as they are; check found errors. */
  notReady: 11,
  /** A step failed, or its outcome is unknown. */
  failed: 12,
  /** Stopped by the user. */
  cancelled: 13,
  /** plan: something would change; status --drift: something is not as the file says. */
  changes: 14,
  /** status: the cluster answers, but not everything is healthy. */
  degraded: 15,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Each in a few words, for the help. */
export const EXIT_MEANS: Readonly<Record<keyof typeof EXIT, string>> = {
  fine: 'fine: no findings, nothing to change, done, healthy',
  unexpected: 'an unexpected error; please report it',
  findings: 'lint or check found something, a requirement of survive does not hold, or the file has errors',
  usage: 'wrong usage, or the file cannot be read',
  notReady: 'hosts are not ready, or nobody has agreed to what they would get',
  failed: 'a step failed, or its outcome is unknown',
  cancelled: 'cancelled',
  changes: 'plan: something would change; status --drift: something is not as the file says',
  degraded: 'status: not everything is healthy',
};
