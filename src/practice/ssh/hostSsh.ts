import { connect, type Socket } from 'node:net';
import ssh2, { type AuthContext, type Connection, type ParsedKey, type ServerChannel } from 'ssh2';
import { parseCommandLine } from '../../core/remote/shell';
import { findCommand } from '../commands/registry';
import { isSilent, type PracticeHost } from '../machine/host';
import { connected, hostAt } from '../network';
import type { PracticeUser } from '../options';
import type { World } from '../world';
import { answersAt } from '../k3s/externalDatastore';
import { databaseAnswer, leadsToDatastore } from '../k3s/databaseTrial';
import { hostInput } from './hostInput';
import { hostShell } from './hostShell';
import { applySudo } from './sudo';

const { Server, utils } = ssh2;

/** Software name in the SSH greeting: nobody shall take a practice host for a real one. */
const IDENT = 'K3sHA-practice-simulation';
const BANNER = 'This host is a simulation by the practice fleet of K3s HA. Nothing on it is real.\r\n';

/** Channels a connection may have at a time, as with OpenSSH's default MaxSessions. */
const MAX_SESSIONS = 10;

/** Of what a trial of a datastore asks. */
const LONGEST_LINE = 65_536;

export interface HostSshParts {
  readonly world: World;
  readonly host: PracticeHost;
  /** OpenSSH private key of the host. */
  readonly hostKey: string;
  /** `ssh-ed25519 AAAA…` that may log in as every user. */
  readonly authorizedKey: string;
}

/** The SSH server of one host: serves connections that are handed to it. */
export function hostSsh(parts: HostSshParts): (socket: Socket) => void {
  const authorized = utils.parseKey(parts.authorizedKey) as ParsedKey;
  const server = new Server({ hostKeys: [parts.hostKey], ident: IDENT, banner: BANNER }, (connection) =>
    serve(parts, authorized, connection),
  );
  return (socket) => server.injectSocket(socket);
}

function serve(parts: HostSshParts, authorized: ParsedKey, connection: Connection): void {
  const { host } = parts;
  let user: PracticeUser | undefined;
  // A client that goes away is the client's business.
  connection.on('error', () => {});
  connection.on('authentication', (context) => {
    const candidate = host.users.find(({ name }) => name === context.username);
    authenticate(context, candidate, authorized, () => {
      user = candidate;
    });
  });
  let sessions = 0;
  connection.on('session', (accept, reject) => {
    if (sessions >= MAX_SESSIONS) {
      reject();
      return;
    }
    sessions += 1;
    const session = accept();
    session.on('close', () => {
      sessions -= 1;
    });
    session.on('exec', (acceptExec, _reject, info) => {
      if (user !== undefined) execute(parts, user, info.command, acceptExec());
    });
    session.on('env', (acceptEnv) => acceptEnv?.());
    let window = { columns: 80, rows: 24 };
    const sized = (accepted: (() => void) | undefined, { cols, rows }: { cols: number; rows: number }): void => {
      window = { columns: cols, rows };
      accepted?.();
    };
    session.on('pty', (acceptPty, _reject, info) => sized(acceptPty, info));
    session.on('window-change', (acceptSize, _reject, info) => sized(acceptSize, info));
    session.on('shell', (acceptShell) => {
      if (user !== undefined) hostShell(acceptShell(), { host, user: user.name }, () => window);
    });
  });
  connection.on('tcpip', (accept, reject, info) => tunnel(parts, info, accept, reject));
}

function authenticate(
  context: AuthContext,
  user: PracticeUser | undefined,
  authorized: ParsedKey,
  accepted: () => void,
): void {
  const methods: ('publickey' | 'password' | 'keyboard-interactive')[] = [
    'publickey',
    ...(user?.password === undefined ? [] : (['password', 'keyboard-interactive'] as const)),
  ];
  const refuse = (): void => context.reject(methods);
  const accept = (): void => {
    accepted();
    context.accept();
  };
  if (user === undefined) refuse();
  else if (context.method === 'publickey') {
    const same = context.key.algo === authorized.type && context.key.data.equals(authorized.getPublicSSH());
    const signed =
      context.signature === undefined ||
      (context.blob !== undefined && authorized.verify(context.blob, context.signature, context.hashAlgo) === true);
    if (same && signed) accept();
    else refuse();
  } else if (context.method === 'password' && user.password !== undefined) {
    if (context.password === user.password) accept();
    else refuse();
  } else if (context.method === 'keyboard-interactive' && user.password !== undefined) {
    context.prompt([{ prompt: 'Password: ', echo: false }], (answers) => {
      if (answers[0] === user.password) accept();
      else refuse();
    });
  } else refuse();
}

