import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import type { Sha256 } from '../planning/sha256';
import type { Agreements, LocalProgram, ProgramDoor, ProgramQuestion, ProgramRunner } from '../ports';

/** Code of the problem of {@link ProgramDoor.admit}. */
export const PROGRAMS_NOT_AGREED = 'programs-not-agreed';

export interface ProgramDoorDependencies {
  /** Label of the cluster file for the question. */
  readonly file: string;
  readonly agreements: Agreements;
  readonly sha256: Sha256;
  readonly runner: ProgramRunner;
  /** Asks the person; false: not agreed. */
  readonly ask: (question: ProgramQuestion) => Promise<boolean>;
  /** What was allowed beforehand, on the command line; it is not remembered. */
  readonly allowed?: (name: string, sha256: string) => boolean;
  /** What to do when it was not agreed to. */
  readonly nextSteps: (question: ProgramQuestion) => readonly string[];
}

/** The door of one cluster file for one operation. An agreement is bound to path and content. */
export function createProgramDoor(deps: ProgramDoorDependencies): ProgramDoor {
  const admitted = new Set<string>();
  const idOf = ({ name, input }: LocalProgram): string => deps.sha256(JSON.stringify(['program', name, input.sha256]));
  return {
    async admit(programs) {
      const { given } = await deps.agreements.read();
      const open = programs.filter(
        (program) => deps.allowed?.(program.name, program.input.sha256) !== true && !given.includes(idOf(program)),
      );
      if (open.length > 0) {
        const question: ProgramQuestion = {
          file: deps.file,
          programs: open.map(({ name, input }) => ({ name, sha256: input.sha256 })),
        };
        if (!(await deps.ask(question))) return refused(question, deps);
        await deps.agreements.update((record) => ({
          ...record,
          given: [...new Set([...record.given, ...open.map(idOf)])],
        }));
      }
      for (const program of programs) admitted.add(idOf(program));
      return ok(undefined);
    },
    async run(program) {
      if (admitted.has(idOf(program))) return deps.runner.run(program);
      return err(problem(PROGRAMS_NOT_AGREED, `Nobody has agreed that ${program.name} runs on this computer`));
    },
  };
}

function refused(question: ProgramQuestion, { file, nextSteps }: ProgramDoorDependencies): Result<never, Problem> {
  return err(
    problem(
      PROGRAMS_NOT_AGREED,
      `${file} runs something on this computer, and nobody has agreed to that: nothing was run.`,
      {
        details: programLines(question),
        nextSteps: nextSteps(question),
      },
    ),
  );
}

/** One line for each program: its path and the sha256 of what is there. */
export function programLines({ programs }: ProgramQuestion): readonly string[] {
  return programs.map(({ name, sha256 }) => `${name} (hooks, sha256 ${sha256})`);
}
