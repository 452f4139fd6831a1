import { CA_HASH_SCRIPT } from '../../core/remote/caHash';
import { READ_FILE_SCRIPT } from '../../core/remote/file';
import { FILE_SHA256_SCRIPT } from '../../core/remote/fileSha256';
import { INSTALL_SCRIPT } from '../../core/remote/install';
import { NODES_SCRIPT, READYZ_SCRIPT } from '../../core/remote/kubectl';
import { PROBE_SCRIPT } from '../../core/remote/probe';
import { UPLOAD_FILE_SCRIPT } from '../../core/remote/upload';
import { UNIT_CONTROL_SCRIPT, UNIT_STATUS_SCRIPT } from '../../core/remote/unit';
import { PRIVILEGE_SCRIPT, type RemoteScript } from '../../core/remote/remoteCommand';
import type { Command } from './command';
import { fileSha256Command, readFileCommand, uploadFileCommand } from './files';
import { installCommand } from './install';
import { nodesCommand, readyzCommand } from './kubectl';
import { caHashCommand, probeCommand } from './probe';
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
  [UPLOAD_FILE_SCRIPT, uploadFileCommand],
  [FILE_SHA256_SCRIPT, fileSha256Command],
  [READ_FILE_SCRIPT, readFileCommand],
  [INSTALL_SCRIPT, installCommand],
  [UNIT_CONTROL_SCRIPT, unitControlCommand],
  [UNIT_STATUS_SCRIPT, unitStatusCommand],
  [NODES_SCRIPT, nodesCommand],
  [READYZ_SCRIPT, readyzCommand],
];

const BY_TEXT = new Map(COMMANDS.map(([script, command]) => [script.text, command]));

/** The command that stands for exactly this script. A practice host has no shell, so there is nothing else it could run. */
export function findCommand(scriptText: string): Command | undefined {
  return BY_TEXT.get(scriptText);
}
