import { hostname, userInfo } from 'node:os';
import type { Operator } from '../../engine/ports';

/** The person at this machine and this process, as other operators are told. */
export function operator(): Operator {
  return { name: `${userName()}@${hostname()}`.replaceAll(/\s+/g, ' '), process: process.pid, isRunning };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user without an entry in the list of users has no name.
    return 'somebody';
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process runs, too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
