import { readFileSync, unlinkSync } from 'node:fs';

/** Files of this process that must not outlive it, with what they hold where others may have put theirs in their place. */
const files = new Map<string, string | undefined>();
let watching = false;

/** Removes a file of ours if the process ends before {@link keep} is called. With `content` only while it still holds that. */
export function removeAtExit(path: string, content?: string): void {
  files.set(path, content);
  if (watching) return;
  watching = true;
  process.on('exit', () => {
    for (const [left, own] of files) remove(left, own);
  });
}

/** The file is gone, or is to stay. */
export function keep(path: string): void {
  files.delete(path);
}

function remove(path: string, own: string | undefined): void {
  try {
    if (own === undefined || readFileSync(path, 'utf8') === own) unlinkSync(path);
  } catch {
    // It is gone already; there is nobody left to tell.
  }
}
