import type { PracticeHost } from '../machine/host';
import type { JournalLine } from '../machine/journal';
import type { Command } from './command';

/** journal: unit, lines, `follow` or nothing. */
export const journalCommand: Command = (run) => {
  const { host, world, args, out, gone, user } = run;
  const [unit = '', count = '0', follow = ''] = args;
  // Only root and the group adm may read the journal of the system.
  if (user !== 'root') return 0;
  const print = (line: JournalLine): void => void out(`${journalLine(host, line)}\n`);
  for (const line of host.journal.last(unit, Number(count))) print(line);
  if (follow === '') return 0;
  const stop = host.journal.follow(unit, print);
  return new Promise((resolve) => {
    const end = (): void => {
      stop();
      resolve(143);
    };
    for (const signal of [gone, world.signal]) {
      if (signal.aborted) end();
      else signal.addEventListener('abort', end, { once: true });
    }
  });
};

/** A line as `journalctl -o short-iso` shows it. */
export function journalLine({ hostname }: PracticeHost, { at, text }: JournalLine): string {
  const time = `${new Date(at).toISOString().slice(0, 19)}+0000`;
  const writer = /^(Start|Stop|Failed to start|k3s(-agent)?\.service: )/.test(text) ? 'systemd[1]' : 'k3s[812]';
  return `${time} ${hostname} ${writer}: ${text}`;
}
