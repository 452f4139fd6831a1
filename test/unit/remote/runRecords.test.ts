import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepRunRecord, readRunRecords } from '../../../src/core/remote/runRecords';
import { shellHost, type ShellHost } from '../../support/shellHost';

describe.each(['/bin/dash', '/bin/bash'])('records of runs on a host under %s', (shell) => {
  let host: ShellHost;
  beforeEach(() => {
    host = shellHost(shell);
  });
  afterEach(() => host.remove());

  const folder = (): string => join(host.folder, 'state/runs');
  const keep = async (id: string, text: string): Promise<boolean> => {
    const command = keepRunRecord(id, text);
    return command.parse(await host.run(command)).ok;
  };
  const read = async (): Promise<readonly string[]> => {
    const command = readRunRecords();
    const texts = command.parse(await host.run(command));
    if (!texts.ok) throw new Error(texts.error.message);
    return texts.value;
  };

  it('come back newest first, the last word of each run, for root alone', async () => {
    expect(await read()).toEqual([]);
    expect(await keep('20261101T1-a', '{"b": "begun \\" $(id)"}')).toBe(true);
    expect(await keep('20261102T1-a', '{"b": 2}')).toBe(true);
    expect(await keep('20261101T1-a', '{"b": "ended"}')).toBe(true);
    expect(await read()).toEqual(['{"b": 2}', '{"b": "ended"}']);
    expect(statSync(join(folder(), '20261102T1-a.json')).mode & 0o077).toBe(0);
  });

  it('are fifty, the oldest go', async () => {
    mkdirSync(folder(), { recursive: true });
    for (let i = 0; i < 60; i += 1) writeFileSync(join(folder(), `20261101T${100 + i}-a.json`), String(i));
    expect(await keep('20261101T999-a', 'last')).toBe(true);
    const texts = await read();
    expect([texts.length, texts[0], texts.at(-1)]).toEqual([50, 'last', '11']);
  });

  it('are read up to a megabyte', async () => {
    mkdirSync(folder(), { recursive: true });
    for (let i = 0; i < 30; i += 1)
      writeFileSync(join(folder(), `20261101T${100 + i}-a.json`), `${'x'.repeat(60_000)}\n`);
    expect((await read()).length).toBe(17);
  });

  it('that cannot be kept are told with the reason', async () => {
    writeFileSync(join(host.folder, 'state'), 'a file where the folder should be');
    const command = keepRunRecord('20261101T1-a', '{}');
    expect(command.parse(await host.run(command))).toMatchObject({
      ok: false,
      error: { code: 'record-not-kept', why: expect.stringMatching(/director/) as string },
    });
    expect(readdirSync(host.folder)).not.toContain('runs');
  });
});
