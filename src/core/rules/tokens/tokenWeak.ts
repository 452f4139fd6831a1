import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { defineRule } from '../reading/defineRule';
import { firstPlace, samePath, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { newTokenReference, tokenPassword } from '../reading/tokens';
import { literalTokens } from '../reading/writtenTokens';

const LEAST_CHARACTERS = 16;
const LEAST_DIFFERENT = 5;
/** What tutorials write where a secret belongs; a random token may begin with any of these words. */
const FROM_TUTORIALS =
  /^(?:secret|token|password|changeme|test(?:token|secret)?|(?:k3s|node|cluster|join)[-_]?(?:token|secret)|(?:(?:my|your|shared)|(?:a|some|the)[-_])[-_a-z0-9]*(?:secret|token|password)[-_a-z]*|12345\d*|abc(?:123|def)?)$/i;

export const tokenWeak = defineRule({
  id: 'token-weak',
  severity: 'warning',
  title: later`A token that is easy to guess`,
  rationale: `Whoever reaches the API port and knows the token can join a server, and a server reads every secret of the cluster. Words from tutorials and short tokens are tried first. K3s itself makes 32 random hexadecimal characters.`,
  sources: [SOURCES.token],
  check: (context) =>
    literalTokens(context)
      .filter(({ token }) => weakness(tokenPassword(token)) !== undefined)
      .map(({ path, token, ofAgents }) => ({
        ...firstPlace(context.document, value(path)),
        message: say`This token is ${weakness(tokenPassword(token)) ?? ''}: whoever guesses it can join ${ofAgents ? say`machines to the cluster` : say`a server and read every secret of the cluster`}. Use 32 random characters.`,
      })),
  fix: (context, finding) => {
    const { cluster, document } = context;
    const found = literalTokens(context).find(({ path }) => samePath(path, finding.path));
    if (found === undefined) return [];
    const alsoOfServers = literalTokens(context).some(({ token, ofAgents }) => !ofAgents && token === found.token);
    const reference = newTokenReference(cluster, found.ofAgents && !alsoOfServers ? 'agent-token' : 'token');
    return [
      {
        title: say`Use a new secret instead: ${reference}`,
        edits: setValue(document, finding.path, reference),
        safe: false,
      },
    ];
  },
});

/** Why the token is easy to guess; undefined when it is not. */
function weakness(password: string): string | undefined {
  // Bootstrap tokens of kubeadm's form are random by themselves.
  if (/^[a-z0-9]{6}\.[a-z0-9]{16}$/.test(password)) return undefined;
  if (FROM_TUTORIALS.test(password)) return say`a word from tutorials`;
  if (password.length < LEAST_CHARACTERS) return say`only ${password.length} characters long`;
  const different = new Set(password).size;
  return different < LEAST_DIFFERENT
    ? say`made of ${different === 1 ? say`one character` : say`${different} different characters`} only`
    : undefined;
}
