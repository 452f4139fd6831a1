import { describe, expect, it } from 'vitest';
import { problem } from '../../../src/core/base/problem';
import { drillPart, partName, usualParts } from '../../../src/core/drill/drillPart';
import { differencesOf, type Predicted, type Seen } from '../../../src/core/drill/drillReport';
import { drillText } from '../../../src/core/drill/drillText';
import { reportOf } from '../../../src/core/drill/reportOf';
import type { Plan } from '../../../src/core/plan/plan';
import { clusterOf } from '../../support/cluster';

const cluster = clusterOf({ servers: 3, agents: 2 });
const seen = (more: Partial<Seen> = {}): Seen => ({
  api: { asked: 300, failed: 2, longestMs: 400 },
  awayMs: 40_000,
  back: true,
  ...more,
});
const predicted: Predicted = {
  api: { outcome: 'yes', reason: 'It goes on.' },
  quorum: { alive: 2, members: 3, needed: 2 },
  stops: ['shop/db'],
};

describe('the parts of a drill', () => {
  it('are K3s on every server and one agent unless somebody says otherwise', () => {
    expect(usualParts(cluster)).toEqual(['k3s:server-1', 'k3s:server-2', 'k3s:server-3', 'k3s:agent-1']);
  });

  it('are called by node, or by what is done to it; what cannot be done is refused with what can', () => {
    const named = (name: string): string => {
      const part = drillPart(cluster, name);
      return part.ok ? partName(part.value) : part.error.message;
    };
    expect(['server-2', 'link:agent-1', 'reboot:server-1'].map(named)).toEqual([
      'k3s:server-2',
      'link:agent-1',
      'reboot:server-1',
    ]);
    expect(named('balancer:server-1')).toBe('A drill of this cluster cannot take "balancer:server-1" away');
    expect(named('fire:server-1')).toContain('cannot take');
  });
});

describe('what was predicted and what was seen', () => {
  it('do not differ for a gap that an election explains', () => {
    const stopped = { quorum: { alive: 2, members: 3 }, stopped: ['shop/db'] };
    expect(differencesOf(predicted, seen(stopped))).toEqual([]);
  });

  it.each([
    [{ api: { asked: 300, failed: 200, longestMs: 20_000 } }, 'The API was to go on, and was away for 20.0 s.'],
    [{ quorum: { alive: 1, members: 3 } }, '2 voting members were to be left, and 1 answered.'],
    [{ dns: { asked: 30, failed: 30, longestMs: 30_000 } }, 'The cluster DNS was silent for 30.0 s.'],
    [{ stopped: ['shop/db', 'shop/web'] }, 'Nothing was left of shop/web, which was to go on.'],
    [{ stopped: [] }, 'shop/db was to stop, and something of it was Ready at the end.'],
    [{ back: false }, 'It was not seen to be back: look at it.'],
  ])('differ: %j', (more, words) => {
    expect(differencesOf(predicted, seen(more))).toEqual([words]);
  });

  it('stand side by side in the report, as text and as data', () => {
    const steps = ['k3s:server-2', 'link:agent-1'].map((part) => ({ kind: 'take-away', input: { part, seconds: 30 } }));
    const report = reportOf({
      cluster,
      plan: { steps } as unknown as Plan,
      run: { result: 'failed', problems: [problem('drill-surprise', 'agent-2 is | gone')] },
      began: '2026-11-28T01:00:00.000Z',
      ended: '2026-11-28T01:02:00.000Z',
      address: 'https://10.0.0.100:6443',
      everyMs: 100,
      simulated: false,
      seen: (part) =>
        part === 'k3s:server-2'
          ? {
              ...seen({
                quorum: { alive: 2, members: 3 },
                dns: { notAsked: 'no pod runs there' },
                moved: ['shop/web-1'],
              }),
              stops: [],
            }
          : undefined,
    });
    expect(report.parts.map(({ part, taken, differences }) => ({ part, taken, differences }))).toEqual([
      { part: 'k3s:server-2', taken: true, differences: [] },
      { part: 'link:agent-1', taken: false, differences: [] },
    ]);
    const text = drillText(report);
    expect(text).toContain('| K3s on server-2 stopped | 0.4 s | 2 of 300 | not asked | 2 of 3 | 1 | yes |');
    expect(text).toContain('| the network of agent-1 cut | – |');
    expect(text).toContain('- agent-2 is \\| gone');
    expect(text).toContain('The cluster DNS was not asked from a pod: no pod runs there.');
  });
});
