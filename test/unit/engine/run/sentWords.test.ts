import { expect, it } from 'vitest';
import { sentWords } from '../../../../src/engine/run/sentWords';

it('a large file that is sent says how far it is, how fast, and how long the rest takes', () => {
  const told: string[] = [];
  let now = 0;
  const onSent = sentWords((message) => told.push(message), { now: () => now });
  onSent(0, 90e6);
  now = 3000;
  onSent(30e6, 90e6);
  onSent(30.1e6, 90e6);
  now = 9000;
  onSent(90e6, 90e6);
  expect(told).toEqual(['0.0 MB of 90 MB sent', '30 MB of 90 MB sent, 10 MB/s, 6 s left', '90 MB of 90 MB sent']);
});
