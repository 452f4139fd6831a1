import { secretMasker } from '../../core/base/mask';
import type { Problem } from '../../core/base/problem';
import type { Result } from '../../core/base/result';
import type { HostKeyQuestion, Log, MachineAddress, Prompter, SecretDoor, SecretQuestion } from '../../engine/ports';

/** Every secret and every question of one set of hosts: answers are kept in memory only, and never shown again. */
export interface Vault {
  /** Whether the person agrees to what the cluster file gives to hosts; nothing is dialled before. */
  admit(): Promise<Result<void, Problem>>;
  /** A machine has shown its host key; whether it may get what was agreed to. */
  meet(machine: MachineAddress, fingerprint: string): Promise<Result<void, Problem>>;
  /** The value behind a `${secret:…}` text; from now on masked in everything that leaves this adapter. */
  resolve(text: string): Promise<Result<string, Problem>>;
  /** The value of a text of the cluster file did what it is for. */
  worked(text: string): Promise<void>;
  /** A host refused the value of a text of the cluster file. */
  refused(text: string): void;
  /** Asks once per id; later calls get the same answer until {@link forget}. Undefined: nobody answered. */
  ask(question: SecretQuestion): Promise<string | undefined>;
  /** The answer was wrong: the next {@link ask} asks again. */
  forget(id: string): void;
  confirm(question: HostKeyQuestion): Promise<'accept' | 'reject'>;
  mask(text: string, more?: readonly string[]): string;
  maskProblem(problem: Problem, more?: readonly string[]): Problem;
}

export function createVault(secrets: SecretDoor, prompter: Prompter, log: Log): Vault {
  const known = new Set<string>();
  const answers = new Map<string, Promise<string | undefined>>();
  let lastQuestion: Promise<unknown> = Promise.resolve();

  /** One question at a time: a second input box would close the first one in the editor. */
  const inTurn = <T>(ask: () => Promise<T>): Promise<T> => {
    const turn = lastQuestion.then(ask);
    lastQuestion = turn.catch(() => undefined);
    return turn;
  };

  let masker = { size: 0, mask: secretMasker([]) };
  /** Prepared anew only when another secret became known: every line of every host goes through it. */
  const mask = (text: string, more: readonly string[] = []): string => {
    if (masker.size !== known.size) masker = { size: known.size, mask: secretMasker(known) };
    return more.length === 0 ? masker.mask(text) : secretMasker([...known, ...more])(text);
  };

  return {
    admit: () => secrets.admit(),
    meet: (machine, fingerprint) => secrets.meet(machine, fingerprint),
    worked: (text) => secrets.worked(text),
    refused: (text) => secrets.refused(text),
    async resolve(text) {
      const result = await secrets.resolve(text);
      if (result.ok) known.add(result.value);
      return result;
    },
    ask(question) {
      const existing = answers.get(question.id);
      if (existing !== undefined) return existing;
      const answer = inTurn(() => prompter.askSecret(question)).then(
        (value) => {
          if (value === undefined) answers.delete(question.id);
          else known.add(value);
          return value;
        },
        (error: unknown) => {
          answers.delete(question.id);
          log.warn(`The question "${question.prompt}" could not be asked: ${mask(String(error))}`);
          return undefined;
        },
      );
      answers.set(question.id, answer);
      return answer;
    },
    forget(id) {
      answers.delete(id);
    },
    confirm(question) {
      return inTurn(() => prompter.confirmHostKey(question)).catch((error: unknown) => {
        log.warn(`The question about the host key of ${question.host} could not be asked: ${mask(String(error))}`);
        return 'reject' as const;
      });
    },
    mask,
    maskProblem: (problem, more) => ({
      ...problem,
      message: mask(problem.message, more),
      ...(problem.why === undefined ? {} : { why: mask(problem.why, more) }),
      ...(problem.details === undefined ? {} : { details: problem.details.map((line) => mask(line, more)) }),
      nextSteps: problem.nextSteps.map((step) => mask(step, more)),
    }),
  };
}
