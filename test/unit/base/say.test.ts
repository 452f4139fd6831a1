import { afterEach, describe, expect, it } from 'vitest';
import { later, said, say, speak } from '../../../src/core/base/say';
import { count, listed } from '../../../src/core/base/words';
import { problem } from '../../../src/core/base/problem';
import { problemSentence } from '../../../src/core/base/problemSentence';

const GERMAN = new Map([
  ['{0} lacks {1}', '{1} fehlt auf {0}'],
  ['Too late', 'Zu spät'],
  ['{0} servers', '{0} Server'],
  ['{0} and {1}', '{0} und {1}'],
  [', ', ', '],
  ['{0} more', '{0} weitere'],
  ['{0}.', '{0}。'],
  [' ', ''],
]);
const TABLE = later`Too late`;

afterEach(() => speak(undefined));

describe('what is said', () => {
  it('is English without a catalogue', () => {
    expect(say`${'server-1'} lacks ${2}`).toBe('server-1 lacks 2');
    expect([count(1, 'server'), count(2, 'server')]).toEqual(['1 server', '2 servers']);
  });

  it('has its values where the other language wants them', () => {
    speak(GERMAN);
    expect(say`${'server-1'} lacks ${'{0}'}`).toBe('{0} fehlt auf server-1');
    expect([count(1, 'server'), count(2, 'server')]).toEqual(['1 Server', '2 Server']);
    expect(listed(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c und 2 weitere');
  });

  it('stays English where the catalogue lacks it', () => {
    speak(GERMAN);
    expect(say`${1} of ${2}`).toBe('1 of 2');
    expect(said('constructor')).toBe('constructor');
  });

  it('is looked up when it is shown, where it stands in a table', () => {
    expect(said(TABLE)).toBe('Too late');
    speak(GERMAN);
    expect(said(TABLE)).toBe('Zu spät');
  });

  it('ends as sentences of the language end, once', () => {
    speak(GERMAN);
    expect(problemSentence(problem('x', '无法连接。', { why: '超时' }))).toBe('无法连接。超时。');
  });
});
