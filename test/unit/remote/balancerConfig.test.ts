import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replaceBalancerConfig } from '../../../src/core/remote/balancerConfig';
import { shellHost, type ShellHost } from '../../support/shellHost';

const PATH = '/etc/haproxy/haproxy.cfg';

/** A unit that takes its configuration when it is started or reloaded, unless that says `broken`; it remembers what it was told. */
const SYSTEMCTL = `echo "$1" >> "$HOST/told"
case $1 in
  show) echo "ActiveState=$(cat "$HOST/active")" ;;
  reload | restart)
    if grep -q broken "$HOST${PATH}"; then
      # HAProxy goes on with the old configuration, and systemd reports success.
      if [ "$1" = restart ]; then echo failed > "$HOST/active"; exit 1; fi
    else
      echo active > "$HOST/active"
      echo "$(($(cat "$HOST/pid") + 1))" > "$HOST/pid"
    fi
    ;;
  stop) echo inactive > "$HOST/active" ;;
esac
exit 0
`;

describe.each(['/bin/dash', '/bin/bash'])('a new configuration of HAProxy under %s', (shell) => {
  let host: ShellHost;
  beforeEach(() => {
    host = shellHost(shell);
    host.program('systemctl', SYSTEMCTL);
    host.program('sleep', 'exit 0');
    host.program(
      'haproxy',
      `if grep -q refused "$3"; then echo "[ALERT] parsing [$3:2] : unknown keyword" >&2; exit 1; fi`,
    );
    host.program('socat', `cat > /dev/null; echo "Name: HAProxy"; echo "Pid: $(cat "$HOST/pid")"`);
    host.program('journalctl', `echo 'Starting'; echo '[ALERT] (7) : cannot bind socket [0.0.0.0:6443]'`);
    host.root(PATH);
    put('active', 'inactive');
    put('pid', '100');
  });
  afterEach(() => host.remove());

  const put = (name: string, text: string): void => writeFileSync(join(host.folder, name), `${text}\n`);
  const read = (path: string): string | undefined =>
    existsSync(join(host.folder, path)) ? readFileSync(join(host.folder, path), 'utf8') : undefined;
  const told = (): string[] =>
    (read('told') ?? '').split('\n').filter((word) => /reload$|start|stop|enable/.test(word));
  const run = async (text: string) => {
    // An argument is a path of the host: it has to lie in the folder of the test.
    const command = replaceBalancerConfig('haproxy', join(host.folder, PATH), '0644', text);
    return command.parse(await host.run(command));
  };

  it('is taken at the first start, enabled for the next boot', async () => {
    expect(await run('first\n')).toEqual({ ok: true, value: undefined });
    expect(read(PATH)).toBe('first\n');
    expect(statSync(join(host.folder, PATH)).mode & 0o777).toBe(0o644);
    expect(told()).toEqual(['daemon-reload', 'enable', 'restart']);
    expect(read('state/balancer-down')).toBe('0\n');
  });

  it('is taken by a reload where HAProxy runs', async () => {
    put('active', 'active');
    host.root(PATH);
    writeFileSync(join(host.folder, PATH), 'old\n');
    expect(await run('new\n')).toEqual({ ok: true, value: undefined });
    expect(told()).toEqual(['daemon-reload', 'enable', 'reload']);
    expect(existsSync(join(host.folder, 'state/haproxy.before'))).toBe(false);
  });

  it('is not even written when HAProxy refuses it', async () => {
    put('active', 'active');
    writeFileSync(join(host.folder, PATH), 'old\n');
    expect(await run('refused\n')).toMatchObject({
      ok: false,
      error: {
        code: 'balancer-config-refused',
        why: expect.stringContaining(`${PATH}:2] : unknown keyword`) as string,
      },
    });
    expect(read(PATH)).toBe('old\n');
    expect(told()).toEqual([]);
  });

  it('goes when the process does not take it although systemd says so, and the old one is back', async () => {
    put('active', 'active');
    writeFileSync(join(host.folder, PATH), 'old\n');
    expect(await run('broken\n')).toMatchObject({
      ok: false,
      error: { code: 'balancer-not-started', why: '[ALERT] (7) : cannot bind socket [0.0.0.0:6443]' },
    });
    expect(read(PATH)).toBe('old\n');
    expect(told()).toEqual(['daemon-reload', 'enable', 'reload', 'daemon-reload', 'enable', 'reload']);
  });

  it('goes when it was the first one, and nothing is left running', async () => {
    expect(await run('broken\n')).toMatchObject({ ok: false, error: { code: 'balancer-not-started' } });
    expect(read(PATH)).toBeUndefined();
    expect(read('active')).toBe('inactive\n');
  });
});

describe.each(['/bin/dash', '/bin/bash'])('a new configuration of nginx under %s', (shell) => {
  let host: ShellHost;
  beforeEach(() => {
    host = shellHost(shell);
    host.program('nginx', '');
    host.program('sleep', 'exit 0');
    // The looks after a reload: the old process alone, beside the new one, and on its way out.
    host.program(
      'systemctl',
      `if [ "$1" = reload ]; then echo 1 > "$HOST/reloaded"; fi
[ "$1" = show ] || exit 0
echo ActiveState=active
[ -f "$HOST/reloaded" ] || exit 0
look=$(cat "$HOST/reloaded")
case $look in
  1) echo 101 ;;
  2) echo '101 102' ;;
  *) echo '101 102'; printf 'nginx: worker process is shutting down' > "$HOST/proc/101/cmdline" ;;
esac > "$HOST/proc/100/task/100/children"
echo $((look + 1)) > "$HOST/reloaded"
`,
    );
    writeFileSync(host.root('/etc/nginx/nginx.conf'), 'old\n');
    writeFileSync(host.root('/run/nginx.pid'), '100\n');
    writeFileSync(host.root('/proc/100/task/100/children'), '101');
    for (const worker of ['101', '102']) writeFileSync(host.root(`/proc/${worker}/cmdline`), 'nginx: worker process');
  });
  afterEach(() => host.remove());

  it('holds when no process of before takes connections any more', async () => {
    const path = join(host.folder, '/etc/nginx/nginx.conf');
    const command = replaceBalancerConfig('nginx', path, '0644', 'new\n');
    expect(command.parse(await host.run(command))).toEqual({ ok: true, value: undefined });
    expect(readFileSync(path, 'utf8')).toBe('new\n');
    expect(Number(readFileSync(join(host.folder, 'reloaded'), 'utf8'))).toBeGreaterThan(3);
  });
});
