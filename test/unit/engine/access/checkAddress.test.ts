import { describe, expect, it } from 'vitest';
import { HERE } from '../../../../src/core/loadBalancer/addressFinding';
import { checkAddress } from '../../../../src/engine/access/checkAddress';
import type { AddressLook } from '../../../../src/engine/ports';
import { goodDoor, OURS, sight } from '../../../support/addressViews';
import { clusterOf } from '../../../support/cluster';
import { probeText, scriptedHosts } from '../../../support/scriptedHosts';

const cluster = clusterOf({ agents: 1 });
const RUNNING = { 'unit k3s': 'active running 0 enabled', server_token: 'yes', ca_hash: OURS };

function look(): AddressLook & { readonly asked: (string | undefined)[] } {
  const asked: (string | undefined)[] = [];
  return {
    asked,
    look: async (_, authority) => {
      asked.push(authority);
      return sight(goodDoor({ tries: [] }));
    },
  };
}

const answer = (more: readonly string[]): string =>
  ['addresses 10.0.0.100', 'door 10.0.0.100', 'first 0 ', `authority ${OURS}`, 'named 0 ', ...more, 'end'].join('\n');

describe('Checking the fixed address', () => {
  it('asks every machine and this computer, servers by what they call themselves', async () => {
    const here = look();
    const hosts = scriptedHosts((host, script) => {
      if (script === 'probe') return { stdout: probeText(host === 'agent-1' ? {} : RUNNING) };
      return { stdout: answer(host === 'server-1' ? ['try 0 10.0.0.11:6443 '] : []) };
    });
    const { view, findings, blind } = await checkAddress(cluster, { hosts, addresses: here, parallel: 4 });
    expect([...view.sights.keys()]).toEqual(['server-1', 'server-2', 'server-3', 'agent-1', HERE]);
    expect(view.running).toEqual(new Set(['server-1', 'server-2', 'server-3']));
    expect(here.asked).toEqual([OURS]);
    expect(findings).toEqual([]);
    expect(blind.size).toBe(0);
    const args = (host: string): readonly string[] | undefined =>
      hosts.calls.find((call) => call.host === host && call.script === 'address-sight')?.args;
    expect(args('server-1')).toEqual(['10.0.0.100', '6443', '10.0.0.100', '/var/lib/rancher/k3s', '6443', '12']);
    expect(args('agent-1')?.[4]).toBe('');
  });

  it('gives no host a folder of K3s, and so no certificate to show, before there is a cluster', async () => {
    const here = look();
    const hosts = scriptedHosts((_, script) => ({ stdout: script === 'probe' ? probeText() : answer([]) }));
    await checkAddress(cluster, { hosts, addresses: here, parallel: 4 });
    expect(here.asked).toEqual([undefined]);
    const folders = hosts.calls.filter(({ script }) => script === 'address-sight').map(({ args }) => args[3]);
    expect(folders).toEqual(['', '', '', '']);
  });

  it('tells who could not look, and what one server sees differently', async () => {
    const hosts = scriptedHosts((host, script) => {
      if (host === 'agent-1') return 'cut off';
      if (script === 'probe') return { stdout: probeText(RUNNING) };
      if (host === 'server-3') return { exitCode: 3 };
      return host === 'server-2'
        ? { stdout: 'addresses 10.0.0.100\ndoor 10.0.0.100\nfirst 28 (28) Connection timed out\nend\n' }
        : { stdout: answer([]) };
    });
    const { findings, blind } = await checkAddress(cluster, { hosts, addresses: look(), parallel: 4 });
    expect([...blind].map(([id, { code }]) => `${id} ${code}`)).toEqual([
      'agent-1 connection-lost',
      'server-3 curl-missing',
    ]);
    expect(findings).toMatchObject([
      {
        severity: 'error',
        problem: {
          code: 'address-hairpin',
          host: 'server-2',
          why: expect.stringContaining('Connection timed out.') as string,
        },
      },
    ]);
  });
});