function execute(parts: HostSshParts, login: PracticeUser, line: string, channel: ServerChannel): void {
  const { world } = parts;
  // A client that goes away in the middle of a command (Ctrl-C) leaves nobody to write to.
  channel.on('error', () => {});
  channel.stderr.on('error', () => {});
  run(parts, login, line, channel).catch((error: unknown) => {
    // Waits end with an error when the fleet stops; there is nobody left to tell.
    if (!world.signal.aborted) throw error;
  });
}

async function run(parts: HostSshParts, login: PracticeUser, line: string, channel: ServerChannel): Promise<void> {
  const { world, host } = parts;
  const parsed = parseCommandLine(line);
  const command = parsed === undefined ? undefined : findCommand(parsed.scriptText);
  if (parsed === undefined || command === undefined) {
    world.emit({ kind: 'unknownCommand', host: host.id, command: line });
    channel.stderr.write(`practice host ${host.id}: this host is simulated and does not know this command:\n${line}\n`);
    end(channel, 127);
    return;
  }
  world.emit({ kind: 'commandStarted', host: host.id, id: parsed.id });
  const gone = new AbortController();
  channel.once('close', () => gone.abort());
  const stdin = hostInput(channel);
  const sudo = await applySudo(login, parsed.elevation, stdin);
  let exitCode: number;
  if (sudo.kind === 'refused') {
    channel.stderr.write(sudo.stderr);
    exitCode = sudo.exitCode;
  } else {
    exitCode = await command({
      world,
      host,
      login,
      user: sudo.root ? 'root' : login.name,
      args: parsed.args,
      stdin,
      gone: gone.signal,
      out: (text) => channel.write(text),
      err: (text) => channel.stderr.write(text),
    });
  }
  while (isSilent(host)) await world.clock.sleep(250, world.signal);
  world.emit({ kind: 'command', host: host.id, id: parsed.id, exitCode });
  end(channel, exitCode);
}

function end(channel: ServerChannel, exitCode: number): void {
  if (channel.destroyed) return;
  channel.exit(exitCode);
  channel.end();
  // What the script did not read is dropped, or the channel would never close.
  channel.resume();
}

/** ssh -L and jump hosts: connects as if from this host. */
function tunnel(
  { world, host }: HostSshParts,
  info: { readonly destIP: string; readonly destPort: number },
  accept: () => ServerChannel,
  reject: () => void,
): void {
  if (leadsToDatastore(world, info.destIP, info.destPort)) {
    const address = `${info.destIP}:${info.destPort}`;
    if (answersAt(world, host.id, address))
      serveDatabase(accept(), (line) => databaseAnswer(world, host, address, line));
    else reject();
    return;
  }
  const local = ['localhost', '127.0.0.1', '::1'].includes(info.destIP);
  const address = local ? host.addresses[0] : info.destIP;
  const target = hostAt(world, address);
  if (target !== undefined && !connected(world, host.id, target.id)) {
    reject();
    return;
  }
  const socket = connect({
    host: target?.hostname === address ? target.addresses[0] : address,
    port: info.destPort,
    noDelay: true,
  });
  let channel: ServerChannel | undefined;
  socket.on('connect', () => {
    channel = accept();
    channel.on('error', () => socket.destroy());
    channel.on('close', () => socket.destroy());
    channel.pipe(socket).pipe(channel);
  });
  socket.on('error', () => {
    if (channel === undefined) reject();
    else channel.destroy();
  });
}

/** One line, one answer. */
function serveDatabase(channel: ServerChannel, answer: (line: string) => object | undefined): void {
  let text = '';
  channel.on('error', () => {});
  channel.on('data', (bytes: Buffer) => {
    text += bytes.toString('utf8');
    const at = text.indexOf('\r\n');
    if (at < 0 && text.length < LONGEST_LINE) return;
    channel.removeAllListeners('data').resume();
    const reply = answer(text.slice(0, at));
    channel.end(reply === undefined ? undefined : `${JSON.stringify(reply)}\r\n`);
  });
}
