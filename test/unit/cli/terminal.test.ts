import { describe, expect, it } from 'vitest';
import { showsColor, terminalWidth, type Stream } from '../../../src/cli/terminal';
import { wrapped } from '../../../src/cli/wrap';

const stream = (isTTY: boolean, columns = 80): Stream => ({ isTTY, columns });

describe('the terminal', () => {
  it.each<[boolean, Record<string, string>, boolean]>([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [true, { TERM: 'dumb' }, false],
    [false, { FORCE_COLOR: '1' }, true],
    [false, { FORCE_COLOR: '' }, true],
    [false, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
    [true, { FORCE_COLOR: '0' }, false],
    [true, { FORCE_COLOR: 'false' }, false],
  ])('a stream (terminal: %s) with %j has colors: %s', (isTTY, env, colors) => {
    expect(showsColor(stream(isTTY), env)).toBe(colors);
  });

  it('has a width that is respected; what is none is not broken into lines', () => {
    expect(terminalWidth(stream(true, 60))).toBe(60);
    expect(terminalWidth(stream(true, 10))).toBe(40);
    expect(terminalWidth(stream(true, 0))).toBeUndefined();
    expect(terminalWidth(stream(false, 60))).toBeUndefined();
  });

  it('gets lines that fit, hang behind their first one, and never break a word', () => {
    expect(wrapped('  -a  one two three', 6, 14)).toEqual(['  -a  one two', '      three']);
    expect(wrapped('a-word-that-is-longer than', 2, 10)).toEqual(['a-word-that-is-longer', '  than']);
    expect(wrapped('', 2, 10)).toEqual(['']);
  });
});
