import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../../src/adapters/system/clock';
import { fileRunLog, unfinishedNotes, unfinishedSteps } from '../../../../src/engine/run/runLog';
import type { Files, Log } from '../../../../src/engine/ports';

function memory(fail = false): { files: Files; lines: string[]; log: Log; warnings: string[] } {
  const lines: string[] = [];
  const warnings: string[] = [];
  const silent = (): void => undefined;
  const files: Files = {
    read: async () => lines.join('\n'),
    readEnd: async () => lines.join('\n'),
    writeAtomic: async () => undefined,
    tighten: async () => undefined,
    appendLine: async (_, line) => {
      if (fail) throw new Error('ENOSPC: no space left on device');
      lines.push(line);
    },
    withLock: (_, work) => work(),
  };
  return {
    files,
    lines,
    warnings,
    log: { trace: silent, debug: silent, info: silent, warn: (message) => warnings.push(message), error: silent },
  };
}

describe('the run log', () => {
  it('remembers the steps of the last run whose outcome is not known', async () => {
    const { files, lines, log } = memory();
    const older = fileRunLog(files, systemClock, log, '/runs.jsonl', 'run 1');
    await older.write({ event: 'step', step: 'install:server-1', state: 'running' });
    const newer = fileRunLog(files, systemClock, log, '/runs.jsonl', 'run 2');
    await newer.write({ event: 'step', step: 'install:server-1', state: 'running' });
    await newer.write({ event: 'step', step: 'install:server-1', state: 'done' });
    await newer.write({ event: 'step', step: 'start:server-1', state: 'running' });
    await newer.write({ event: 'step', step: 'install:agent-1', state: 'unknown' });
    expect(unfinishedSteps(lines.join('\n'))).toEqual(['start:server-1', 'install:agent-1']);
  });

  it('survives a line that a crash has cut off', async () => {
    const { files, lines, log } = memory();
    await fileRunLog(files, systemClock, log, '/runs.jsonl', 'run').write({
      event: 'step',
      step: 'start:server-1',
      state: 'running',
    });
    expect(unfinishedSteps(`${lines.join('\n')}\n{"at":"2026-`)).toEqual(['start:server-1']);
  });

  it('does not stop a run when the disk is full, and says so once', async () => {
    const { files, log, warnings } = memory(true);
    const newer = fileRunLog(files, systemClock, log, '/runs.jsonl', 'run');
    await newer.write({ event: 'run-start' });
    await newer.write({ event: 'run-end' });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('ENOSPC');
  });

  it('tells the next plan what the last run left open, and nothing of one that ended', async () => {
    const { files, log } = memory();
    const notes = (): Promise<string[]> => unfinishedNotes(files, '/runs.jsonl');
    expect(await notes()).toEqual([]);
    const run = fileRunLog(files, systemClock, log, '/runs.jsonl', 'run 1');
    await run.write({ event: 'step', step: 'start:server-1', state: 'running' });
    await run.write({ event: 'step', step: 'install:agent-1', state: 'running' });
    expect(await notes()).toEqual([
      'The last run ended before these steps were known to be done: start:server-1, install:agent-1. The hosts have been examined again; this plan finishes the job.',
    ]);
    await run.write({ event: 'step', step: 'start:server-1', state: 'failed' });
    await run.write({ event: 'step', step: 'install:agent-1', state: 'done' });
    await run.write({ event: 'run-end', summary: 'failed' });
    expect(await notes()).toEqual([]);
  });

  it('of a computer without one tells nothing', async () => {
    expect(await unfinishedNotes({ readEnd: async () => undefined }, '/runs.jsonl')).toEqual([]);
  });
});
