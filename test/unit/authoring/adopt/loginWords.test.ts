import { describe, expect, it } from 'vitest';
import { readLogin } from '../../../../src/core/authoring/adopt/loginWords';

describe('a server as people write it for ssh', () => {
  it.each([
    ['10.0.0.11', '10.0.0.11', {}],
    [' ops@server-1.example.net ', 'server-1.example.net', { user: 'ops' }],
    ['ops@10.0.0.11:2222', '10.0.0.11', { user: 'ops', port: 2222 }],
    ['fd00::11', 'fd00::11', {}],
    ['ops@[fd00::11]:2222', 'fd00::11', { user: 'ops', port: 2222 }],
  ])('%s', (text, host, login) => {
    expect(readLogin(text)).toEqual({ ok: true, value: { host, login } });
  });

  it.each(['', '-oProxyCommand=x', 'a b', 'ops@', 'ops@host:0', 'ops@host:99999', '10.0.0.[11-13]'])(
    'not %s',
    (text) => {
      expect(readLogin(text).ok).toBe(false);
    },
  );
});
