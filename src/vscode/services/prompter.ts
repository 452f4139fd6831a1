import type { Prompter } from '../../engine/ports';
import { askText, sayWarning } from './say';

/** Questions of the SSH layer, asked in the editor. */
export function createPrompter(): Prompter {
  return {
    async confirmHostKey({ host, port, keyType, fingerprint }) {
      const accept = 'Connect and Remember';
      const place = port === 22 ? host : `${host}:${port}`;
      const answer = await sayWarning(`The authenticity of ${place} is not known yet.`, {
        detail: `${keyType} key fingerprint:\n${fingerprint}\n\nCompare it with what "ssh-keygen -lf" prints on the host. The key is remembered in known_hosts.`,
        choices: [accept],
      });
      return answer === accept ? 'accept' : 'reject';
    },
    async askSecret({ prompt }) {
      return askText({ title: prompt, prompt: 'Kept in memory until this run ends.', password: true, ignoreFocusOut: true });
    },
  };
}
