import { say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import type { Step } from '../../core/plan/step';
import type { LocalProgram, ProgramDoor } from '../ports';
import { PROGRAMS_NOT_AGREED } from '../secrets/programDoor';
import { hookOf } from './hooks';
import type { Situation } from './situation';

/** Has the person agree to what steps run on this computer; a problem when that does not happen. */
export async function localProgramProblems(
  situation: Situation,
  steps: readonly Step[],
  door: ProgramDoor | undefined,
): Promise<readonly Problem[]> {
  const programs = new Map<string, LocalProgram>();
  for (const step of steps) {
    const hook = hookOf(situation, step);
    if (hook?.on === 'here')
      programs.set(JSON.stringify([hook.run, hook.input.sha256]), { name: hook.run, input: hook.input });
  }
  if (programs.size === 0) return [];
  if (door === undefined)
    return [problem(PROGRAMS_NOT_AGREED, say`A hook wants to run on this computer, and nobody can be asked here`)];
  const admitted = await door.admit([...programs.values()]);
  return admitted.ok ? [] : [admitted.error];
}
