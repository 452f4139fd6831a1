import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { optionFacts, K3S_OPTIONS } from '../../k3s/options';
import { defineRule } from '../reading/defineRule';
import { firstPlace, value, writtenOptions } from '../reading/places';
import { valueAt } from '../reading/read';
import { SOURCES } from '../reading/sources';
import { scalarText } from '../../cluster/configValue';

const EXEC = ['k3s', 'install', 'env', 'INSTALL_K3S_EXEC'];

export const listInTwoPlaces = defineRule({
  id: 'list-in-two-places',
  severity: 'info',
  title: later`A list on the command line and in the configuration`,
  rationale: `For options that may be given several times K3s adds the values of the command line to those of \`config.yaml\`, although its documentation says that the command line replaces them. One place for each list leaves no doubt.`,
  sources: [SOURCES.configuration, SOURCES.configParser],
  check: (context) => {
    const exec = scalarText(valueAt(context.document.data, EXEC));
    if (exec === undefined) return [];
    const written = new Map(writtenOptions(context).map((option) => [option.name, option.path]));
    const named = [...new Set([...exec.matchAll(/(?:^|\s)--([a-z][a-z0-9-]*)/g)].map(([, name = '']) => name))];
    return named.flatMap((name) => {
      const path = written.get(name);
      if (path === undefined || optionFacts(name) === undefined || !isList(name)) return [];
      return [
        {
          ...firstPlace(context.document, value(EXEC)),
          message: say`${name} stands in INSTALL_K3S_EXEC and in the configuration: K3s takes the values of both. Keep one place.`,
          related: [{ ...firstPlace(context.document, value(path)), message: say`${name} in the configuration.` }],
          data: { name },
        },
      ];
    });
  },
  fix: ({ document }, finding) => {
    const name = finding.data?.['name'] ?? '';
    const exec = scalarText(valueAt(document.data, EXEC)) ?? '';
    const rest = exec.replace(new RegExp(`(^|\\s)--${name}(?:=|\\s+)(?:"[^"]*"|'[^']*'|[^\\s-]\\S*)`, 'g'), '').trim();
    return [
      {
        title: say`Remove --${name} from INSTALL_K3S_EXEC`,
        edits: rest === exec ? [] : setValue(document, EXEC, rest),
        safe: false,
      },
    ];
  },
});

function isList(name: string): boolean {
  const { type } = (K3S_OPTIONS[name] ?? {}) as { readonly type?: string | readonly string[] };
  return type === 'array' || (Array.isArray(type) && type.includes('array'));
}
