import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { engineLab, stepIds } from './engineLab';

const OWED = '/var/lib/k3s-ha/hooks/apply';

it('hooks arrive on simulated hosts, which say that they execute nothing, and none is left to be run', async () => {
  const them = await engineLab((text) => `${text}hooks: [{ when: after apply, run: ./after.sh }]\n`);
  writeFileSync(join(them.folder, 'after.sh'), '#!/bin/sh\nexit 1\n');
  const lines: string[] = [];
  const report = await them.run(await them.plan(), (event) => {
    if (event.type === 'output' && event.line.includes('the hook')) lines.push(`${event.node}: ${event.line}`);
  });
  expect(report).toMatchObject({ result: 'done', problems: [] });
  const all = ['agent-1', 'agent-2', 'server-1', 'server-2', 'server-3'];
  expect(lines.sort()).toEqual(
    all.map((id) => `${id}: This host is simulated: the hook (17 bytes) has arrived, and nothing of it was executed.`),
  );
  expect(all.map((id) => them.fleet.inspect(id).file(OWED)?.content)).toEqual(all.map(() => ''));
  expect(stepIds(await them.plan())).toEqual([]);
});
