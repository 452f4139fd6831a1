import { setValue } from '../../document/edit';
import { isLiteralSecret } from '../../spec/references';
import type { Fix, RuleContext } from '../rule';
import { defineRule } from '../support/defineRule';
import { inSequence } from '../support/inSequence';
import { firstPlace, value } from '../support/places';
import { scalarText, valueAt } from '../support/read';
import { SOURCES } from '../support/sources';
import { slug } from '../support/words';

const EXEC = ['k3s', 'install', 'env', 'INSTALL_K3S_EXEC'];
/** Options whose value is a secret or holds one. */
const SECRET_OPTIONS = ['token', 'agent-token', 'datastore-endpoint', 'etcd-s3-access-key', 'etcd-s3-secret-key', 'etcd-s3-session-token', 'vpn-auth'];

interface SecretArgument {
  readonly option: string;
  readonly text: string;
  /** The argument with its value as written. */
  readonly written: string;
}

export const secretInArguments = defineRule({
  id: 'secret-in-arguments',
  severity: 'warning',
  title: 'A secret in the arguments of K3s',
  rationale: `What stands in \`INSTALL_K3S_EXEC\` becomes the command line of K3s: every user of the host reads it in the process list, and it stays in the unit file. K3s HA writes options into \`config.yaml\`, which only root may read.`,
  sources: [SOURCES.configuration, SOURCES.installScript],
  check: (context) =>
    secretArguments(context).map(({ option }) => ({
      ...firstPlace(context.document, value(EXEC)),
      message: `--${option} in INSTALL_K3S_EXEC shows its secret in the process list and the unit file of every host. Written as an option of the cluster file it goes into config.yaml, which only root may read.`,
      data: { option },
    })),
  fix: (context, finding): readonly Fix[] => {
    const found = secretArguments(context).find(({ option }) => option === finding.data?.['option']);
    const exec = scalarText(valueAt(context.document.data, EXEC)) ?? '';
    if (found === undefined) return [];
    const path = found.option === 'token' ? ['token'] : found.option === 'datastore-endpoint' ? ['datastore', 'endpoint'] : ['servers', 'config', found.option];
    if (valueAt(context.document.data, path) !== undefined) return [];
    const literal = isLiteralSecret(found.text) && found.option !== 'datastore-endpoint';
    const name = `${slug(context.cluster.name) || 'cluster'}-${found.option}`;
    const rest = exec.replace(found.written, ' ').replace(/\s+/g, ' ').trim();
    const edits = inSequence(
      context.document,
      (document) => setValue(document, path, literal ? `\${secret:${name}}` : found.text),
      (document) => setValue(document, EXEC, rest),
    );
    return [{ title: `Move --${found.option} into the cluster file${literal ? ` as ${name}` : ''}`, edits, safe: false, ...(literal ? { storeSecrets: { [name]: found.text } } : {}) }];
  },
});

function secretArguments({ document }: RuleContext): readonly SecretArgument[] {
  const exec = scalarText(valueAt(document.data, EXEC));
  if (exec === undefined) return [];
  const pattern = new RegExp(`(?:^|\\s)--(${SECRET_OPTIONS.join('|')})(?:=|\\s+)("[^"]*"|'[^']*'|[^\\s"']+)`, 'g');
  return [...exec.matchAll(pattern)].map(([written, option = '', text = '']) => ({ option, text: text.replace(/^(["'])(.*)\1$/, '$2'), written }));
}
