import { say } from '../../core/base/say';
import * as vscode from 'vscode';
import { printable } from '../../core/base/printable';
import { isShortened, questionLines } from '../../engine/secrets/disclosureQuestion';
import type { DisclosureQuestion } from '../../engine/ports';
import { sayWarning } from './say';

/** Hosts named for each thing in the dialog; a longer list opens as a document. */
const HOSTS_SHOWN = 6;

/** Asks whether a cluster file may give something of this machine to hosts. The same question at the same time is asked once. */
export function createDisclosurePrompt(): (question: DisclosureQuestion) => Promise<boolean> {
  const asking = new Map<string, Promise<boolean>>();
  return (question) => {
    const id = JSON.stringify(question);
    const answer = asking.get(id) ?? ask(question).finally(() => asking.delete(id));
    asking.set(id, answer);
    return answer;
  };
}

async function ask(question: DisclosureQuestion): Promise<boolean> {
  const agree = say`Agree`;
  const showAll = say`Show All`;
  const shortened = isShortened(question, HOSTS_SHOWN);
  const answer = await sayWarning(
    question.changedKey === undefined
      ? say`${question.file} gives something of this computer to its hosts. Do you agree?`
      : say`${question.changedKey.machine} has another host key than when you agreed. Do you still agree?`,
    {
      detail: say`${questionLines(question, HOSTS_SHOWN).join('\n')}\n\nIt is remembered for exactly this; another host, port, host key or use is asked about again. Agree only if you trust whoever wrote the file, and the hosts.`,
      choices: shortened ? [agree, showAll] : [agree],
    },
  );
  if (answer !== showAll) return answer === agree;
  const text = printable(questionLines(question).join('\n'), { lines: true });
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content: text }), { preview: true });
  return false;
}
