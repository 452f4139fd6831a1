import { later, say } from '../../base/say';
import { defineRule } from '../reading/defineRule';
import { firstPlace, key, writtenOptions } from '../reading/places';
import { isStillThere, removedOption, replaceRemoved } from '../reading/removedOptions';
import { SOURCES } from '../reading/sources';

export const flagRemoved = defineRule({
  id: 'flag-removed',
  severity: 'error',
  title: later`An option that K3s no longer has`,
  rationale: `Options of old tutorials are gone. A server skips an unknown key of its configuration with nothing but a warning in the log, so the setting is lost without anyone noticing; an agent stops with \`flag provided but not defined\`.`,
  sources: [SOURCES.configParser, SOURCES.serverOptions],
  check: (context) => {
    const { cluster, document } = context;
    return writtenOptions(context).flatMap(({ role, name, path }) => {
      const removed = removedOption(name);
      if (removed === undefined || isStillThere(cluster, removed)) return [];
      const effect =
        role === 'server'
          ? say`servers skip it, so it has no effect`
          : say`agents stop with "flag provided but not defined: -${name}"`;
      return [
        {
          ...firstPlace(document, key(path)),
          message: say`K3s ${cluster.k3s.version ?? say`of today`} has no option ${name} any more: ${effect}. Use ${removed.use}.`,
          data: { name },
        },
      ];
    });
  },
  fix: ({ document }, finding) => replaceRemoved(document, finding),
});
