import { later, say } from '../../base/say';
import { renameKey } from '../../document/edit';
import { isSpellingVariant } from '../../base/suggestion';
import { optionFacts, optionMeant } from '../../k3s/options';
import type { Fix } from '../rule';
import { defineRule } from '../reading/defineRule';
import { removeOption } from '../reading/optionEdits';
import { firstPlace, key } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { effectOfUnknown, optionUses } from '../reading/optionUses';

export const unknownFlag = defineRule({
  id: 'unknown-flag',
  severity: 'error',
  title: later`An option that K3s does not have`,
  rationale: `What stands under \`config:\` goes into \`/etc/rancher/k3s/config.yaml\` as it is. A server passes over a key that it does not know with one line in its log, so a misspelled setting is lost without anyone noticing. An agent does not start: \`flag provided but not defined\`.`,
  sources: [SOURCES.configParser, SOURCES.serverOptions, SOURCES.agentOptions],
  check: (context) =>
    optionUses(context)
      .filter(({ name }) => optionFacts(name) === undefined)
      .map(({ name, role, path }) => {
        const meant = optionMeant(role, name);
        return {
          ...firstPlace(context.document, key(path)),
          severity: role === 'server' && meant === undefined ? ('warning' as const) : ('error' as const),
          message: say`"${name}" is not an option of K3s ${role}s${meant === undefined ? '' : say`; did you mean "${meant}"?`}${meant === undefined ? '. ' : ' '}${effectOfUnknown(role, name)}.`,
          data: { meant: meant ?? '' },
        };
      }),
  fix: ({ document }, finding): readonly Fix[] => {
    const written = String(finding.path.at(-1));
    const plus = written.endsWith('+') ? '+' : '';
    const meant = finding.data?.['meant'] ?? '';
    const rename =
      meant === ''
        ? []
        : [
            {
              title: say`Rename to "${meant}${plus}"`,
              edits: renameKey(document, finding.path, meant + plus),
              safe: isSpellingVariant(meant, written),
            },
          ];
    return [...rename, { title: say`Remove "${written}"`, edits: removeOption(document, finding.path), safe: false }];
  },
});
