// Runs a script with a Node that is new enough for our tools: `node scripts/with-node.mjs <script> args…`.
import { spawn } from 'node:child_process';
import { modernNode } from './lib/processes.mjs';
import { die } from './lib/say.mjs';

try {
  const child = spawn(modernNode(), process.argv.slice(2), { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 128 : 1)));
} catch (error) {
  die(error);
}
