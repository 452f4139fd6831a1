import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  livenessOf,
  NOTHING_NOTICED,
  noticed,
  silenceForgotten,
  type Liveness,
  type Noticings,
  type Reached,
  type Sign,
} from '../../../src/core/health/liveness';

const asked = (machine: string, seconds: number, reached: Reached, by?: string): Sign => ({
  kind: 'asked',
  machine,
  at: seconds * 1000,
  reached,
  ...(by === undefined ? {} : { by }),
});
const readiness = (machine: string, seconds: number, ready: boolean, why?: string): Sign => ({
  kind: 'readiness',
  machine,
  at: seconds * 1000,
  ready,
  ...(why === undefined ? {} : { why }),
});
const after = (signs: readonly Sign[], from: Noticings = NOTHING_NOTICED): Noticings => signs.reduce(noticed, from);
const judged = (signs: readonly Sign[], seconds: number, elects = true): Liveness =>
  livenessOf(after(signs), seconds * 1000, elects);
const WELL: readonly Sign[] = ['h1', 'h2', 'h3'].flatMap((id) => [asked(id, 0, 'answers'), readiness(id, 0, true)]);

describe('a machine', () => {
  it('is not dead because one answer was lost', () => {
    const signs = [...WELL, asked('h3', 1, 'silent')];
    expect(judged(signs, 2).machines.get('h3')).toBeUndefined();
    expect(judged([...signs, asked('h3', 2, 'answers')], 3).machines.get('h3')?.state).toBe('up');
  });

  it('is dead when neither this computer nor another server gets an answer, and since the first one that did not come', () => {
    const signs = [...WELL, asked('h3', 1, 'silent'), asked('h3', 1.9, 'silent'), asked('h3', 1.9, 'silent', 'h1')];
    expect(judged(signs, 5).machines.get('h3')).toEqual({
      state: 'down',
      since: 1000,
      lasting: '4 s',
      words: 'down: answers neither this computer nor h1 since 4 s',
      why: 'answers neither this computer nor h1',
    });
  });

  it('is dead at once where the connection is refused: it is there, and K3s is not', () => {
    expect(judged([...WELL, asked('h3', 1, 'refused')], 3).machines.get('h3')?.words).toBe(
      'down: K3s does not answer since 2 s (connection refused)',
    );
  });

  it('that answers another server is cut off from this computer and not dead', () => {
    const signs = [...WELL, asked('h3', 1, 'silent'), asked('h3', 1.9, 'silent'), asked('h3', 1.9, 'answers', 'h1')];
    expect(judged(signs, 4).machines.get('h3')).toMatchObject({
      state: 'cut-off',
      words: 'cut off from this computer since 3 s; it answers h1',
    });
  });

  it('that this computer could never reach lives as long as it answers a server, and dies when it does not', () => {
    const far = [...WELL, asked('a1', 0, 'silent'), asked('a1', 1, 'silent'), asked('a1', 1, 'answers', 'h1')];
    expect(judged(far, 2).machines.get('a1')?.state).toBe('up');
    const dead = [...far, asked('a1', 2, 'silent', 'h1'), asked('a1', 3, 'silent', 'h1')];
    expect(judged(dead, 4).machines.get('a1')?.state).toBe('down');
  });

  it('that nobody ever reached is left to Kubernetes', () => {
    const signs = [...WELL, asked('a1', 0, 'refused'), asked('a1', 1, 'silent', 'h1'), asked('a1', 2, 'silent', 'h1')];
    expect(judged(signs, 60).machines.has('a1')).toBe(false);
  });

  it('is back with its first answer', () => {
    const dead = [asked('h3', 1, 'silent'), asked('h3', 1.9, 'silent'), asked('h3', 1.9, 'silent', 'h1')];
    expect(judged([...WELL, ...dead, asked('h3', 90, 'answers')], 91).machines.get('h3')?.state).toBe('up');
  });

  it('that answers with a stranger behind its address names both', () => {
    const taken: Sign = { kind: 'identity', machine: 'h2', at: 1000, address: '10.0.0.12', holder: 'h1' };
    expect(judged([...WELL, taken], 3).machines.get('h2')).toEqual({
      state: 'taken',
      since: 1000,
      lasting: '2 s',
      words: 'cut off: its address 10.0.0.12 is answered by h1 since 2 s',
      why: 'its address 10.0.0.12 is answered by h1',
    });
    const back: Sign = { kind: 'identity', machine: 'h2', at: 4000, address: '10.0.0.12' };
    expect(judged([...WELL, taken, back], 5).machines.get('h2')?.state).toBe('up');
  });

  it('of which one server says that its API is not ready is told with the check that failed', () => {
    const signs = [...WELL, readiness('h3', 1, false, 'etcd'), readiness('h3', 2, false, 'etcd')];
    expect(judged(signs, 4).machines.get('h3')?.words).toBe(
      'not ready: it answers, and its API is not ready since 3 s (etcd)',
    );
    expect(judged(signs, 4).machines.get('h1')?.state).toBe('up');
  });
});

