import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { gatherWrites } from './packetCosts';
import type { Transport } from './transport';

/**
 * A TCP connection with Nagle's algorithm off: ssh2 leaves it on, and every command would wait for a delayed
 * acknowledgement (about 90 ms instead of 3). All addresses of a name are tried, IPv6 and IPv4 side by side.
 */
export function dialTcp(host: string, port: number, timeoutMs: number): Promise<Result<Duplex, Problem>> {
  return new Promise((resolve) => {
    let resolved = false;
    const socket: Socket = connect({ host, port, noDelay: true, autoSelectFamily: true });
    const finish = (result: Result<Duplex, Problem>): void => {
      clearTimeout(timer);
      socket.off('error', onError).off('connect', onConnect);
      if (!result.ok) socket.on('error', () => undefined).destroy();
      resolve(result);
    };
    const onError = (error: NodeJS.ErrnoException): void => finish(err(describeDialError(error, host, port)));
    const onConnect = (): void => {
      gatherWrites(socket);
      finish(ok(socket));
    };
    const timer = setTimeout(
      () =>
        finish(
          err(
            resolved
              ? noAnswer(host, port, timeoutMs)
              : unknownName(host, `The name server gave no answer within ${seconds(timeoutMs)}.`),
          ),
        ),
      timeoutMs,
    );
    socket
      .on('lookup', () => (resolved = true))
      .on('error', onError)
      .on('connect', onConnect);
    if (/^[\d.]+$|:/.test(host)) resolved = true;
  });
}

/** A byte stream to `host:port` through a server that is already connected, as `ssh -L` and `ssh -J` open it. */
export function dialThrough(
  client: Transport,
  host: string,
  port: number,
  timeoutMs: number,
  through: string,
): Promise<Result<Duplex, Problem>> {
  return new Promise((resolve) => {
    let settled = false;
    const finish = (result: Result<Duplex, Problem>): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      resolve(result);
    };
    const timer = setTimeout(() => finish(err(noAnswer(host, port, timeoutMs))), timeoutMs);
    try {
      client.forwardOut('127.0.0.1', 0, host, port, (error, channel) => {
        if (error !== undefined) finish(err(describeForwardError(error, host, port, through)));
        else if (settled) channel.destroy();
        else finish(ok(closing(channel)));
      });
    } catch {
      finish(err(problem('connection-lost', `The connection to ${through} was lost.`, { nextSteps: ['Try again.'] })));
    }
  });
}

/** A channel stays half open when the other end is gone, and who reads from it would wait for ever; a TCP socket of Node ends then. */
function closing(channel: Duplex): Duplex {
  return channel.once('end', () => channel.end());
}

function describeDialError(error: NodeJS.ErrnoException, host: string, port: number): Problem {
  switch (error.code) {
    case 'ECONNREFUSED':
      return refused(host, port, undefined);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_NODATA':
      return unknownName(host, error.message);
    case 'ETIMEDOUT':
      return noAnswer(host, port, undefined);
    default:
      return unreachable(host, port, error.message);
  }
}

/** sshd hands on the text of the operating system. */
function describeForwardError(error: Error, host: string, port: number, through: string): Problem {
  const text = error.message.replace('(SSH) Channel open failure: ', '');
  const from = ` as seen from ${through}`;
  if (/refused/i.test(text)) return refused(host, port, from);
  if (/name|resolve|not known/i.test(text)) return unknownName(host, `${through} says: ${text}`);
  if (/prohibited|not allowed|denied/i.test(text) || (error as { reason?: unknown }).reason === 1) {
    return problem('ssh-forwarding-refused', `${through} does not pass connections on to ${host}:${port}.`, {
      why: `It says: ${text}`,
      nextSteps: ['Set `AllowTcpForwarding yes` (and a fitting PermitOpen) in sshd_config of that host.'],
    });
  }
  if (/timed? ?out/i.test(text)) return noAnswer(host, port, undefined);
  if (/no response/i.test(text))
    return problem('connection-lost', `The connection to ${through} was lost.`, { nextSteps: ['Try again.'] });
  return unreachable(host, port, text.trim() === '' ? `${through} gives no reason.` : `${through} says: ${text}`);
}

export function refused(host: string, port: number, from: string | undefined): Problem {
  return problem('ssh-port-refused', `Nothing listens on port ${port} of ${host}${from ?? ''}.`, {
    why: 'The connection was refused.',
    nextSteps: [
      `Check the port, and that the service on ${host} runs (for SSH: \`systemctl status ssh\` on its console).`,
    ],
  });
}

export function unknownName(host: string, why: string): Problem {
  return problem('name-not-found', `The host name ${host} cannot be resolved.`, {
    why,
    nextSteps: ['Check the spelling, DNS and /etc/hosts, or use the IP address in the cluster file.'],
  });
}

export function noAnswer(host: string, port: number, timeoutMs: number | undefined): Problem {
  return problem(
    'ssh-timeout',
    `${host} does not answer on port ${port}${timeoutMs === undefined ? '' : ` within ${seconds(timeoutMs)}`}.`,
    {
      why: 'The machine is off, the address is wrong, or a firewall drops the packets.',
      nextSteps: [
        `Check that the machine runs and that port ${port} is open from here.`,
        'If the way there is slow, set ConnectTimeout in ~/.ssh/config.',
      ],
    },
  );
}

export function unreachable(host: string, port: number, why: string): Problem {
  return problem('ssh-host-unreachable', `${host} cannot be reached on port ${port}.`, {
    why,
    nextSteps: ['Check the address, your network or VPN, and whether a jump host is needed (`ssh.proxyJump`).'],
  });
}

/** `4.5 s` */
export function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
