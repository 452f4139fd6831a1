import { describe, expect, it } from 'vitest';
import { oneMoreServer, zoneChoices } from '../../../src/core/authoring/zoneChoices';
import { fileState, TEXT } from '../views/states';

const zoned = fileState(
  TEXT.replace('name: server-1}', 'name: server-1, zone: rack-a}')
    .replace('name: server-2}', 'name: server-2, zone: rack-a}')
    .replace('name: server-3}', 'name: server-3, zone: rack-b}')
    .replace('name: "agent-[1-4]"}', 'name: "agent-[1-4]", zone: rack-b}'),
).cluster;

describe('where a new machine stands', () => {
  it('is offered first where the fewest of its kind are', () => {
    expect(zoneChoices(zoned, 'server')).toEqual([
      { zone: 'rack-b', words: '1 server, 4 agents' },
      { zone: 'rack-a', words: '2 servers, 0 agents' },
    ]);
    expect(zoneChoices(zoned, 'agent').map(({ zone }) => zone)).toEqual(['rack-a', 'rack-b']);
  });

  it('comes with what a fourth server is worth, and nothing where one more helps', () => {
    expect(oneMoreServer(zoned)).toBe('With 4 servers no more may fail than with 3: 1.');
    const two = { ...zoned, servers: zoned.servers.slice(0, 2) };
    expect(oneMoreServer(two)).toBeUndefined();
    expect(oneMoreServer({ ...zoned, datastore: { ...zoned.datastore, type: 'mysql' } })).toBeUndefined();
  });
});
