import type { RemoteShell, ShellEnd, TerminalSize } from '../engine/ports';

/** End of input, as a terminal sends it. */
const END = '\u0004';

export function terminalSize(): TerminalSize {
  return { columns: process.stdout.columns ?? 80, rows: process.stdout.rows ?? 24 };
}

/** Gives this terminal to a shell until it ends: every key goes there, Ctrl-C too. Input that is no terminal is typed. */
export async function atTerminal(shell: RemoteShell, signal: AbortSignal): Promise<ShellEnd> {
  const { stdin, stdout } = process;
  const raw = stdin.isTTY === true;
  const onData = (chunk: Buffer): void => shell.write(chunk.toString('utf8'));
  const onEnd = (): void => shell.write(END);
  const onResize = (): void => shell.resize(terminalSize());
  const onAbort = (): void => shell.close();
  if (raw) stdin.setRawMode(true);
  stdin.on('data', onData).once('end', onEnd);
  stdout.on('resize', onResize);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await shell.ended;
  } finally {
    signal.removeEventListener('abort', onAbort);
    stdout.off('resize', onResize);
    stdin.off('data', onData).off('end', onEnd);
    if (raw) stdin.setRawMode(false);
    stdin.pause();
  }
}
