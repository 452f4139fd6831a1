import { connect, createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, test } from 'vitest';
import { createAdaptivePace } from '../../../src/adapters/ssh/adaptivePace';
import type { Clock } from '../../../src/engine/ports';
import { byteSource } from '../../support/byteSource';
import { startSshd, writeKnownHosts } from './support/sshd';
import { createWorkplace, output, shell, target, timed, type Workplace } from './support/workplace';

const MB = 1_000_000;

/** Time that passes only when nobody is left who does anything else. */
function quietClock(): Clock {
  let now = 1_790_000_000_000;
  const waiting: { readonly at: number; readonly wake: () => void }[] = [];
  const next = (): void => {
    const first = waiting.sort((a, b) => a.at - b.at).shift();
    if (first === undefined) return;
    now = Math.max(now, first.at);
    first.wake();
  };
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
        waiting.push({ at: now + ms, wake: resolve });
        setImmediate(next);
      }),
  };
}

interface Told {
  /** Bytes a second that got through. */
  readonly rate: number;
  /** How long each word took, in milliseconds. */
  readonly words: readonly number[];
}

/**
 * `senders` behind one uplink of `capacity` bytes a second, each of which may have 2 MB on its way, as sshd allows. A word
 * waits for all that is before it, and `elsewhere` milliseconds for other reasons.
 */
async function upload(
  senders: number,
  capacity: number,
  seconds: number,
  { limit, elsewhere = 20 }: { readonly limit?: number; readonly elsewhere?: number } = {},
): Promise<Told> {
  const clock = quietClock();
  const pace = createAdaptivePace(clock, limit);
  const start = clock.now();
  const over = new AbortController();
  const words: number[] = [];
  let free = start;
  let through = 0;
  const way = async (bytes: number): Promise<void> => {
    free = Math.max(free, clock.now()) + (1000 * bytes) / capacity;
    await clock.sleep(free - clock.now());
  };
  const ask = async (): Promise<void> => {
    const begin = clock.now();
    await way(100);
    await clock.sleep(elsewhere);
    words.push(clock.now() - begin);
  };
  const send = async (): Promise<void> => {
    let onTheWay = 0;
    void pace.watch(ask, over.signal);
    while (clock.now() - start < seconds * 1000) {
      const { piece } = pace;
      await pace.admit(piece, over.signal);
      while (onTheWay + piece > 2 * MB) await clock.sleep(5);
      onTheWay += piece;
      void way(piece).then(() => {
        onTheWay -= piece;
        through += piece;
      });
    }
  };
  await Promise.all(Array.from({ length: senders }, send));
  const told = { rate: through / seconds, words };
  over.abort();
  return told;
}

const late = (words: readonly number[]): readonly number[] => words.slice(words.length / 2).filter((ms) => ms > 2_500);

describe('what is sent to many hosts at once', () => {
  it.each([
    [5, 2 * MB],
    [20, 2 * MB],
    [50, 10 * MB],
  ])('by %i over an uplink of %i bytes a second fills it, and words get through', async (senders, capacity) => {
    const { rate, words } = await upload(senders, capacity, 120);
    expect(rate / capacity).toBeGreaterThan(0.6);
    expect(late(words)).toEqual([]);
  });

  it('leaves a wide uplink alone', async () => {
    const { rate, words } = await upload(5, 100 * MB, 10);
    expect(rate).toBeGreaterThan(95 * MB);
    expect(Math.max(...words)).toBeLessThan(1_000);
  });

  it('is not slowed down for hosts that are slow for other reasons', async () => {
    const { rate } = await upload(3, 10 * MB, 120, { elsewhere: 3_000 });
    expect(rate).toBeGreaterThan(8 * MB);
  });

  it('keeps to a limit, too', async () => {
    const { rate } = await upload(3, 10 * MB, 60, { limit: 2 * MB });
    expect(rate / MB).toBeGreaterThan(1.8);
    expect(rate / MB).toBeLessThan(2.3);
  });
});

/** Ports of this machine that lead to others through one uplink of `capacity` bytes a second, on which any number of bytes may wait. */
async function throughUplink(place: Workplace, ports: readonly number[], capacity: number): Promise<readonly number[]> {
  let passed: Promise<void> = Promise.resolve();
  let free = Date.now();
  const pass = async (bytes: number): Promise<void> => {
    free = Math.max(free, Date.now() - 20) + (1000 * bytes) / capacity;
    const wait = free - Date.now();
    if (wait > 0) await sleep(wait);
  };
  return Promise.all(
    ports.map(async (port) => {
      const server = createServer((near) => {
        const far = connect(port, '127.0.0.1');
        near.on('data', (bytes: Buffer) => {
          passed = passed.then(() => pass(bytes.length)).then(() => void far.write(bytes));
        });
        far.pipe(near);
        near.on('close', () => far.destroy()).on('error', () => far.destroy());
        far.on('error', () => near.destroy());
      });
      place.atEnd(() => void server.close());
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return (server.address() as AddressInfo).port;
    }),
  );
}

test('three hosts behind a slow uplink still answer while they are sent much', async () => {
  const place = createWorkplace();
  const capacity = 3 * MB;
  const size = 15 * MB;
  try {
    const authorized = [place.key('mine')];
    const servers = await Promise.all([1, 2, 3].map(() => startSshd(place, { authorized })));
    const ports = await throughUplink(
      place,
      servers.map(({ port }) => port),
      capacity,
    );
    writeKnownHosts(
      place,
      ...servers.map((sshd, at) => sshd.knownHostsLine('ed25519').replace(String(sshd.port), String(ports[at]))),
    );
    const targets = ports.map((port, at) => target('127.0.0.1', { port, identityFiles: ['mine'] }, `server-${at + 1}`));
    const hosts = place.hosts();
    for (const at of targets) output(await hosts.run(at, shell('true')));
    const words: number[] = [];
    let sending = true;
    const asking = (async () => {
      while (sending) {
        for (const at of targets.slice(0, 1)) words.push((await timed(hosts.run(at, shell('true')))).ms);
        await sleep(250);
      }
    })();
    const { ms } = await timed(
      Promise.all(
        targets.map(async (at) =>
          output(await hosts.run(at, shell('cat >/dev/null', { stdin: byteSource(size), timeoutMs: 120_000 }))),
        ),
      ),
    );
    sending = false;
    await asking;
    // Without it every word waits for the 12 MB and more that sshd and the network take at once: 4 s, and no more than 4 get through.
    expect(words.length).toBeGreaterThan(8);
    expect(words.slice(-4).filter((one) => one > 3_000)).toEqual([]);
    expect(ms).toBeLessThan(2 * ((1000 * 3 * size) / capacity));
    await hosts.dispose();
  } finally {
    await place.close();
  }
});
