import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FORMER_TOKENS_PATH } from '../../src/core/k3s/paths';
import type { RunEvent } from '../../src/core/plan/events';
import type { Wanted } from '../../src/engine/operations/operation';
import { operationById } from '../../src/engine/operations/registry';
import { engineLab, type EngineLab } from './engineLab';

const CONFIG = '/etc/rancher/k3s/config.yaml';
const ALL = ['server-1', 'server-2', 'server-3', 'agent-1', 'agent-2'];
const rotation = (): Wanted => ({ operation: operationById('rotate-token'), intent: {} });
const NEW = 'f00dfeedf00dfeedf00dfeedf00dfeed';

/** A cluster that runs with a token, and a file that names another one. */
async function running(): Promise<{ readonly lab: EngineLab; readonly old: string }> {
  const lab = await engineLab();
  expect((await lab.run(await lab.plan())).problems).toEqual([]);
  const file = join(lab.folder, '.practice', 'token');
  const old = readFileSync(file, 'utf8').trim();
  writeFileSync(file, `${NEW}\n`, { mode: 0o600 });
  return { lab, old };
}

const tokenIn = ({ fleet }: EngineLab, id: string): string =>
  /^token: (?:K10[0-9a-f]+::(?:server|node):)?(\S+)$/m.exec(fleet.inspect(id).file(CONFIG)?.content ?? '')?.[1] ?? '';

describe('rotating the token on the practice fleet', () => {
  it('N25: takes every machine to the new one, and says neither of them anywhere', async () => {
    const { lab, old } = await running();
    const provisioning = await lab.plan();
    expect(provisioning.plan.problems[0]).toMatchObject({
      code: 'immutable-changed',
      nextSteps: [expect.stringContaining('Rotate Token') as string],
    });
    const prepared = await lab.plan(rotation());
    expect(prepared.plan.problems).toEqual([]);
    const events: RunEvent[] = [];
    const report = await lab.run(prepared, (event) => events.push(event));
    expect(report.problems).toEqual([]);
    expect(report.result).toBe('done');
    expect(ALL.map((id) => tokenIn(lab, id))).toEqual(ALL.map(() => NEW));
    expect(lab.fleet.inspect('server-1').file(FORMER_TOKENS_PATH)).toMatchObject({
      content: expect.stringMatching(new RegExp(`^\\S+Z ${old}\\n$`)) as string,
      mode: 0o600,
    });
    expect((await lab.plan()).plan).toMatchObject({ problems: [], steps: [] });
    expect((await lab.plan(rotation())).plan.problems).toMatchObject([{ code: 'token-unchanged' }]);
    for (const told of [JSON.stringify(prepared.plan), JSON.stringify(events), lab.logged.join('\n')])
      for (const token of [old, NEW]) expect(told).not.toContain(token);
  });

  it.each(['rotate-token:server-1', 'write-config:server-2', 'restart:server-1', 'restart:agent-1'])(
    'finishes by the same command what was cancelled after %s',
    async (step) => {
      const { lab } = await running();
      const cancel = new AbortController();
      const cut = await lab.run(
        await lab.plan(rotation()),
        (event) => {
          if (event.type === 'step' && event.step === step && event.state === 'done') cancel.abort();
        },
        cancel.signal,
      );
      expect(cut.result).toBe('cancelled');
      const rest = await lab.plan(rotation());
      expect(rest.plan.problems).toEqual([]);
      expect(rest.plan.steps[0]?.says.title).toBe('See that the cluster has its new token for good');
      expect(rest.plan.notes.join('\n')).toContain('has its new token already');
      expect((await lab.run(rest)).problems).toEqual([]);
      expect(ALL.map((id) => tokenIn(lab, id))).toEqual(ALL.map(() => NEW));
      expect((await lab.plan()).plan).toMatchObject({ problems: [], steps: [] });
    },
  );

  it('touches nothing while a server is away, with a token of agents, or with other changes in the file', async () => {
    const { lab } = await running();
    await lab.fleet.powerOff('server-2');
    expect((await lab.plan(rotation())).plan.problems).toMatchObject([{ code: 'server-absent', host: 'server-2' }]);
    await lab.fleet.powerOn('server-2');
    await expect.poll(async () => (await lab.plan(rotation())).plan.problems, { timeout: 60_000 }).toEqual([]);
    writeFileSync(join(lab.folder, '.practice', 'token'), 'abcdef.0123456789abcdef\n', { mode: 0o600 });
    expect((await lab.plan(rotation())).plan.problems).toMatchObject([{ code: 'token-unusable' }]);
    writeFileSync(join(lab.folder, '.practice', 'token'), `${NEW}\n`, { mode: 0o600 });
    lab.cluster = {
      ...lab.cluster,
      agents: lab.cluster.agents.map((agent) => ({ ...agent, config: { ...agent.config, debug: true } })),
    };
    expect((await lab.plan(rotation())).plan.problems).toMatchObject([{ code: 'provision-first' }]);
  });
});
