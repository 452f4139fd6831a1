import { say } from '../../core/base/say';
import * as vscode from 'vscode';
import { programLines } from '../../engine/secrets/programDoor';
import type { ProgramQuestion } from '../../engine/ports';
import { sayWarning } from './say';

/** Asks whether scripts of a cluster file may run on this computer; never in a workspace that is not trusted. */
export async function askPrograms(question: ProgramQuestion): Promise<boolean> {
  if (!vscode.workspace.isTrusted) return false;
  const agree = say`Agree`;
  const answer = await sayWarning(say`${question.file} runs scripts on this computer, as you. Do you agree?`, {
    detail: say`${programLines(question).join('\n')}\n\nRead each of them first. It is remembered for exactly this content; a script that has changed is asked about again.`,
    choices: [agree],
  });
  return answer === agree;
}
