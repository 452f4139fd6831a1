import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { parseCron } from '../../k3s/cron';
import type { Fix } from '../rule';
import { datastoreKind } from '../reading/datastore';
import { defineRule } from '../reading/defineRule';
import { firstPlace, value, writtenOptions } from '../reading/places';
import { hasReference, valueAt } from '../reading/read';
import { SOURCES } from '../reading/sources';
import { nodeLabels } from '../reading/words';
import { CRON_OPTION } from '../reading/snapshotOptions';
import { scalarText } from '../../cluster/configValue';

const DEFAULT = '0 */12 * * *';

export const snapshotCronInvalid = defineRule({
  id: 'snapshot-cron-invalid',
  severity: 'error',
  title: later`A snapshot schedule that is no cron expression`,
  rationale: `The schedule has the five fields of cron (minute, hour, day of the month, month, day of the week, with Sunday as 0), or is one of \`@hourly\`, \`@daily\`, \`@weekly\`, \`@monthly\`, \`@yearly\` and \`@every 6h\`. There is no field for seconds, and no 7 for Sunday. K3s cannot plan anything with another text: the server runs, and its snapshots never come.`,
  sources: [SOURCES.etcdSnapshot, SOURCES.cronSyntax, SOURCES.snapshotCode],
  check: (context) => {
    if (datastoreKind(context.cluster) !== 'embedded-etcd') return [];
    return writtenOptions(context).flatMap(({ role, name, value: written, path, nodes }) => {
      const text = scalarText(written);
      if (role !== 'server' || name !== CRON_OPTION || nodes.length === 0 || text === undefined || hasReference(text))
        return [];
      const schedule = parseCron(text);
      if (schedule.ok) return [];
      return [
        {
          ...firstPlace(context.document, value(path)),
          message: say`"${text}" is no schedule: ${schedule.error}. ${nodeLabels(nodes)} would take no scheduled snapshots.`,
        },
      ];
    });
  },
  fix: ({ document }, finding): readonly Fix[] => {
    const written = scalarText(valueAt(document.data, finding.path)) ?? '';
    const fields = written.trim().split(/\s+/);
    // Six fields begin with the seconds in other programs.
    const minutes = fields.slice(1).join(' ');
    const sunday = [...fields.slice(0, 4), (fields[4] ?? '').replace(/\b7\b/g, '0')].join(' ');
    const candidates = [
      ...(fields.length === 6 ? [minutes] : []),
      ...(fields.length === 5 ? [sunday] : []),
      DEFAULT,
    ].filter((text) => parseCron(text).ok);
    return [...new Set(candidates)].map((text) => ({
      title: say`Write "${text}"${text === DEFAULT ? say` (every twelve hours, as K3s does by default)` : ''}`,
      edits: setValue(document, finding.path, text),
      safe: false,
    }));
  },
});
