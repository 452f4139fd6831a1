import {
  checkServerIdentity,
  connect as tlsConnect,
  type ConnectionOptions,
  type PeerCertificate,
  type TLSSocket,
} from 'node:tls';
import { Client } from 'undici';
import type { Problem } from '../../core/base/problem';
import { ok, type Result } from '../../core/base/result';
import type { ApiEndpoint, MachineDoor, MachineDoors } from '../../engine/ports';
import { openConnection } from './connection';
import { loadAccess } from './loadAccess';

/** Every certificate of an API server of K3s has this name; that of a kubelet has it not. */
const API_NAME = 'kubernetes';
/** Answers of health checks have a few bytes; more is not read. */
const LARGEST_ANSWER = 65_536;
const KEEP_ALIVE_MS = 60_000;

/** A connection that stays open, to one door. */
interface OpenDoor {
  readonly client: Client;
  /** What the connection showed. */
  names: readonly string[];
  /** Nothing was asked over the connection yet. */
  isNew: boolean;
  /** What was dialled. */
  socket?: { destroy(): unknown };
}

/** Asks machines themselves, with authority and identity of the kubeconfig. Nothing is dialled before the first question. */
export async function openDoors(endpoint: ApiEndpoint): Promise<Result<MachineDoors, Problem>> {
  const loaded = await loadAccess(endpoint);
  if (!loaded.ok) return loaded;
  const api = await openConnection(endpoint);
  if (!api.ok) return api;
  let anew: ReturnType<typeof openConnection> | undefined;
  const { tls, headers } = loaded.value;
  const doors = new Map<string, OpenDoor>();
  const doorTo = (door: MachineDoor): OpenDoor => {
    const known = doors.get(keyOf(door));
    if (known !== undefined) return known;
    const made = openDoor(door, door.withIdentity ? tls : { ca: tls.ca });
    doors.set(keyOf(door), made);
    return made;
  };
  const drop = (door: MachineDoor, open: OpenDoor): void => {
    if (doors.get(keyOf(door)) === open) doors.delete(keyOf(door));
    void end(open);
  };
  return ok({
    async ask(door, path, limitMs) {
      const open = doorTo(door);
      try {
        const answer = await get(open.client, path, door.withIdentity ? headers : {}, limitMs);
        const opened = open.isNew;
        open.isNew = false;
        return { reached: 'answers', ...answer, opened, names: open.names };
      } catch (error) {
        // The next question dials anew: an attempt to connect that goes on would wait longer and longer between its packets.
        drop(door, open);
        return { reached: meaning(error) };
      }
    },
    async askApi(path, limitMs) {
      try {
        const answer = await api.value.get(path, AbortSignal.timeout(limitMs));
        return { reached: 'answers', ...answer, opened: false, names: [] };
      } catch (error) {
        return { reached: meaning(error) };
      }
    },
    async askAnew(path, limitMs) {
      const opened = await (anew ??= openConnection(endpoint, { keeps: false }));
      if (!opened.ok) return { reached: 'closed' };
      try {
        const answer = await opened.value.get(path, AbortSignal.timeout(limitMs));
        return { reached: 'answers', ...answer, opened: true, names: [] };
      } catch (error) {
        return { reached: meaning(error) };
      }
    },
    async close() {
      const opened = await anew;
      if (opened?.ok === true) await opened.value.close();
      await Promise.all([api.value.close(), ...[...doors.values()].map(end)]);
    },
  });
}

function keyOf({ address, port, withIdentity }: MachineDoor): string {
  return [address, port, withIdentity].join(' ');
}

async function end({ client, socket }: OpenDoor): Promise<void> {
  socket?.destroy();
  await client.destroy();
}

function openDoor(door: MachineDoor, tls: ConnectionOptions): OpenDoor {
  const open: OpenDoor = {
    // Where it is dialled is up to `connect`; what a file calls an address need not be one.
    client: new Client(`https://${API_NAME}`, {
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxResponseSize: LARGEST_ANSWER,
      connect: (_options, callback) => {
        dialTls(door, tls, open).then(
          (socket) => callback(null, socket),
          (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null),
        );
      },
    }),
    names: [],
    isNew: true,
  };
  return open;
}

function dialTls(
  { address, port, withIdentity }: MachineDoor,
  tls: ConnectionOptions,
  open: OpenDoor,
): Promise<TLSSocket> {
  const socket = tlsConnect({
    ...tls,
    host: address,
    port,
    // Who is asked is told by its address; what it has to prove is that it belongs to the cluster.
    servername: API_NAME,
    checkServerIdentity: (_name, certificate) =>
      withIdentity ? checkServerIdentity(API_NAME, certificate) : undefined,
    rejectUnauthorized: true,
    ALPNProtocols: ['http/1.1'],
  });
  open.socket = socket;
  return new Promise((resolve, reject) => {
    // Stays for the whole life: an error after the end must not become an unhandled one.
    socket.on('error', reject);
    socket.once('close', () => reject(new Error('the connection was closed')));
    socket.once('secureConnect', () => {
      open.isNew = true;
      open.names = namesOf(socket.getPeerCertificate());
      resolve(socket);
    });
  });
}

async function get(
  client: Client,
  path: string,
  headers: Record<string, string>,
  limitMs: number,
): Promise<{ readonly status: number; readonly body: string }> {
  const answered = client
    .request({ path, method: 'GET', headers })
    .then(async ({ statusCode, body }) => ({ status: statusCode, body: await body.text() }));
  let timer: NodeJS.Timeout | undefined;
  // A question that waits for its connection cannot be aborted: it fails when the client is destroyed.
  const silence = new Promise<never>((_resolve, reject) => {
    const give = (): void => reject(Object.assign(new Error('silent'), { code: 'ETIMEDOUT' }));
    // What has arrived while this process was busy is read first.
    timer = setTimeout(() => setImmediate(give), limitMs);
  });
  try {
    return await Promise.race([answered, silence]);
  } finally {
    clearTimeout(timer);
    answered.catch(() => undefined);
  }
}

const MEANINGS: Readonly<Record<string, 'refused' | 'silent' | 'no-route'>> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'no-route',
  ENETUNREACH: 'no-route',
  ENOTFOUND: 'no-route',
  EAI_AGAIN: 'no-route',
  EADDRNOTAVAIL: 'no-route',
  ETIMEDOUT: 'silent',
  UND_ERR_CONNECT_TIMEOUT: 'silent',
};

function meaning(error: unknown): 'refused' | 'silent' | 'no-route' | 'closed' {
  const { code = '', name = '' } = (error ?? {}) as { code?: string; name?: string };
  if (name === 'TimeoutError') return 'silent';
  return MEANINGS[code] ?? 'closed';
}

/** Common name and alternative names. */
function namesOf({ subject, subjectaltname = '' }: PeerCertificate): readonly string[] {
  const common = [subject?.CN ?? []].flat();
  const others = subjectaltname.split(', ').map((name) => name.replace(/^(DNS|IP Address):/, ''));
  return [...new Set([...common, ...others])].filter((name) => name !== '');
}
