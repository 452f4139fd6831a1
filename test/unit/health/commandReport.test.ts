import { describe, expect, it } from 'vitest';
import { problem } from '../../../src/core/base/problem';
import { commandReport } from '../../../src/core/health/commandReport';

describe('what machines have said to a command', () => {
  it('stands together where it is the same, with what went wrong and what was not kept', () => {
    const answer = (id: string, exitCode: number, ...lines: string[]) => ({ id, exitCode, lines, dropped: 0 });
    const text = commandReport([
      answer('server-1', 0, 'up 3 days'),
      answer('agent-1', 2, 'no such thing'),
      answer('server-2', 0, 'up 3 days'),
      answer('agent-2', 0),
      { id: 'agent-3', lines: ['a'], dropped: 7, problem: problem('connection-lost', 'agent-3 went away') },
    ]);
    expect(text).toBe(
      [
        '## server-1, server-2\n  up 3 days',
        '## agent-1\n  no such thing\nexit status 2',
        '## agent-2\n  (nothing)',
        '## agent-3\n  a\n  … 7 more lines, not kept\nagent-3 went away',
      ].join('\n\n'),
    );
  });
});
