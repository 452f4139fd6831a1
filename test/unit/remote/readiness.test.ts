import { describe, expect, it } from 'vitest';
import { serverReady, type ServerReadiness } from '../../../src/core/remote/readiness';

const failure = (message: string): string =>
  `{"kind":"Status","metadata":{},"status":"Failure","message":"${message}","reason":"ServiceUnavailable","code":503}\n`;

function read(supervisor: readonly [string, number], api: readonly [string, number]): ServerReadiness {
  const part = (name: string, [body, status]: readonly [string, number]): string =>
    status === 0 ? `>>> ${name}\n\n<<< 000\n${body}\n` : `>>> ${name}\n${body}\n<<< ${status}\n`;
  const result = serverReady('/var/lib/rancher/k3s', 6443).parse({
    stdout: part('supervisor', supervisor) + part('api', api),
    stderr: '',
    exitCode: 0,
  });
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

describe('a server', () => {
  it('with an API server is ready when that says so to the administrator', () => {
    expect(read(['ok', 200], ['ok', 200])).toEqual({ ready: true, says: 'ok' });
  });

  it('without an API server is ready when its supervisor is', () => {
    expect(read(['ok', 200], [failure('apiserver disabled'), 503])).toEqual({ ready: true, says: 'ok' });
    expect(read([failure('runtime core not ready'), 503], [failure('apiserver disabled'), 503])).toEqual({
      ready: false,
      says: 'runtime core not ready',
    });
  });

  it.each([
    ['starting', [failure('starting'), 503], [failure('starting'), 503]],
    ['runtime core not ready', [failure('runtime core not ready'), 503], [failure('apiserver not ready'), 503]],
    ['apiserver not ready', ['ok', 200], [failure('apiserver not ready'), 503]],
    ['Unauthorized', ['ok', 200], [failure('Unauthorized'), 401]],
    [
      '[-]etcd failed: reason withheld',
      ['ok', 200],
      ['[+]ping ok\n[-]etcd failed: reason withheld\nreadyz check failed', 500],
    ],
    [
      "curl: (7) Failed to connect to 127.0.0.1 port 6443 after 0 ms: Couldn't connect to server",
      ["curl: (7) Failed to connect to 127.0.0.1 port 6443 after 0 ms: Couldn't connect to server", 0],
      ["curl: (7) Failed to connect to 127.0.0.1 port 6443 after 0 ms: Couldn't connect to server", 0],
    ],
  ] as const)('that is not ready says "%s"', (says, supervisor, api) => {
    expect(read(supervisor, api)).toEqual({ ready: false, says });
  });
});
