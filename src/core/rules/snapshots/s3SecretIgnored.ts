import { later, say } from '../../base/say';
import type { ClusterDocument } from '../../document/clusterDocument';
import { formatPath, type Path } from '../../base/path';
import { removeEntry } from '../../document/edit';
import type { ClusterNode } from '../../cluster/cluster';
import type { RuleContext } from '../rule';
import { defineRule } from '../reading/defineRule';
import { inSequence } from '../../document/inSequence';
import { firstPlace, key, optionPaths, samePath } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { listWords, nodeLabels } from '../reading/words';
import { byEntry, s3Settings, usesS3 } from '../reading/snapshotOptions';
import { etcdMembers } from '../../cluster/roles';
import { writtenList } from '../../cluster/written';

const OPTION = 'etcd-s3-config-secret';

export const s3SecretIgnored = defineRule({
  id: 's3-secret-ignored',
  severity: 'warning',
  title: later`The Secret with the S3 settings is ignored`,
  rationale: `K3s reads the Secret in \`etcd-s3-config-secret\` only when no other S3 option is set. A single one beside it, be it only the region, makes K3s take all settings from the options and leave the Secret alone; its log has a warning about it. How many snapshots to keep (\`etcd-s3-retention\`) does not count.`,
  sources: [SOURCES.etcdSnapshot, SOURCES.s3Code],
  check: (context) =>
    ignored(context).map(({ path, servers }) => {
      const others = settingPaths(context, servers);
      const names = [...new Set(others.map((other) => String(other.at(-1))))];
      return {
        ...firstPlace(context.document, key(path)),
        message: say`K3s ignores this Secret on ${nodeLabels(servers)}, because ${listWords(names)} ${names.length === 1 ? 'is' : 'are'} set as well: it takes all S3 settings from the options then. Keep one or the other.`,
        related: others
          .slice(0, 10)
          .map((other) => ({ ...firstPlace(context.document, key(other)), message: say`Set beside the Secret.` })),
      };
    }),
  fix: (context, finding) => {
    const entry = ignored(context).find(({ path }) => samePath(path, finding.path));
    const others = settingPaths(context, entry?.servers ?? []);
    const steps = others.map((path) => (current: ClusterDocument) => removeEntry(current, path));
    return [
      {
        title: say`Keep only the Secret (it has to hold ${others.length === 1 ? 'this setting' : 'these settings'} then)`,
        edits: inSequence(context.document, ...steps),
        safe: false,
      },
      { title: say`Remove ${OPTION}`, edits: removeEntry(context.document, finding.path), safe: false },
    ];
  },
});

function ignored(context: RuleContext) {
  const servers = etcdMembers(context.cluster).filter(
    (server) => usesS3(server) && writtenList(server, OPTION).length > 0 && s3Settings(server).length > 0,
  );
  return byEntry(context, servers, OPTION);
}

function settingPaths(context: RuleContext, servers: readonly ClusterNode[]): readonly Path[] {
  const paths = servers.flatMap((server) => s3Settings(server).flatMap((name) => optionPaths(context, server, name)));
  return [...new Map(paths.map((path) => [formatPath(path), path])).values()];
}
