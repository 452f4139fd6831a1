import type { Prompter } from '../../engine/ports';
import { askText, sayWarning } from './say';

/** Questions of the SSH layer, asked in the editor. */
export function createPrompter(): Prompter {
  return {
    async confirmHostKey({ host, port, keyType, fingerprint, rememberedIn, vouchedBy }) {
      const accept = rememberedIn === undefined ? 'Connect' : 'Connect and Remember';
      const vouched =
        vouchedBy === undefined ? '' : `This key is listed in ${vouchedBy}, which the cluster file names.\n\n`;
      const remembered =
        rememberedIn === undefined ? 'Your ssh_config keeps no new keys.' : `The key is remembered in ${rememberedIn}.`;
      const place = port === 22 ? host : `${host}:${port}`;
      const answer = await sayWarning(`The authenticity of ${place} is not known yet.`, {
        detail: `${keyType} key fingerprint:\n${fingerprint}\n\n${vouched}Compare it with what "ssh-keygen -lf" prints on the host. ${remembered}`,
        choices: [accept],
      });
      return answer === accept ? 'accept' : 'reject';
    },
    async askSecret({ prompt }) {
      return askText({
        title: prompt,
        prompt: 'Kept in memory until this run ends.',
        password: true,
        ignoreFocusOut: true,
      });
    },
  };
}
