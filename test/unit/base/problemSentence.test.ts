import { describe, expect, it } from 'vitest';
import { problem, type Problem } from '../../../src/core/base/problem';
import { problemSentence } from '../../../src/core/base/problemSentence';

describe('a problem as sentences', () => {
  it.each<readonly [string, Problem, string]>([
    [
      'parts that end in a full stop or do not',
      problem('p', 'Nothing listens on port 2222 of 127.77.0.12.', {
        why: 'The connection was refused.',
        nextSteps: ['Check the port.', 'Check the cable.'],
      }),
      'Nothing listens on port 2222 of 127.77.0.12. The connection was refused. Check the port.',
    ],
    [
      'a cause in the words of a library',
      problem('p', 'The API at https://10.0.0.1:6443 closed the connection.:', { why: 'read ECONNRESET' }),
      'The API at https://10.0.0.1:6443 closed the connection. Read ECONNRESET.',
    ],
    [
      'the host, when the message does not name it',
      problem('p', 'the disk is full', { host: 'server-1' }),
      'server-1: the disk is full.',
    ],
    [
      'the host once',
      problem('p', 'The disk of server-1 is full', { host: 'server-1' }),
      'The disk of server-1 is full.',
    ],
    [
      'a cause that only repeats',
      problem('p', 'The connection was refused', { why: 'connection was refused.' }),
      'The connection was refused.',
    ],
    ['a question', problem('p', 'Is it on?'), 'Is it on?'],
  ])('%s', (_name, given, expected) => {
    expect(problemSentence(given)).toBe(expected);
  });

  it('never ends a sentence twice, whatever its parts end in', () => {
    for (const end of ['', '.', ' .', ':', '.)', '?', '…', '.\n'])
      for (const why of ['it is so', 'It is so.', 'x (it is so.)'])
        expect(problemSentence(problem('p', `A${end}`, { why, nextSteps: [`Do it${end}`] }))).not.toMatch(
          /[.:?…]\s*[.:]|\s\.|\.\)\./,
        );
  });
});
