import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import type { PlainValue } from '../../document/render';
import { isOptionOf, optionFacts } from '../../k3s/options';
import type { Fix } from '../rule';
import { defineRule } from '../reading/defineRule';
import { inSequence } from '../../document/inSequence';
import { removeOption } from '../reading/optionEdits';
import { firstPlace, key } from '../reading/places';
import { valueAt } from '../reading/read';
import { SOURCES } from '../reading/sources';
import { effectOfUnknown, optionUses } from '../reading/optionUses';

export const agentServerOnlyFlag = defineRule({
  id: 'agent-server-only-flag',
  severity: 'error',
  title: later`An option that this role does not have`,
  rationale: `Servers and agents have different options. An agent that finds an option of servers in its \`config.yaml\` does not start: \`flag provided but not defined\`. Many settings of the cluster, such as \`tls-san\`, \`disable\` or the networks, belong to servers; agents get them from there.`,
  sources: [SOURCES.configParser, SOURCES.agentOptions],
  check: (context) =>
    optionUses(context)
      .filter(({ name, role }) => optionFacts(name) !== undefined && !isOptionOf(role, name))
      .map(({ name, role, path }) => ({
        ...firstPlace(context.document, key(path)),
        severity: role === 'agent' ? ('error' as const) : ('warning' as const),
        message: say`"${name}" is an option of ${role === 'agent' ? say`servers` : say`agents`}. ${effectOfUnknown(role, name)}. It belongs under ${sectionOf(role)}.config.`,
        data: { to: sectionOf(role) },
      })),
  fix: ({ document }, finding): readonly Fix[] => {
    const name = String(finding.path.at(-1)).replace(/\+$/, '');
    const to = finding.data?.['to'] ?? 'servers';
    const target = [to, 'config', name];
    const written = valueAt(document.data, finding.path);
    // An option that is there already keeps its value, and a section without nodes is not made for the sake of one.
    const movable =
      written !== undefined &&
      valueAt(document.data, target) === undefined &&
      valueAt(document.data, [to]) !== undefined;
    const edits = movable
      ? inSequence(
          document,
          (current) => removeOption(current, finding.path),
          (current) => setValue(current, target, written as PlainValue),
        )
      : [];
    return [
      { title: say`Move to ${to}.config`, edits, safe: false },
      { title: say`Remove "${String(finding.path.at(-1))}"`, edits: removeOption(document, finding.path), safe: false },
    ];
  },
});

/** The section of the other role. */
function sectionOf(role: 'server' | 'agent'): string {
  return role === 'agent' ? 'servers' : 'agents';
}
