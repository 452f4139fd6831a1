import { printableLine } from './printable';
import { say } from './say';

/**
 * Something that went wrong, told so that a person can act on it.
 * `message` says what happened and where, `why` gives the cause in the words of the system that reported it,
 * `nextSteps` are sentences in the imperative. None of them ever holds a secret.
 */
export interface Problem {
  /** Stable kebab-case id, for tests, exit codes and documentation. */
  readonly code: string;
  readonly message: string;
  /** Label of the host it happened on. */
  readonly host?: string;
  readonly why?: string;
  /** A list that belongs to it, one line each. */
  readonly details?: readonly string[];
  readonly nextSteps: readonly string[];
}

/** Builds a problem; `nextSteps` may be left out when the message already says what to do. */
export function problem(code: string, message: string, more: Partial<Omit<Problem, 'code' | 'message'>> = {}): Problem {
  return { code, message, nextSteps: [], ...more };
}

/** The problem as a few lines of text: host and message, cause, details, next steps. Each is one line, whatever a host says. */
export function formatProblem(p: Problem): string {
  const head = p.host === undefined || p.message.includes(p.host) ? p.message : `${p.host}: ${p.message}`;
  const why = p.why === undefined ? [] : [say`  Why: ${p.why}`];
  const details = (p.details ?? []).map((line) => `    ${line}`);
  const next = p.nextSteps.map((step) => say`  Next: ${step}`);
  return [head, ...why, ...details, ...next].map(printableLine).join('\n');
}

/** The problem that an error carries (adapters throw such errors where a value cannot be returned); undefined for a bug. */
export function problemIn(error: unknown): Problem | undefined {
  return error instanceof Error && 'problem' in error
    ? (error as Error & { readonly problem: Problem }).problem
    : undefined;
}
