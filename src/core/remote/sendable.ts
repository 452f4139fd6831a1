import { say } from '../base/say';
import { problem, type Problem } from '../base/problem';
import type { RemoteCommand } from './remoteCommand';

/** A name that every POSIX shell takes for a variable. https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html */
const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** What no text may hold that is sent to a host: a NUL character ends every argument, half a surrogate pair has no UTF-8. */
export function unsendable(text: string): string | undefined {
  if (text.includes('\0')) return say`holds a NUL character, at which every program on the host would cut it off`;
  if (/\p{Surrogate}/u.test(text))
    return say`holds half of a surrogate pair, which is no character and has no form in UTF-8`;
  return undefined;
}

/**
 * Why a variable cannot be handed to the install script, which reads one `NAME=value` a line; undefined when it can.
 * The answer continues a sentence that began with the name of the variable.
 */
export function unsendableVariable(name: string, value: string): string | undefined {
  if (!VARIABLE_NAME.test(name)) return say`is no name of a variable: letters, digits and _ only, and no digit first`;
  if (/[\n\r]/.test(value))
    return say`holds a line end, and each further line would become a variable of its own for a script that runs as root`;
  return unsendable(value);
}

/**
 * Why a command cannot reach its host unchanged; undefined when it can. Plans say so earlier and better; this is the last
 * look, at every command whatever it was made of.
 */
export function unsendableCommand({ script, args, stdin }: RemoteCommand<unknown>): Problem | undefined {
  // Standard input carries any byte, but as text half a surrogate pair would arrive as another character.
  const text = typeof stdin === 'string' ? stdin.replaceAll('\0', '') : '';
  const reason = [...args, text].map(unsendable).find((found) => found !== undefined);
  if (reason === undefined) return undefined;
  return problem('command-not-sendable', say`"${script.id}" was not sent to the host`, {
    why: say`A text that it needs ${reason}.`,
    nextSteps: [say`Correct that value in the cluster file.`],
  });
}
