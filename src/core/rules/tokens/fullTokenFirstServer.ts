import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { defineRule } from '../reading/defineRule';
import { firstPlace, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { tokenPassword } from '../reading/tokens';
import { writtenTokens } from '../reading/writtenTokens';

export const fullTokenFirstServer = defineRule({
  id: 'full-token-first-server',
  severity: 'error',
  title: later`A token with a CA hash cannot start a cluster`,
  rationale: `A token that begins with \`K10\` carries the hash of the cluster's certificate authority, so that joining machines can verify the server before they send the password. The first server makes that authority itself: its token has to be the part behind the last colon, unless the authority is brought along.`,
  sources: [SOURCES.token],
  check: (context) =>
    writtenTokens(context)
      .filter(({ token, founds }) => founds && tokenPassword(token) !== token)
      .map(({ path }) => ({
        ...firstPlace(context.document, value(path)),
        message: say`This token begins with the hash of a CA that exists only after the first server has started; a new cluster cannot be started with it. The part behind the last colon works everywhere.`,
      })),
  fix: (context, finding) =>
    writtenTokens(context)
      .filter(({ path }) => path.join() === finding.path.join())
      .map(({ path, token }) => ({
        title: say`Use the part behind the last colon`,
        edits: setValue(context.document, path, tokenPassword(token)),
        safe: false,
      })),
});
