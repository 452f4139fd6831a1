import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { parseK3sVersion, PINNED_STABLE } from '../../k3s/versions';
import { hasReached } from '../../k3s/versionGate';
import { datastorePlace, writtenEndpoints } from '../reading/datastore';
import { defineRule } from '../reading/defineRule';
import { firstPlace, value } from '../reading/places';
import { SOURCES } from '../reading/sources';

const VERSION = ['k3s', 'version'];

/** The first release that creates its table with a narrow enough index. */
const FIXED = ['v1.25.4+k3s1'];

export const mysql1071 = defineRule({
  id: 'mysql-1071',
  severity: 'warning',
  title: later`An old K3s cannot create its table in MySQL 5.6 or 5.7`,
  rationale: `K3s before v1.25.4 creates its table with an index that is wider than MySQL 5.6 and 5.7 allow by default: the server stops with \`Error 1071: Specified key was too long; max key length is 767 bytes\` and systemd restarts it over and over. Newer releases of K3s need no such width. MySQL 8 has the higher limit by default; on MySQL 5.7 \`innodb_large_prefix=ON\` and dynamic rows help.`,
  sources: [SOURCES.datastore, SOURCES.kine],
  check: (context) => {
    const { cluster, document } = context;
    const version = cluster.k3s.version;
    if (parseK3sVersion(version ?? '') === undefined || hasReached(version, FIXED)) return [];
    if (!writtenEndpoints(context).some(({ parsed }) => parsed.driver === 'mysql')) return [];
    return [
      {
        ...firstPlace(document, value(VERSION)),
        message: say`On MySQL 5.6 or 5.7, K3s ${version} may stop with "Error 1071: Specified key was too long; max key length is 767 bytes". Use K3s v1.25.4 or newer, MySQL 8, or set innodb_large_prefix=ON in the database.`,
        related: [{ ...datastorePlace(context), message: say`The datastore is MySQL.` }],
      },
    ];
  },
  fix: ({ document }) => [
    {
      title: say`Use K3s ${PINNED_STABLE} (for a new cluster; a running one goes up minor by minor)`,
      edits: setValue(document, VERSION, PINNED_STABLE),
      safe: false,
    },
  ],
});
