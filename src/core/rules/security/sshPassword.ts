import { later, say } from '../../base/say';
import type { Path } from '../../base/path';
import type { ClusterDocument } from '../../document/clusterDocument';
import { setValue } from '../../document/edit';
import { defineRule } from '../reading/defineRule';
import { inSequence } from '../../document/inSequence';
import { removeOption } from '../reading/optionEdits';
import { firstPlace, key } from '../reading/places';
import { valueAt } from '../reading/read';
import { SOURCES } from '../reading/sources';
import { machinesOf } from '../../cluster/roles';
import { listOf, scalarText } from '../../cluster/configValue';

const KEY_FILE = '~/.ssh/id_ed25519';

export const sshPassword = defineRule({
  id: 'ssh-password',
  severity: 'info',
  title: later`Hosts are reached with a password`,
  rationale: `A password works, but it is guessed at by everybody who reaches port 22, it is shared by all hosts, and many systems switch it off. A key is asked for once by your agent and can be taken back host by host.`,
  sources: [SOURCES.requirements],
  check: ({ cluster, document }) => {
    const entries = new Map<string, Path>([['', []]]);
    for (const node of machinesOf(cluster))
      if (node.ssh.password !== undefined) entries.set(node.path.join(), node.path);
    return [...entries.values()]
      .map((entry): Path => [...entry, 'ssh'])
      .filter((path) => scalarText(valueAt(document.data, [...path, 'password'])) !== undefined)
      .map((path) => ({
        ...firstPlace(document, key([...path, 'password'])),
        message: say`${path.length === 1 ? 'The hosts are' : 'This host is'} reached with a password. A key is safer, and works where passwords are switched off.`,
      }));
  },
  fix: ({ document }, finding) => {
    const ssh = finding.path.slice(0, -1);
    const present = [ssh, ['ssh']]
      .map((path) => listOf(valueAt(document.data, [...path, 'identityFile'])))
      .find((files) => files.length > 0);
    const removing = (current: ClusterDocument) => removeOption(current, finding.path);
    const edits =
      present === undefined
        ? inSequence(document, (current) => setValue(current, [...ssh, 'identityFile'], KEY_FILE), removing)
        : removing(document);
    return [
      {
        title: say`Use the key ${present?.[0] ?? KEY_FILE} instead (it must be in authorized_keys of the hosts)`,
        edits,
        safe: false,
      },
    ];
  },
});
