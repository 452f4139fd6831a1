import { setValue } from '../../document/edit';
import { defineRule } from '../support/defineRule';
import { firstPlace, value } from '../support/places';
import { SOURCES } from '../support/sources';
import { newTokenReference, tokenPassword } from '../support/tokens';
import { literalTokens } from './literalTokens';

const LEAST_CHARACTERS = 16;
/** What tutorials write where a secret belongs. */
const FROM_TUTORIALS = /^(?:x+|\*+|\.+|secret|token|password|mysecret(?:token)?|my-?(?:shared-?)?(?:secret|token)|sharedsecret|changeme|node-?token|k3s-?(?:token|secret)|your[-_]?\w*|<.*>|test\w*|(?:1234567890*|12345678?|abc\w*))$/i;

export const tokenWeak = defineRule({
  id: 'token-weak',
  severity: 'warning',
  title: 'A token that is easy to guess',
  rationale: `Whoever reaches the API port and knows the token can join a server, and a server reads every secret of the cluster. Words from tutorials and short tokens are tried first. K3s itself makes 32 random hexadecimal characters.`,
  sources: [SOURCES.token],
  check: (context) =>
    literalTokens(context)
      .filter(({ token }) => isWeak(tokenPassword(token)))
      .map(({ path, token }) => ({
        ...firstPlace(context.document, value(path)),
        message: `This token is ${FROM_TUTORIALS.test(tokenPassword(token)) ? 'a word from tutorials' : `only ${tokenPassword(token).length} characters long`}: whoever guesses it can join a machine and read every secret of the cluster. Use 32 random characters.`,
      })),
  fix: ({ cluster, document }, finding) => {
    const reference = newTokenReference(cluster);
    return [{ title: `Use a new secret instead: ${reference}`, edits: setValue(document, finding.path, reference), safe: false }];
  },
});

function isWeak(password: string): boolean {
  // Bootstrap tokens of kubeadm's form are random by themselves.
  return !/^[a-z0-9]{6}\.[a-z0-9]{16}$/.test(password) && (password.length < LEAST_CHARACTERS || FROM_TUTORIALS.test(password));
}
