import { createHash } from 'node:crypto';
import { fail, type Command } from './command';

/** run-hook: seconds, number of bytes, sha256, variables. A practice host has no shell: it says so, and the hook counts as done. */
export const runHookCommand: Command = async (run) => {
  const [, size = '', wanted = ''] = run.args;
  if (run.user !== 'root') return fail(run, "mkdir: cannot create directory '/var/lib/k3s-ha': Permission denied");
  const hash = createHash('sha256');
  let arrived = 0;
  for await (const piece of run.stdin.pieces()) {
    hash.update(piece);
    arrived += piece.length;
  }
  if (arrived !== Number(size) || hash.digest('hex') !== wanted) return fail(run, 'only a part of the hook arrived');
  run.out(`This host is simulated: the hook (${size} bytes) has arrived, and nothing of it was executed.\n`);
  return 0;
};
