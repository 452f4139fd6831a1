import { later, say } from '../../base/say';
import { defineRule } from '../reading/defineRule';
import { firstPlace, optionPaths, key } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { nodeLabels } from '../reading/words';
import { removeOption } from '../reading/optionEdits';
import { nodesOf } from '../../cluster/roles';
import { writtenText } from '../../cluster/written';

export const tokenAndTokenFile = defineRule({
  id: 'token-and-token-file',
  severity: 'warning',
  title: later`A token and a token file at once`,
  rationale: `When both are set K3s reads the file and passes over the token. Which of the two a machine joins with is then decided by a file on its disk, and a change of the token here changes nothing.`,
  sources: [SOURCES.serverOptions, SOURCES.agentOptions],
  check: (context) => {
    const { cluster, document } = context;
    const found = new Map<string, { nodes: (typeof cluster.servers)[number][]; name: string }>();
    for (const node of nodesOf(cluster)) {
      for (const name of ['token', 'agent-token']) {
        const file = `${name}-file`;
        if (writtenText(node, name) === undefined || writtenText(node, file) === undefined) continue;
        const id = `${optionPaths(context, node, name).join()} ${optionPaths(context, node, file).join()}`;
        const entry = found.get(id) ?? { nodes: [], name };
        entry.nodes.push(node);
        found.set(id, entry);
      }
    }
    return [...found.values()].map(({ nodes, name }) => {
      const [first] = nodes;
      const places = (option: string) => (first === undefined ? [] : optionPaths(context, first, option).map(key));
      return {
        ...firstPlace(document, ...places(name)),
        message: say`${nodeLabels(nodes)} ${nodes.length === 1 ? 'has' : 'have'} ${name} and ${name}-file. K3s takes the file and passes over this ${name}.`,
        related: [{ ...firstPlace(document, ...places(`${name}-file`)), message: say`The file that wins.` }],
      };
    });
  },
  fix: ({ document }, finding) => {
    const name = String(finding.path.at(-1));
    const file = finding.related?.[0]?.path ?? [];
    return [
      { title: say`Keep the file, remove ${name}`, edits: removeOption(document, finding.path), safe: true },
      { title: say`Keep ${name}, remove ${name}-file`, edits: removeOption(document, file), safe: false },
    ];
  },
});
