import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { isLiteralSecret } from '../../cluster/references';
import type { Fix } from '../rule';
import { defineRule } from '../reading/defineRule';
import { EXEC_PATH, execArguments, removeArguments } from '../reading/installer';
import { inSequence } from '../../document/inSequence';
import { firstPlace, value } from '../reading/places';
import { valueAt } from '../reading/read';
import { SOURCES } from '../reading/sources';
import { slug } from '../../base/names';
import { freeName } from '../reading/plainSecrets';

/** Options whose value is a secret or holds one. */
const SECRET_OPTIONS = [
  'token',
  'agent-token',
  'datastore-endpoint',
  'etcd-s3-access-key',
  'etcd-s3-secret-key',
  'etcd-s3-session-token',
  'vpn-auth',
];

export const secretInArguments = defineRule({
  id: 'secret-in-arguments',
  severity: 'warning',
  title: later`A secret in the arguments of K3s`,
  rationale: `What stands in \`INSTALL_K3S_EXEC\` becomes the command line of K3s: it stays in the unit file, which every user of the host may read, and shows in the process list. K3s HA writes options into \`config.yaml\`, which only root may read.`,
  sources: [SOURCES.configuration, SOURCES.installScript],
  check: ({ cluster, document }) =>
    execArguments(cluster, SECRET_OPTIONS)
      .filter(({ text }) => text !== '')
      .map(({ option }) => ({
        ...firstPlace(document, value(EXEC_PATH)),
        message: say`--${option} in INSTALL_K3S_EXEC shows its secret in the unit file and the process list of every host. Written as an option of the cluster file it goes into config.yaml, which only root may read.`,
        data: { option },
      })),
  fix: ({ cluster, document }, finding): readonly Fix[] => {
    const [found, ...more] = execArguments(cluster, [finding.data?.['option'] ?? '']);
    if (found === undefined || more.length > 0) return [];
    const path =
      found.option === 'token'
        ? ['token']
        : found.option === 'datastore-endpoint'
          ? ['datastore', 'endpoint']
          : ['servers', 'config', found.option];
    if (valueAt(document.data, path) !== undefined) return [];
    const literal = isLiteralSecret(found.text) && found.option !== 'datastore-endpoint';
    const name = freeName(document.text, `${slug(cluster.name) || 'cluster'}-${found.option}`);
    const edits = inSequence(
      document,
      (current) => setValue(current, path, literal ? `\${secret:${name}}` : found.text),
      (current) => removeArguments(current, [found.written]),
    );
    return [
      {
        title: say`Move --${found.option} into the cluster file${literal ? say` as ${name}` : ''}`,
        edits,
        safe: false,
        ...(literal ? { storeSecrets: { [name]: found.text } } : {}),
      },
    ];
  },
});
