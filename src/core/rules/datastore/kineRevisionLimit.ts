import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { parseK3sVersion } from '../../k3s/versions';
import { hasReached } from '../../k3s/versionGate';
import { datastorePlace, writtenEndpoints } from '../reading/datastore';
import { defineRule } from '../reading/defineRule';
import { firstPlace, value } from '../reading/places';
import { SOURCES } from '../reading/sources';

const VARIABLE = 'KINE_SCHEMA_MIGRATION';

/** The releases of May 2024, the first that create the table with 64-bit numbers. */
const WIDE = ['v1.27.14+k3s1', 'v1.28.10+k3s1', 'v1.29.5+k3s1', 'v1.30.1+k3s1'];

export const kineRevisionLimit = defineRule({
  id: 'kine-revision-limit',
  severity: 'warning',
  title: later`The SQL database will be full at revision 2147483647`,
  rationale: `K3s before May 2024 creates its table with 32-bit numbers. Each change of the cluster uses up one of them, and at revision 2147483647 the database turns read-only: nothing can be changed any more. A busy cluster gets there in a few years.

Newer releases create the table with 64-bit numbers, but widen an old one only when the environment of the service has \`KINE_SCHEMA_MIGRATION=1\` on every server. The variable has an effect once K3s itself is new enough. Install scripts from before June 2026 do not hand it on to the service; then it belongs into \`/etc/systemd/system/k3s.service.env\`.

A cluster that was created long ago and upgraded since has the same problem, which its file does not show.`,
  sources: [SOURCES.knownIssues, SOURCES.kine],
  check: (context) => {
    const { cluster, document } = context;
    const { version, install } = cluster.k3s;
    if (
      parseK3sVersion(version ?? '') === undefined ||
      hasReached(version, WIDE) ||
      install.env[VARIABLE] !== undefined
    )
      return [];
    if (!writtenEndpoints(context).some(({ parsed }) => parsed.driver === 'mysql' || parsed.driver === 'postgres'))
      return [];
    return [
      {
        ...datastorePlace(context),
        message: say`K3s ${version} creates this database with 32-bit revisions: at revision 2147483647 it turns read-only, and nothing in the cluster can be changed any more. Releases since May 2024 widen it when ${VARIABLE}=1 is set.`,
        related: [
          { ...firstPlace(document, value(['k3s', 'version'])), message: say`${version} is older than May 2024.` },
        ],
      },
    ];
  },
  fix: ({ document }) => [
    {
      title: say`Set ${VARIABLE} for the upgrade to come`,
      edits: setValue(document, ['k3s', 'install', 'env', VARIABLE], '1'),
      safe: false,
    },
  ],
});
