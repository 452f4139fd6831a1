import { checkServerIdentity, connect as tlsConnect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import type { Problem } from '../../core/base/problem';
import { ok, type Result } from '../../core/base/result';
import type { ApiEndpoint, DoorAnswer, MachineDoor, MachineDoors } from '../../engine/ports';
import { openConnection } from './connection';
import { channelOver, type DoorChannel } from './doorChannel';
import { loadAccess } from './loadAccess';

/** Every certificate of an API server of K3s has this name; that of a kubelet has it not. */
const API_NAME = 'kubernetes';
/** PING keeps no connection from being idle: the kubelet closes one without a request after 90 s. */
const REQUEST_AT_LEAST_MS = 60_000;

/** A connection that stays open, to one door. */
interface OpenDoor {
  readonly channel: Promise<DoorChannel>;
  /** What is known once it is connected. */
  connected?: DoorChannel;
  /** Nothing was asked over the connection yet; the same for knocking. */
  isNew: boolean;
  isNewToKnocks: boolean;
  requestedAt: number;
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
    if (known !== undefined && known.connected?.isOpen() !== false) return known;
    const made = openDoor(door, door.withIdentity ? tls : { ca: tls.ca });
    doors.set(keyOf(door), made);
    return made;
  };
  // The next question dials anew: an attempt to connect that goes on would wait longer and longer between its packets.
  const drop = (door: MachineDoor, open: OpenDoor): void => {
    if (doors.get(keyOf(door)) === open) doors.delete(keyOf(door));
    end(open);
  };
  const ask = async (door: MachineDoor, path: string, limitMs: number): Promise<DoorAnswer> => {
    const open = doorTo(door);
    const heard = open.connected?.bytesRead() ?? 0;
    open.requestedAt = performance.now();
    try {
      const answer = await within(limitMs, async (signal) => {
        const channel = await open.channel;
        return channel.get(path, door.withIdentity ? headers : {}, signal);
      });
      const opened = open.isNew;
      open.isNew = false;
      return { reached: 'answers', ...answer, opened, names: (await open.channel).names };
    } catch (error) {
      // An API server that is busy with its etcd answers others meanwhile, over the same connection.
      const { connected } = open;
      const lives = connected?.ping !== undefined && connected.isOpen() && connected.bytesRead() > heard;
      if (!lives) drop(door, open);
      return { reached: meaning(error) };
    }
  };
  return ok({
    ask,
    async knock(door, path, limitMs) {
      const open = doorTo(door);
      try {
        const began = performance.now();
        const channel = await within(limitMs, () => open.channel);
        const left = Math.max(1, limitMs - (performance.now() - began));
        const opened = open.isNewToKnocks;
        open.isNewToKnocks = false;
        const { ping, ended, names } = channel;
        // Over HTTP/1.1 a question waits for the answer of the one before.
        if (ping === undefined) {
          const answer = await ask({ ...door, withIdentity: false }, path, left);
          return answer.reached === 'answers' ? { ...answer, ended } : answer;
        }
        if (performance.now() - open.requestedAt > REQUEST_AT_LEAST_MS) {
          const answer = await ask(door, path, left);
          return answer.reached === 'answers' ? { ...answer, opened, ended } : answer;
        }
        await within(left, ping);
        return { reached: 'answers', opened, names, ended };
      } catch (error) {
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
      [...doors.values()].forEach(end);
      await api.value.close();
    },
  });
}

function keyOf({ address, port, withIdentity }: MachineDoor): string {
  return [address, port, withIdentity].join(' ');
}

function end({ connected, socket }: OpenDoor): void {
  socket?.destroy();
  connected?.close();
}

function openDoor(door: MachineDoor, tls: ConnectionOptions): OpenDoor {
  const socket = dial(door, tls);
  const open: OpenDoor = {
    socket,
    channel: secured(socket).then(() => {
      open.connected = channelOver(socket, `https://${API_NAME}`);
      return open.connected;
    }),
    isNew: true,
    isNewToKnocks: true,
    requestedAt: -Infinity,
  };
  // Told to whoever asks.
  open.channel.catch(() => undefined);
  return open;
}

function dial({ address, port, withIdentity }: MachineDoor, tls: ConnectionOptions): TLSSocket {
  return tlsConnect({
    ...tls,
    host: address,
    port,
    // Who is asked is told by its address; what it has to prove is that it belongs to the cluster.
    servername: API_NAME,
    checkServerIdentity: (_name, certificate) =>
      withIdentity ? checkServerIdentity(API_NAME, certificate) : undefined,
    rejectUnauthorized: true,
    ALPNProtocols: ['h2', 'http/1.1'],
  });
}

function secured(socket: TLSSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    // Stays for the whole life: an error after the end must not become an unhandled one.
    socket.on('error', reject);
    socket.once('close', () => reject(new Error('the connection was closed')));
    socket.once('secureConnect', () => resolve());
  });
}

async function within<T>(limitMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const ending = new AbortController();
  const answered = work(ending.signal);
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_resolve, reject) => {
    const give = (): void => {
      reject(Object.assign(new Error('silent'), { code: 'ETIMEDOUT' }));
      ending.abort();
    };
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