describe('this computer', () => {
  const silence = ['h1', 'h2', 'h3'].flatMap((id) => [asked(id, 1, 'silent'), asked(id, 1.9, 'silent')]);

  it('has lost its own network when nobody answers it any more', () => {
    expect([...judged([...WELL, ...silence], 5).machines.keys()]).toEqual([]);
  });

  it('counts no silence of the time in which it slept', () => {
    const woken = silenceForgotten(after([...WELL, ...silence.slice(0, 2)]));
    expect([...livenessOf(woken, 9_000_000, true).machines.keys()]).toEqual([]);
    const again = after([asked('h1', 9001, 'refused')], woken);
    expect(livenessOf(again, 9_002_000, true).machines.get('h1')?.words).toContain('since 1 s');
  });
});

describe('an election', () => {
  const lost = [
    ...WELL,
    asked('h1', 0.3, 'silent'),
    asked('h1', 1.2, 'silent'),
    ...['h2', 'h3'].flatMap((id) => [readiness(id, 0.5, false), readiness(id, 3.4, false, 'etcd')]),
  ];

  it('is no outage: servers that answer wait for a leader', () => {
    const now = judged(lost, 4);
    expect(now.electing).toBe(true);
    expect(now.machines.get('h1')?.state).toBe('down');
    expect(now.machines.get('h2')).toMatchObject({
      state: 'electing',
      words: 'waiting for a new etcd leader since 3 s',
    });
  });

  it('ends with the first server that is ready', () => {
    expect(judged([...lost, readiness('h2', 7.2, true)], 8).electing).toBe(false);
  });

  it('that lasts longer than 10 s is none, and the servers are not ready', () => {
    const late = judged(lost, 11);
    expect(late.electing).toBe(false);
    expect(late.machines.get('h2')?.words).toBe('not ready: it answers, and its API is not ready since 10 s (etcd)');
  });

  it('is none where servers start, or where the datastore is another', () => {
    const starting = ['h1', 'h2'].flatMap((id) => [
      asked(id, 0, 'answers'),
      readiness(id, 0, false),
      readiness(id, 1, false),
    ]);
    expect(judged(starting, 3).electing).toBe(false);
    expect(judged(lost, 4, false).electing).toBe(false);
  });
});

/** What the recorded questions to port 6443 of the victim, asked from a fourth machine, tell a judge who asks each second. */
function recorded(name: string): readonly Sign[] {
  const text = readFileSync(join(import.meta.dirname, `../../fixtures/k3s/${name}.txt`), 'utf8');
  const lines = [...text.matchAll(/^ *([+-][\d.]+) poll +victimping +(?:(\d{3})|ERR (\w+))/gm)];
  const changes = lines.map(([, at = '', status, error = '']) => ({
    at: Number(at),
    reached: (status === undefined ? (REACHED[error] ?? 'no-route') : 'answers') as Reached,
  }));
  const end = Number([...text.matchAll(/^ *\+([\d.]+) /gm)].at(-1)?.[1]);
  const signs: Sign[] = [];
  for (let second = 0; second < Math.min(end, 60); second += 1) {
    const now = changes.findLast(({ at }) => at <= second);
    for (const id of ['h1', 'h2']) signs.push(asked(id, second, 'answers'));
    if (now !== undefined) signs.push(asked('h3', second, now.reached));
    // The victim is asked again at once, and another server about it.
    if (now !== undefined && now.reached !== 'answers')
      signs.push(asked('h3', second + 0.9, now.reached), asked('h3', second + 0.9, 'silent', 'h1'));
  }
  return signs;
}

const REACHED: Readonly<Record<string, Reached>> = {
  ConnectionResetError: 'closed',
  ConnectionRefusedError: 'refused',
  TimeoutError: 'silent',
};

describe.each(['timeline-stop-k3s', 'timeline-power-off', 'timeline-cable-cut'])('of the recorded %s', (name) => {
  it('the victim is dead within 3 s and stays so, which Kubernetes tells after 46 to 51 s', () => {
    const signs = [...WELL, asked('h3', -1, 'answers'), ...recorded(name)];
    const seen = (second: number): string | undefined =>
      judged(
        signs.filter(({ at }) => at <= second * 1000),
        second,
      ).machines.get('h3')?.state;
    expect(seen(-0.5)).toBe('up');
    for (const second of [3, 5, 10, 20, 40]) expect([second, seen(second)]).toEqual([second, 'down']);
    expect(signs.some(({ machine, at }) => machine === 'h1' && at > 30_000)).toBe(true);
  });
});
