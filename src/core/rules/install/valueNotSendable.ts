import { later, say } from '../../base/say';
import type { Path } from '../../base/path';
import { setValue } from '../../document/edit';
import { unsendable, unsendableVariable } from '../../remote/sendable';
import type { RuleContext } from '../rule';
import { defineRule } from '../reading/defineRule';
import { firstPlace, value, writtenOptions } from '../reading/places';
import { valueAt } from '../reading/read';
import { SOURCES } from '../reading/sources';
import { variablePath } from '../../cluster/options';

export const valueNotSendable = defineRule({
  id: 'value-not-sendable',
  severity: 'error',
  title: later`A value that no host can receive as it stands`,
  rationale: `The install script gets its variables one a line. A value of several lines would become several variables, and whoever wrote the second line would choose one of them, \`PATH\` for example, for a script that runs as root. A NUL character ends a value on the host, and half a surrogate pair has no form in UTF-8. Such values are refused before anything is sent, those of secrets included; put a certificate or another text of several lines into a file on the hosts.`,
  sources: [SOURCES.installScript],
  check: (context) => [...variables(context), ...others(context)],
  fix: ({ document }, finding) => {
    const written = valueAt(document.data, finding.path);
    const line = typeof written === 'string' ? written.replace(/[\r\n]+$/, '') : '';
    if (finding.data?.['kind'] !== 'variable' || line === written || unsendableVariable('A', line) !== undefined)
      return [];
    return [{ title: say`Remove the line end`, edits: setValue(document, finding.path, line), safe: true }];
  },
});

function variables({ cluster, document }: RuleContext) {
  return Object.entries(cluster.k3s.install.env).flatMap(([name, text]) => {
    // The schema tells a wrong name.
    const reason = unsendableVariable('A', text);
    if (reason === undefined) return [];
    return [
      {
        ...firstPlace(document, value(variablePath(name))),
        message: say`${name} ${reason}. Write its value on one line.`,
        data: { kind: 'variable' },
      },
    ];
  });
}

function others(context: RuleContext) {
  const options = writtenOptions(context).flatMap(({ path, value: written }): Path[] =>
    Array.isArray(written) ? written.map((_, index) => [...path, index]) : [path],
  );
  return [['token'], ['datastore', 'endpoint'], ...options].flatMap((path: Path) => {
    const text = valueAt(context.document.data, path);
    const reason = typeof text === 'string' ? unsendable(text) : undefined;
    if (reason === undefined) return [];
    const name = String(path.findLast((step) => typeof step === 'string'));
    return [{ ...firstPlace(context.document, value(path)), message: say`This ${name} ${reason}.` }];
  });
}
