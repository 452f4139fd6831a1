import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { problem } from '../../../src/core/base/problem';
import { probe, PROBE_SCRIPT, TOPICS, type HostFacts } from '../../../src/core/facts/probe';
import type { FactTopic } from '../../../src/core/facts/topic';
import { createDraft } from '../../../src/core/plan/draft';
import { planText } from '../../../src/core/plan/planText';
import type { Operation } from '../../../src/engine/operations/operation';
import { clusterOf } from '../../support/cluster';
import { freshFacts, situationOf } from '../../support/plans';
import { probeText } from '../../support/scriptedHosts';
import { shellHost, type ShellHost } from '../../support/shellHost';

// What "How to add a fact" in docs/architecture.md tells, done once: a topic and its place among the others.

interface SwapTopic {
  readonly swapKiB: number;
  /** Devices and files that the host swaps to. */
  readonly swapPlaces: readonly string[];
}

const swapFacts: FactTopic<SwapTopic> = {
  name: 'swap',
  script: `put swap_kib "$(awk '/^SwapTotal:/ {print $2}' /proc/meminfo)"
put swap_places "$(awk 'NR > 1 {printf "%s ", $1}' /proc/swaps)"
`,
  read: (values) => ({ swapKiB: values.number('swap_kib'), swapPlaces: values.words('swap_places') }),
};

const ALL = [...TOPICS, swapFacts] as const;
type Facts = HostFacts & SwapTopic;

/** An operation that lets nobody begin on a machine that swaps. */
const checkSwap: Operation<object> = {
  id: 'check-swap',
  title: 'Check Swap',
  asks: 'plan',
  plan({ facts }, _, draft) {
    for (const [host, seen] of facts) {
      const { swapKiB, swapPlaces } = seen as Facts;
      if (swapKiB > 0) draft.refuse(problem('host-swaps', `It swaps to ${swapPlaces.join(' and ')}`, { host }));
    }
  },
};

const cluster = clusterOf({ servers: 1, agents: 1 });

function planOf(facts: ReadonlyMap<string, HostFacts>): string {
  const draft = createDraft();
  checkSwap.plan(situationOf(cluster, facts), {}, draft);
  const { steps, problems, notes } = draft;
  return planText({ clusterName: 'edge', machines: [], steps, problems, notes });
}

describe.each(['/bin/dash', '/bin/bash'])('a fact that is added, asked under %s', (shell) => {
  let host: ShellHost;
  beforeEach(() => {
    host = shellHost(shell);
  });
  afterEach(() => host.remove());

  async function look(meminfo: string, swaps: string): Promise<Facts> {
    host.program('awk', `case "$1" in *SwapTotal*) ${meminfo};; *NR*) ${swaps};; *) exec /usr/bin/awk "$@";; esac`);
    const command = probe(host.folder, [], ALL);
    const read = command.parse(await host.run(command));
    if (!read.ok) throw new Error(read.error.message);
    return read.value;
  }

  it('comes with the one round trip, beside all others', async () => {
    const facts = await look('echo 2097148', `printf '/dev/sda2 /swapfile '`);
    expect(facts).toMatchObject({ swapKiB: 2_097_148, swapPlaces: ['/dev/sda2', '/swapfile'] });
    expect(facts.arch).not.toBe('');
    expect(facts.cpus).toBeGreaterThan(0);
  });

  it('decides what a plan says', async () => {
    const facts: Map<string, HostFacts> = freshFacts(cluster);
    facts.set('server-1', await look('echo 0', ':'));
    facts.set('agent-1', await look('echo 2097148', `printf '/dev/sda2 /swapfile '`));
    const text = planOf(facts);
    expect(text).toContain('agent-1: It swaps to /dev/sda2 and /swapfile');
    expect(text).not.toContain('server-1');
  });
});

describe('a fact that is added', () => {
  it('is asked for by its own script alone: the usual look does not know it', () => {
    const { script } = probe('/var/lib/rancher/k3s', [], ALL);
    expect(script.text).toContain(swapFacts.script);
    expect(script.text.replace(swapFacts.script, '')).toBe(PROBE_SCRIPT.text);
    expect(probe().script).toBe(PROBE_SCRIPT);
  });

  it('is not read when the host was cut off before the end', () => {
    const whole = probeText({ swap_kib: '4', swap_places: '/swapfile' });
    const read = (stdout: string): unknown =>
      probe('/data', [], ALL).parse({ stdout, stderr: 'Connection closed', exitCode: 0 });
    expect(read(whole)).toMatchObject({ ok: true, value: { swapKiB: 4 } });
    expect(read(whole.replace('end=yes', ''))).toMatchObject({ ok: false, error: { code: 'probe-failed' } });
  });
});
