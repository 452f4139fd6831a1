import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AllowedTraffic } from '../../../src/core/k3s/traffic';
import { openFirewall, type FirewallTool } from '../../../src/core/remote/openFirewall';
import { shellHost, type ShellHost } from '../../support/shellHost';

const NEEDED: readonly AllowedTraffic[] = [
  { protocol: 'tcp', ports: [6443, 6443] },
  { protocol: 'tcp', ports: [2379, 2380], from: '10.0.0.12' },
  { protocol: 'udp', ports: [8472, 8472], from: 'fd00::12' },
  { protocol: 'any', from: '10.42.0.0/16' },
];

/** ufw as far as it answers here: it keeps rules in a file, and says whether one was there. */
const UFW = `cat > /dev/null
case $1 in
  status) cat "$HOST/status" ;;
  allow) shift
    if grep -qxF -- "$*" "$HOST/rules" 2>/dev/null; then echo 'Skipping adding existing rule'
    elif [ "$*" = "$(cat "$HOST/refused" 2>/dev/null)" ]; then echo 'ERROR: Bad source address'; exit 1
    else echo "$*" >> "$HOST/rules"; echo 'Rule added'; fi ;;
  *) echo "unexpected $*" >&2; exit 64 ;;
esac
`;
/** firewalld: two zones with interfaces, one of them for pods, and rules for now and for good. */
const FIREWALLD = `cat > /dev/null
rules=$HOST/now
for word; do case $word in
  --quiet) ;;
  --permanent) rules=$HOST/good ;;
  --state) cat "$HOST/status" >/dev/null || exit 252; exit ;;
  --get-active-zones) printf 'trusted\\n  interfaces: cni0\\npublic (default)\\n  interfaces: eth0\\nwork\\n  sources: 10.9.0.0/16\\n'; exit ;;
  --get-default-zone) echo public; exit ;;
  --zone=*) zone=\${word#--zone=} ;;
  --query-*) grep -qxF -- "$zone \${word#--query-}" "$rules" 2>/dev/null; exit ;;
  --add-*) echo "$zone \${word#--add-}" >> "$rules"; exit ;;
  *) echo "unexpected $word" >&2; exit 64 ;;
esac; done
`;

describe.each(['/bin/dash', '/bin/bash'])('a firewall that is opened under %s', (shell) => {
  let host: ShellHost;
  beforeEach(() => {
    host = shellHost(shell);
    host.program('ufw', UFW);
    host.program('firewall-cmd', FIREWALLD);
    put('status', 'Status: active\n');
  });
  afterEach(() => host.remove());

  const put = (name: string, text: string): void => writeFileSync(join(host.folder, name), text);
  const lines = (name: string): string[] => {
    const path = join(host.folder, name);
    return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
  };
  async function open(tool: FirewallTool) {
    const command = openFirewall(tool, NEEDED);
    return command.parse(await host.run(command));
  }

  it('ufw: gets exactly what it lacks, and what was added is written down', async () => {
    put('rules', '6443/tcp\n');
    expect(await open('ufw')).toEqual({ ok: true, value: 3 });
    const added = [
      'proto tcp from 10.0.0.12 to any port 2379:2380',
      'proto udp from fd00::12 to any port 8472',
      'from 10.42.0.0/16',
    ];
    expect(lines('rules')).toEqual(['6443/tcp', ...added]);
    expect(lines('state/firewall').sort()).toEqual(added.map((rule) => `ufw allow ${rule}`).sort());
    expect(await open('ufw')).toEqual({ ok: true, value: 0 });
  });

  it('firewalld: gets it for good and for now, in the zones of machines', async () => {
    put('now', 'public port=6443/tcp\n');
    expect(await open('firewalld')).toEqual({ ok: true, value: 7 });
    const rules = [
      'public port=6443/tcp',
      'public rich-rule=rule family="ipv4" source address="10.0.0.12" port port="2379-2380" protocol="tcp" accept',
      'public rich-rule=rule family="ipv6" source address="fd00::12" port port="8472" protocol="udp" accept',
      'trusted source=10.42.0.0/16',
    ];
    expect([lines('now'), lines('good')]).toEqual([rules, rules]);
    expect(await open('firewalld')).toEqual({ ok: true, value: 0 });
  });

  it('stops at a rule that is refused, and keeps what was added before', async () => {
    put('refused', 'proto tcp from 10.0.0.12 to any port 2379:2380');
    expect(await open('ufw')).toMatchObject({
      ok: false,
      error: { code: 'firewall-not-opened', why: 'ERROR: Bad source address' },
    });
    expect([lines('rules'), lines('state/firewall')]).toEqual([['6443/tcp'], ['ufw allow 6443/tcp']]);
  });

  it('is left alone when it is off', async () => {
    put('status', 'Status: inactive\n');
    expect(await open('ufw')).toMatchObject({ ok: false, error: { code: 'firewall-not-active' } });
    expect(lines('rules')).toEqual([]);
  });
});
