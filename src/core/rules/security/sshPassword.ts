import type { Path } from '../../base/path';
import { removeEntry, setValue } from '../../document/edit';
import { defineRule } from '../support/defineRule';
import { inSequence } from '../support/inSequence';
import { firstPlace, key } from '../support/places';
import { scalarText, valueAt } from '../support/read';
import { SOURCES } from '../support/sources';

const KEY_FILE = '~/.ssh/id_ed25519';

export const sshPassword = defineRule({
  id: 'ssh-password',
  severity: 'info',
  title: 'Hosts are reached with a password',
  rationale: `A password works, but it is guessed at by everybody who reaches port 22, it is shared by all hosts, and many systems switch it off. A key is asked for once by your agent and can be taken back host by host.`,
  sources: [SOURCES.requirements],
  check: ({ cluster, document }) => {
    const nodes = [...cluster.servers, ...cluster.agents].filter((node) => node.ssh.password !== undefined).map((node): Path => [...node.path, 'ssh']);
    const places = [...new Map([['ssh'], ...nodes].map((path) => [path.join('\u0000'), path])).values()];
    return places.filter((path) => scalarText(valueAt(document.data, [...path, 'password'])) !== undefined).map((path) => ({
      ...firstPlace(document, key([...path, 'password'])),
      message: `${path.length === 1 ? 'The hosts are' : 'This host is'} reached with a password. A key is safer, and works where passwords are switched off.`,
    }));
  },
  fix: ({ document }, finding) => {
    const ssh = finding.path.slice(0, -1);
    const edits = inSequence(
      document,
      (current) => setValue(current, [...ssh, 'identityFile'], KEY_FILE),
      (current) => removeEntry(current, finding.path),
    );
    return [{ title: `Use the key ${KEY_FILE} instead (it must be in authorized_keys of the hosts)`, edits, safe: false }];
  },
});
