import { describe, expect, it } from 'vitest';
import { nodeReports } from '../../../src/core/remote/nodeReports';

const { parse } = nodeReports();

describe('the last reports of kubelets', () => {
  it('are read with the time of the server; a node that never reported has none', () => {
    const stdout = '1790000100\nserver-1   2026-09-21T14:13:20.123456Z\nagent-1    <none>\n';
    expect(parse({ stdout, stderr: '', exitCode: 0 })).toEqual({
      ok: true,
      value: { now: 1_790_000_100_000, last: new Map([['server-1', 1_790_000_000_123]]) },
    });
  });

  it('are a failure when kubectl or the clock do not answer', () => {
    expect(parse({ stdout: '1790000100\n', stderr: 'refused', exitCode: 1 })).toMatchObject({
      error: { code: 'reports-unreadable', why: 'refused' },
    });
    expect(parse({ stdout: 'server-1 2026-09-21T14:13:20Z', stderr: '', exitCode: 0 }).ok).toBe(false);
  });
});
