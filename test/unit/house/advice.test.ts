import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');

/** Programs that messages tell people to run. */
const PROGRAMS =
  'ssh|ssh-keygen|ssh-copy-id|kubectl|chmod|journalctl|systemctl|k3s-ha|k3s|curl|openssl|sudo|etcdctl|docker|cp|mv|rm|cat';
/** A command in a text, after an opening quote or a colon, in which something is filled in that was not quoted. */
const UNQUOTED = new RegExp(
  String.raw`(?:\\${'`'}|"|: )(?:Run )?(?:${PROGRAMS}) (?!through )[^${'`'}"\n]*?\$\{(?!shellWord\(|quote\()`,
  'g',
);

const found = (text: string): readonly string[] => [...text.matchAll(UNQUOTED)].map(([match]) => match);

it('quotes every word that is filled into a command of an advice', () => {
  // The practice fleet's K3s and systemd say what the real ones say.
  const files = globSync('src/**/*.ts', { cwd: ROOT }).filter(
    (file) => !/^src[\\/]practice[\\/](k3s|commands)[\\/]/.test(file),
  );
  expect(files.length).toBeGreaterThan(100);
  expect(
    files.flatMap((file) => found(readFileSync(join(ROOT, file), 'utf8')).map((match) => `${file}: ${match}`)),
  ).toEqual([]);
});

it('would notice an unquoted one', () => {
  expect(found('`Run \\`ssh -G ${host}\\` in a terminal`')).toHaveLength(1);
  expect(found('`See "journalctl -u ${unit}" on it`')).toHaveLength(1);
  expect(found('`Use it: kubectl --context ${shellWord(name)} -n ${space} get nodes`')).toHaveLength(1);
  expect(found('`Run \\`ssh -G ${shellWord(host)}\\` for ${host}`')).toEqual([]);
});
