import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { serverTokenFault } from '../../k3s/joinToken';
import { defineRule } from '../reading/defineRule';
import { firstPlace, samePath, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { newTokenReference, tokenPassword } from '../reading/tokens';
import { literalTokens } from '../reading/writtenTokens';

export const tokenUnusable = defineRule({
  id: 'token-unusable',
  severity: 'error',
  title: later`A token that servers cannot have`,
  rationale: `\`k3s token generate\` makes bootstrap tokens, of six characters, a dot and sixteen more: agents can join with one that was registered in a running cluster, servers cannot. K3s takes it for a server's token all the same, and fails when it normalises it: \`failed to normalize server token; must be in format K10<CA-HASH>::<USERNAME>:<PASSWORD> or <PASSWORD>\`. A rotation to such a token leaves the cluster half done. A password with \`::\` or blanks in it is read as something else than it is.`,
  sources: [
    SOURCES.token,
    {
      label: 'K3s issue 13004: token rotate with a generated token',
      url: 'https://github.com/k3s-io/k3s/issues/13004',
    },
  ],
  check: (context) =>
    literalTokens(context).flatMap(({ path, token, ofAgents }) => {
      const fault = ofAgents ? undefined : serverTokenFault(tokenPassword(token));
      if (fault === undefined) return [];
      return [
        {
          ...firstPlace(context.document, value(path)),
          message: say`This token ${fault}, so no server can have it. Use 32 random characters.`,
        },
      ];
    }),
  fix: (context, finding) => {
    const { cluster, document } = context;
    const found = literalTokens(context).find(({ path }) => samePath(path, finding.path));
    if (found === undefined) return [];
    const reference = newTokenReference(cluster, 'token');
    return [
      {
        title: say`Use a new secret instead: ${reference}`,
        edits: setValue(document, finding.path, reference),
        safe: false,
      },
    ];
  },
});
