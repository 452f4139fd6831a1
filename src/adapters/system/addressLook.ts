import { createHash } from 'node:crypto';
import { lookup, Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { checkServerIdentity, connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import type { AddressSight, DoorSight, Reach, TrySight } from '../../core/loadBalancer/addressSight';
import type { AddressQuestion } from '../../core/remote/addressSight';
import type { AddressLook } from '../../engine/ports';

/** For one conversation, connecting included. */
const TIMEOUT_MS = 4_000;
/** More addresses behind a name are not asked, as on hosts. */
const MOST_DOORS = 16;
/** K3s's authority has a few kilobytes at most. */
const LARGEST_ANSWER = 262_144;

/** The fixed address as this computer sees it. No proxy is used, as by kubectl without HTTPS_PROXY. */
export const addressLook: AddressLook = {
  async look(question, authority, signal) {
    const { address } = question;
    const isName = isIP(address) === 0;
    const [addresses, ttl] = isName
      ? await Promise.all([addressesOf(address), ttlOf(address)])
      : [[address], undefined];
    const doors = await Promise.all(
      addresses.slice(0, MOST_DOORS).map((door) => lookAtDoor(door, question, authority, signal)),
    );
    return { addresses, ...(ttl === undefined ? {} : { ttl }), doors } satisfies AddressSight;
  },
};

/** As programs on this computer see the name: its hosts file counts. */
async function addressesOf(name: string): Promise<readonly string[]> {
  try {
    return [...new Set((await lookup(name, { all: true })).map(({ address }) => address))].sort();
  } catch {
    return [];
  }
}

/** What is left of the time for which a name server lets the answer be remembered: the longest of several. */
async function ttlOf(name: string): Promise<number | undefined> {
  try {
    const resolver = new Resolver({ timeout: 1_000, tries: 1 });
    const records = await resolver.resolve4(name, { ttl: true });
    return records.length === 0 ? undefined : Math.max(...records.map(({ ttl }) => ttl));
  } catch {
    return undefined;
  }
}

async function lookAtDoor(
  address: string,
  { address: wanted, port, tlsServerName = wanted, tries }: AddressQuestion,
  authority: string | undefined,
  signal: AbortSignal | undefined,
): Promise<DoorSight> {
  const at: Door = { address, port, name: tlsServerName };
  const first = await steadily(authority === undefined ? 1 : 3, () => converse(at, '/cacerts', undefined, signal));
  const shown = first.certificate;
  const door = {
    address,
    ...reached(first),
    ...(shown === undefined ? {} : { subject: words(shown.subject), issuer: words(shown.issuer) }),
  };
  if (first.status !== 200) return { ...door, tries: [] };
  const found = createHash('sha256').update(first.body).digest('hex');
  const asked = { ...door, authority: found };
  // Only the authority that the servers told over SSH is one to judge by.
  if (found !== authority) return { ...asked, tries: [] };
  const proof = await steadily(3, () => converse(at, '/ping', first.body, signal));
  if (proof.reach === 'untrusted') return { ...asked, trusted: false, tries: [] };
  if (proof.reach !== 'answered' || proof.certificate === undefined) return { ...asked, tries: [] };
  const named = checkServerIdentity(tlsServerName, proof.certificate) === undefined;
  const ends: TrySight[] = [];
  for (let turn = 0; turn < tries && signal?.aborted !== true; turn += 1)
    ends.push({ ...reached(await converse(at, '/ping', first.body, signal)), withoutApi: false });
  return { ...asked, trusted: true, named, tries: ends };
}

/** Behind one address there may be one that does not answer: what counts first is whether anybody does. */
async function steadily(turns: number, work: () => Promise<Conversation>): Promise<Conversation> {
  const found = await work();
  const again = ['refused', 'silent', 'closed'].includes(found.reach) && turns > 1;
  return again ? steadily(turns - 1, work) : found;
}

interface Door {
  readonly address: string;
  readonly port: number;
  readonly name: string;
}

interface Conversation {
  readonly reach: Reach;
  readonly says?: string;
  readonly certificate?: PeerCertificate;
  readonly status?: number;
  readonly body: string;
}

function reached({ reach, says }: Conversation): Pick<DoorSight, 'reach' | 'says'> {
  return { reach, ...(says === undefined ? {} : { says }) };
}

/** One GET over a connection of its own; with an authority only to a certificate of it, whatever names that has. */
function converse(
  { address, port, name }: Door,
  path: string,
  authority: string | undefined,
  signal: AbortSignal | undefined,
): Promise<Conversation> {
  return new Promise((resolve) => {
    let certificate: PeerCertificate | undefined;
    let answer = '';
    const socket: TLSSocket = connect({
      host: address,
      port,
      servername: isIP(name) === 0 ? name : '',
      rejectUnauthorized: authority !== undefined,
      ...(authority === undefined ? {} : { ca: authority }),
      checkServerIdentity: () => undefined,
      ALPNProtocols: ['http/1.1'],
    });
    const finish = (reach: Reach, says?: string): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
      socket.destroy();
      const end = answer.indexOf('\r\n\r\n');
      const status = /^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1];
      resolve({
        reach,
        ...(says === undefined ? {} : { says }),
        ...(certificate === undefined ? {} : { certificate }),
        ...(status === undefined ? {} : { status: Number(status) }),
        body: end < 0 ? '' : answer.slice(end + 4),
      });
    };
    const cancel = (): void => finish('silent', 'cancelled');
    const timer = setTimeout(() => finish('silent', `no answer within ${TIMEOUT_MS / 1000} s`), TIMEOUT_MS);
    signal?.addEventListener('abort', cancel, { once: true });
    socket.setEncoding('utf8');
    socket.once('secureConnect', () => {
      certificate = socket.getPeerCertificate();
      // HTTP/1.0: the answer comes in one piece and ends with the connection.
      socket.write(`GET ${path} HTTP/1.0\r\nHost: ${name}\r\nAccept: */*\r\n\r\n`);
    });
    socket.on('data', (text: string) => {
      answer += text;
      if (answer.length > LARGEST_ANSWER) finish('closed', 'an answer without end');
    });
    socket.once('end', () => finish(answer === '' ? 'closed' : 'answered'));
    socket.on('error', (error: NodeJS.ErrnoException) => finish(...meaning(error)));
    socket.once('close', () => finish(answer === '' ? 'closed' : 'answered'));
    if (signal?.aborted === true) cancel();
  });
}

const MEANINGS: Readonly<Record<string, Reach>> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'no-route',
  ENETUNREACH: 'no-route',
  ETIMEDOUT: 'silent',
  ERR_SSL_WRONG_VERSION_NUMBER: 'not-tls',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'not-tls',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'not-tls',
  EPROTO: 'not-tls',
};

function meaning({ code = '', message }: NodeJS.ErrnoException): [reach: Reach, says: string] {
  const says = message.split('\n')[0] ?? code;
  const reach = MEANINGS[code] ?? (/CERT|SIGNATURE|ISSUER/.test(code) ? 'untrusted' : 'closed');
  return [reach, says];
}

/** `CN=k3s-server-ca@1795737475`, parts in the order of the certificate. */
function words(name: PeerCertificate['subject'] | undefined): string {
  return Object.entries(name ?? {})
    .map(([key, value]) => `${key}=${Array.isArray(value) ? value.join('+') : String(value)}`)
    .join(', ');
}
