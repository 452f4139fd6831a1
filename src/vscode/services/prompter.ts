import { say } from '../../core/base/say';
import type { Prompter } from '../../engine/ports';
import { askText, sayWarning } from './say';

/** Questions of the SSH layer, asked in the editor. */
export function createPrompter(): Prompter {
  return {
    async confirmHostKey({ host, port, keyType, fingerprint, rememberedIn, vouchedBy }) {
      const accept = rememberedIn === undefined ? say`Connect` : say`Connect and Remember`;
      const vouched =
        vouchedBy === undefined ? '' : say`This key is listed in ${vouchedBy}, which the cluster file names.\n\n`;
      const remembered =
        rememberedIn === undefined
          ? say`Your ssh_config keeps no new keys.`
          : say`The key is remembered in ${rememberedIn}.`;
      const place = port === 22 ? host : `${host}:${port}`;
      const answer = await sayWarning(say`The authenticity of ${place} is not known yet.`, {
        detail: say`${keyType} key fingerprint:\n${fingerprint}\n\n${vouched}Compare it with what "ssh-keygen -lf" prints on the host. ${remembered}`,
        choices: [accept],
      });
      return answer === accept ? 'accept' : 'reject';
    },
    async askSecret({ prompt }) {
      return askText({
        title: prompt,
        prompt: say`Kept in memory until this run ends.`,
        password: true,
        ignoreFocusOut: true,
      });
    },
  };
}
