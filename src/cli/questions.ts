import { createInterface } from 'node:readline/promises';
import type { Prompter } from '../engine/ports';
import { printableLine } from '../core/base/printable';
import { prompt, tell } from './output';

/** Whether there is a person to ask. */
export function isTerminal(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** Asks on the terminal; without one every question is answered with no, and so are those that a signal cuts off. */
export function terminalPrompter(signal: AbortSignal): Prompter {
  const interactive = isTerminal();
  return {
    async confirmHostKey({ host, port, keyType, fingerprint, rememberedIn, vouchedBy }) {
      if (!interactive) return 'reject';
      tell(`The authenticity of ${port === 22 ? host : `[${host}]:${port}`} is not known yet.`);
      tell(`${keyType} key fingerprint: ${fingerprint}`);
      if (vouchedBy !== undefined) tell(`This key is listed in ${vouchedBy}, which the cluster file names.`);
      const asked =
        rememberedIn === undefined
          ? 'Connect (yes/no)? '
          : `Connect and remember the key in ${rememberedIn} (yes/no)? `;
      return (await question(asked, signal)).trim().toLowerCase() === 'yes' ? 'accept' : 'reject';
    },
    async askSecret({ prompt }) {
      return interactive ? hiddenQuestion(`${prompt}: `, signal) : undefined;
    },
  };
}

/** Reads a line; empty when a signal or the end of the input cuts the question off. */
export async function question(text: string, signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // The terminal is in raw mode while a line is read, so that Ctrl-C comes as a key and not as a signal.
  lines.on('SIGINT', () => process.emit('SIGINT'));
  const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
  try {
    return await Promise.race([lines.question(printableLine(text), { signal }), closed]);
  } catch (error) {
    if (signal.aborted) return '';
    throw error;
  } finally {
    lines.close();
  }
}

/** Reads a line without showing it; undefined when a signal cuts the question off. */
async function hiddenQuestion(text: string, signal: AbortSignal): Promise<string | undefined> {
  if (signal.aborted) return undefined;
  prompt(text);
  process.stdin.setRawMode(true);
  process.stdin.resume();
  let typed = '';
  let stop = (): void => undefined;
  const answer = await new Promise<string | undefined>((resolve) => {
    const onAbort = (): void => resolve(undefined);
    const onData = (chunk: Buffer): void => {
      for (const character of chunk.toString('utf8')) {
        if (character === '\r' || character === '\n') return resolve(typed);
        if (character === '\u0003') return void process.emit('SIGINT');
        typed = character === '\u007f' ? typed.slice(0, -1) : typed + character;
      }
    };
    signal.addEventListener('abort', onAbort, { once: true });
    process.stdin.on('data', onData);
    stop = () => {
      signal.removeEventListener('abort', onAbort);
      process.stdin.off('data', onData);
    };
  });
  stop();
  process.stdin.setRawMode(false);
  process.stdin.pause();
  tell();
  return answer;
}
