import type { ServerChannel } from 'ssh2';
import { answerTyped, type Typed } from '../commands/typed';

/** What a person at a terminal of a simulated host sees and types. */
export function hostShell(channel: ServerChannel, typed: Omit<Typed, 'window'>, window: () => Typed['window']): void {
  const prompt = `${typed.user}@${typed.host.hostname}:~$ `;
  let line = '';
  const say = (text: string): void => void channel.write(text.replaceAll('\n', '\r\n'));
  const leave = (exitCode: number): void => {
    if (channel.destroyed) return;
    channel.exit(exitCode);
    channel.end();
  };
  const enter = (): void => {
    say('\n');
    const { text, exitCode, ends } = answerTyped(line, { ...typed, window: window() });
    line = '';
    say(text);
    if (ends === true) leave(exitCode);
    else say(prompt);
  };
  channel.on('error', () => {});
  channel.on('data', (bytes: Buffer) => {
    for (const character of bytes.toString('utf8')) {
      if (character === '\r' || character === '\n') enter();
      else if (character === '\u0004' && line === '') return leave(0);
      else if (character === '\u0003') {
        line = '';
        say(`^C\n${prompt}`);
      } else if (character === '\u007f') {
        if (line !== '') say('\b \b');
        line = line.slice(0, -1);
      } else if (character >= ' ') {
        line += character;
        say(character);
      }
    }
  });
  channel.on('end', () => leave(0));
  say(`This host is simulated and has no shell; "help" tells what it knows.\n${prompt}`);
}
