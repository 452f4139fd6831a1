import { later, say } from '../../base/say';
import type { ClusterDocument } from '../../document/clusterDocument';
import { setValue } from '../../document/edit';
import { delayCron, parseCron } from '../../k3s/cron';
import type { Fix, RuleContext } from '../rule';
import { defineRule } from '../reading/defineRule';
import { inSequence } from '../../document/inSequence';
import { firstPlace, isOwnEntry, optionPaths, value } from '../reading/places';
import { hasReference } from '../reading/read';
import { SOURCES } from '../reading/sources';
import { nodeLabels } from '../reading/words';
import { CRON_OPTION } from '../reading/snapshotOptions';
import { etcdMembers } from '../../cluster/roles';
import { isWrittenOn, writtenText } from '../../cluster/written';

/** A cluster of this size has a database whose snapshot takes its time. */
const MANY_NODES = 100;

export const snapshotCronSameMinute = defineRule({
  id: 'snapshot-cron-same-minute',
  severity: 'hint',
  title: later`All etcd members take their snapshots in the same minute`,
  rationale: `A snapshot reads the whole database and writes it to the same disk that etcd commits to. With one schedule for all servers, all members are slow at the same time, and with them the API; one after the other, nobody notices. It matters for a large database or for snapshots several times an hour, and that is where the rule speaks: clusters of ${MANY_NODES} nodes and more, and schedules that fire more than once an hour.

\`@every\` counts from the start of each server and is spread by itself.`,
  sources: [SOURCES.etcdSnapshot],
  check: (context) => {
    const { cluster, document } = context;
    const found = sharedSchedule(context);
    if (found === undefined) return [];
    const isLarge = cluster.servers.length + cluster.agents.length >= MANY_NODES;
    if (!isLarge && (found.schedule.minutes?.length ?? 0) < 2) return [];
    const [path] = found.members.flatMap((member) => optionPaths(context, member, CRON_OPTION));
    if (path === undefined) return [];
    return [
      {
        ...firstPlace(document, value(path)),
        message: say`${nodeLabels(found.members)} take their snapshots in the same minute, so that all etcd members are busy with their disks at once. A few minutes apart, the others stay fast.`,
      },
    ];
  },
  fix: (context): readonly Fix[] => {
    const { cluster, document } = context;
    const found = sharedSchedule(context);
    if (found === undefined || !found.members.every((member) => isOwnEntry(cluster, member))) return [];
    const { members, schedule } = found;
    const period = schedule.minutes === undefined ? 60 : Math.floor(60 / schedule.minutes.length);
    const apart = Math.max(1, Math.min(10, Math.floor(period / members.length)));
    const later = members.map((_, i) => delayCron(schedule, i * apart));
    const steps = members.slice(1).flatMap((member, i) => {
      const text = later[i + 1];
      return text === undefined
        ? []
        : [(current: ClusterDocument) => setValue(current, [...member.path, 'config', CRON_OPTION], text)];
    });
    if (steps.length < members.length - 1 || new Set(later).size < members.length) return [];
    return [
      {
        title: say`Take them ${apart === 1 ? say`one minute` : say`${apart} minutes`} apart`,
        edits: inSequence(document, ...steps),
        safe: false,
      },
    ];
  },
});

/** The schedule in the file that three or more members share. */
function sharedSchedule({ cluster }: RuleContext) {
  const members = etcdMembers(cluster).filter((server) => !isWrittenOn(server, 'etcd-disable-snapshots'));
  const texts = new Set(members.map((server) => writtenText(server, CRON_OPTION)));
  const [text] = texts;
  if (members.length < 3 || texts.size !== 1 || text === undefined || hasReference(text)) return undefined;
  const schedule = parseCron(text);
  return schedule.ok && schedule.value.minutes !== undefined ? { members, schedule: schedule.value } : undefined;
}
