import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delayCron, parseCron } from '../../../src/core/k3s/cron';

function schedule(text: string) {
  const parsed = parseCron(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.error}`);
  return parsed.value;
}

describe('snapshot schedules', () => {
  it.each([
    ['0 */12 * * *', [0]],
    ['*/15 * * * *', [0, 15, 30, 45]],
    ['5-59/20 3 * * *', [5, 25, 45]],
    ['50/5 * * * *', [50, 55]],
    ['1,31,1 0 1 JAN-mar sun,6', [1, 31]],
    ['  0   3 * * ?  ', [0]],
    ['@daily', [0]],
    ['@hourly', [0]],
    ['CRON_TZ=Europe/Berlin 30 2 * * *', [30]],
    ['TZ=UTC @weekly', [0]],
  ])('%j fires at the minutes %j', (text, minutes) => {
    expect(schedule(text).minutes).toEqual(minutes);
  });

  it.each(['@every 6h', '@every 1h30m', '@every 0.5h', 'CRON_TZ=UTC @every 90s'])(
    '%j has no minute of its own',
    (text) => {
      expect(schedule(text).minutes).toBeUndefined();
    },
  );

  it.each([
    ['', 'has 0'],
    ['0 0 */6 * * *', 'has 6'],
    ['* * * *', 'has 4'],
    ['60 * * * *', 'outside 0 to 59 (minute)'],
    ['0 24 * * *', 'outside 0 to 23 (hour)'],
    ['0 0 0 * *', 'outside 1 to 31 (day of the month)'],
    ['0 0 * 13 *', 'outside 1 to 12 (month)'],
    ['0 0 * * 7', 'outside 0 to 6 (day of the week)'],
    ['*/0 * * * *', 'the step 0'],
    ['*/x * * * *', 'a step that is not a number'],
    ['30-10 * * * *', 'begins after its end'],
    ['1-2-3 * * * *', 'not a number, a range or a step'],
    ['-5 * * * *', 'not a number'],
    ['0 0 * foo *', 'not a number'],
    ['@sometimes', '@hourly'],
    ['@Daily', '@hourly'],
    ['@every', '@hourly'],
    ['@every 6 hours', 'not a duration'],
    ['@every 6', 'not a duration'],
    ['CRON_TZ=UTC', 'nothing after the time zone'],
  ])('%j is refused: %s', (text, reason) => {
    const parsed = parseCron(text);
    expect(parsed.ok ? 'accepted' : parsed.error).toContain(reason);
  });

  it('are read without harm whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        parseCron(text);
      }),
      { seed: 7 },
    );
  });
});

describe('a later schedule', () => {
  it.each([
    ['0 */12 * * *', 10, '10 */12 * * *'],
    ['55 3 * * *', 10, '5 3 * * *'],
    ['*/15 * * * *', 5, '5-59/15 * * * *'],
    ['*/15 * * * *', 20, '5-59/15 * * * *'],
    ['CRON_TZ=UTC 0 3 * * *', 7, 'CRON_TZ=UTC 7 3 * * *'],
    ['@daily', 5, '5 0 * * *'],
  ])('%j, %i minutes later, is %j', (text, minutes, later) => {
    expect(delayCron(schedule(text), minutes)).toBe(later);
    expect(parseCron(later).ok).toBe(true);
  });

  it.each(['0,30 * * * *', '@every 6h', '10-20 * * * *'])('%j cannot be moved by its minute alone', (text) => {
    expect(delayCron(schedule(text), 5)).toBeUndefined();
  });
});
