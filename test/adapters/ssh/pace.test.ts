import { describe, expect, it, test } from 'vitest';
import { createPace } from '../../../src/adapters/ssh/pace';
import type { Clock } from '../../../src/engine/ports';
import { byteSource } from '../../support/byteSource';
import { startSshd, writeKnownHosts } from './support/sshd';
import { createWorkplace, output, shell, target, timed } from './support/workplace';

const MB = 1_000_000;
const open = new AbortController().signal;

/** A clock whose time passes only when nobody is left who does anything else; timers come `late` milliseconds too late. */
function quietClock(late = 0): Clock & { readonly passed: () => number; spend(ms: number): void } {
  let now = 1_790_000_000_000;
  const start = now;
  const waiting: { readonly at: number; readonly wake: () => void }[] = [];
  const wakeNext = (): void => {
    const next = waiting.sort((a, b) => a.at - b.at).shift();
    if (next === undefined) return;
    now = Math.max(now, next.at + late);
    next.wake();
  };
  return {
    now: () => now,
    passed: () => now - start,
    spend: (ms) => void (now += ms),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
        waiting.push({ at: now + ms, wake: resolve });
        setImmediate(wakeNext);
      }),
  };
}

describe('a limit of what is sent', () => {
  const rates = [20_000, 5 * MB, 200 * MB];
  it.each(rates.flatMap((rate) => [1, 3, 20].map((senders) => [rate, senders] as const)))(
    'of %i bytes a second is kept to by %i who send, and each gets the same',
    async (rate, senders) => {
      const clock = quietClock(3);
      const pace = createPace(rate, clock);
      // Four seconds of it, in whole pieces.
      const each = pace.piece * Math.max(20, Math.ceil((4 * rate) / senders / pace.piece));
      const sent = Array.from({ length: senders }, () => 0);
      let least = Number.POSITIVE_INFINITY;
      await Promise.all(
        sent.map(async (_, id) => {
          while ((sent[id] ?? 0) < each) {
            await pace.admit(pace.piece, open);
            sent[id] = (sent[id] ?? 0) + pace.piece;
          }
          least = Math.min(least, ...sent);
        }),
      );
      const reached = (senders * each) / (clock.passed() / 1000);
      expect(reached / rate).toBeGreaterThan(0.85);
      expect(reached / rate).toBeLessThan(1.2);
      expect(least).toBeGreaterThanOrEqual(each - 2 * pace.piece);
    },
  );

  it('saves up nothing while nobody sends', async () => {
    const clock = quietClock();
    const pace = createPace(MB, clock);
    await pace.admit(pace.piece, open);
    clock.spend(60_000);
    const before = clock.passed();
    for (let sent = 0; sent < MB; sent += pace.piece) await pace.admit(pace.piece, open);
    expect(clock.passed() - before).toBeGreaterThan(700);
  });

  it('keeps nobody who wants nothing more', async () => {
    const cancel = new AbortController();
    const pace = createPace(1, {
      now: () => 0,
      sleep: (_, signal) =>
        new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('over')))),
    });
    await pace.admit(300, open);
    const waiting = pace.admit(4096, cancel.signal);
    cancel.abort();
    await waiting;
    await pace.admit(4096, cancel.signal);
    expect(cancel.signal.aborted).toBe(true);
  });
});

test('two hosts share 5 MB/s, and nobody waits for the other one', async () => {
  const place = createWorkplace();
  try {
    const authorized = [place.key('mine')];
    const servers = [await startSshd(place, { authorized }), await startSshd(place, { authorized })];
    writeKnownHosts(place, ...servers.map((sshd) => sshd.knownHostsLine('ed25519')));
    const targets = servers.map(({ port }, at) =>
      target('127.0.0.1', { port, identityFiles: ['mine'] }, `server-${at + 1}`),
    );
    const send = async (uploadLimit: number | undefined) => {
      const hosts = place.hosts({}, { uploadLimit });
      for (const at of targets) output(await hosts.run(at, shell('true')));
      const sent = new Map<string, number>();
      let least = 0;
      const { ms } = await timed(
        Promise.all(
          targets.map(async (at) => {
            const command = shell('cat >/dev/null', { stdin: byteSource(10 * MB) });
            output(await hosts.run(at, command, { onSent: (bytes) => sent.set(at.id, bytes) }));
            least ||= Math.min(...sent.values());
          }),
        ),
      );
      await hosts.dispose();
      return { seconds: ms / 1000, least };
    };
    const free = await send(undefined);
    const limited = await send(5 * MB);
    expect((20 * MB) / limited.seconds).toBeLessThan(1.2 * 5 * MB);
    // What the machine needs anyway is not the limit's.
    expect((20 * MB) / (limited.seconds - free.seconds)).toBeGreaterThan(0.8 * 5 * MB);
    expect(limited.least).toBeGreaterThan(8 * MB);
  } finally {
    await place.close();
  }
});
