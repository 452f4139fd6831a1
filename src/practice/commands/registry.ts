import { CA_HASH_SCRIPT } from '../../core/remote/caHash';
import { ETCD_MEMBERS_SCRIPT } from '../../core/remote/etcd';
import { READ_FILE_SCRIPT, WRITE_FILE_SCRIPT } from '../../core/remote/file';
import { INSTALL_SCRIPT } from '../../core/remote/install';
import { NODES_SCRIPT, READYZ_SCRIPT } from '../../core/remote/kubectl';
import { PROBE_SCRIPT } from '../../core/remote/probe';
import { SERVER_READY_SCRIPT } from '../../core/remote/readiness';
import { UNIT_CONTROL_SCRIPT, UNIT_STATUS_SCRIPT } from '../../core/remote/unit';
import { PRIVILEGE_SCRIPT, type RemoteScript } from '../../core/remote/remoteCommand';
import type { Command } from './command';
import { readFileCommand, writeFileCommand } from './files';
import { installCommand } from './install';
import { nodesCommand, readyzCommand } from './kubectl';
import { caHashCommand, probeCommand } from './probe';
import { etcdMembersCommand, serverReadyCommand } from './questions';
import { unitControlCommand, unitStatusCommand } from './units';

const privilegeCommand: Command = ({ user, login, out }) => {
  const rule = { nopasswd: 'sudo', password: 'sudo-password', refused: 'sudo-password', none: 'none' }[
    login.sudo ?? 'nopasswd'
  ];
  out(`${user === 'root' ? 'root' : rule}\n`);
  return 0;
};

const COMMANDS: readonly (readonly [RemoteScript, Command])[] = [
  [PRIVILEGE_SCRIPT, privilegeCommand],
  [PROBE_SCRIPT, probeCommand],
  [CA_HASH_SCRIPT, caHashCommand],
  [WRITE_FILE_SCRIPT, writeFileCommand],
  [READ_FILE_SCRIPT, readFileCommand],
  [INSTALL_SCRIPT, installCommand],
  [UNIT_CONTROL_SCRIPT, unitControlCommand],
  [UNIT_STATUS_SCRIPT, unitStatusCommand],
  [NODES_SCRIPT, nodesCommand],
  [READYZ_SCRIPT, readyzCommand],
  [ETCD_MEMBERS_SCRIPT, etcdMembersCommand],
  [SERVER_READY_SCRIPT, serverReadyCommand],
];

const BY_TEXT = new Map(COMMANDS.map(([script, command]) => [script.text, command]));

/** The command that stands for exactly this script. A practice host has no shell, so there is nothing else it could run. */
export function findCommand(scriptText: string): Command | undefined {
  return BY_TEXT.get(scriptText);
}
