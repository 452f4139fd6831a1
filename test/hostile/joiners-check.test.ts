import { localFolder } from '../support/localFiles';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createFiles } from '../../src/adapters/files/files';
import { sha256 } from '../../src/adapters/system/sha256';
import { systemClock } from '../../src/adapters/system/clock';
import { ok } from '../../src/core/base/result';
import { maskSecrets } from '../../src/core/base/mask';
import { readCaHash } from '../../src/core/remote/caHash';
import type { RemoteCommand } from '../../src/core/remote/remoteCommand';
import { normalise } from '../../src/core/cluster/normalise';
import type { RemoteHosts } from '../../src/engine/ports';
import { preparePlan, type PreparedPlan } from '../../src/engine/run/prepare';
import { runOperation } from '../../src/engine/run/runOperation';
import { startLab, type Lab } from '../practice/lab';
import { agreedDoor } from '../support/agreedDoor';
import { reachableScripts } from '../support/installScripts';
import { shellHost } from '../support/shellHost';
import { OPERATOR } from '../support/operator';

const PASSWORD = 'practice-secret-of-the-cluster';
const CONFIG = '/etc/rancher/k3s/config.yaml';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Plans and carries out a cluster of the hosts of a practice fleet, through the engine. */
async function operator(lab: Lab, change: (file: Record<string, unknown>) => void = () => undefined) {
  const nodes = (role: string) =>
    lab.fleet.hosts.filter(({ id }) => id.startsWith(role)).map(({ id, address }) => ({ host: address, name: id }));
  const file = {
    metadata: { name: 'practice' },
    k3s: { version: 'v1.36.3+k3s1' },
    datastore: { type: 'embedded-etcd' },
    loadBalancer: { address: lab.address('load-balancer'), type: 'external' },
    token: '${secret:token}',
    servers: { nodes: nodes('server') },
    agents: { nodes: nodes('agent') },
  };
  change(file);
  const cluster = normalise(file);
  const sent: string[] = [];
  const hosts = {
    mask: (text: string) => text,
    run: async (target: { id: string }, command: RemoteCommand<unknown>) => {
      sent.push(`${target.id} ${command.script.id}`);
      const result = await lab.run(target.id, command);
      return result.ok ? { kind: 'done', value: result.value } : { kind: 'failed', problem: result.error };
    },
  } as unknown as RemoteHosts;
  const folder = mkdtempSync(join(tmpdir(), 'k3s-ha-join-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  const quiet = (): void => undefined;
  const log = { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };
  return {
    sent,
    plan: () =>
      preparePlan(cluster, {
        hosts,
        secrets: agreedDoor({ resolve: async () => ok(PASSWORD) }),
        sha256,
        clock: systemClock,
        parallel: 8,
        scripts: reachableScripts(),
        ...localFolder(),
      }),
    run: (prepared: PreparedPlan) =>
      runOperation(
        prepared,
        cluster,
        {
          hosts,
          secrets: agreedDoor({ resolve: async () => ok(PASSWORD) }),
          sha256,
          operator: OPERATOR,
          clock: systemClock,
          files: createFiles({ followLinks: () => false }),
          log,
          parallel: 8,
          startTimeoutMs: 30_000,
          journalPath: join(folder, 'journal'),
          recordsPath: join(folder, 'records'),
          fileVersion: { name: 'edge.k3s.yaml', sha256: 'f11e' },
        },
        quiet,
        new AbortController().signal,
      ),
  };
}

async function labOf(servers: number, agents: number): Promise<Lab> {
  const lab = await startLab({ servers, agents });
  cleanups.push(() => lab.stop());
  return lab;
}

function tokenOf(lab: Lab, id: string): string {
  return /^token: (.*)$/m.exec(lab.fleet.inspect(id).file(CONFIG)?.content ?? '')?.[1] ?? '';
}

function authorityOf(lab: Lab, server: string): string {
  return createHash('sha256')
    .update(lab.fleet.inspect(server).file('/var/lib/rancher/k3s/server/tls/server-ca.crt')?.content ?? '')
    .digest('hex');
}

describe('L5: nodes that join', () => {
  it('L5: check the authority of the first server at first contact, and a second run changes nothing', async () => {
    const lab = await labOf(3, 1);
    const them = await operator(lab);
    const report = await them.run(await them.plan());
    expect(report.problems).toEqual([]);
    const pinned = `K10${authorityOf(lab, 'server-1')}::server:${PASSWORD}`;
    expect(['server-1', 'server-2', 'server-3', 'agent-1'].map((id) => tokenOf(lab, id))).toEqual([
      PASSWORD,
      pinned,
      pinned,
      pinned,
    ]);
    expect(lab.fleet.inspect('agent-1').file(CONFIG)?.mode).toBe(0o600);
    expect((await them.plan()).plan.steps).toEqual([]);
    // One look at the first server, one file for each that joins; that is all it costs.
    expect(them.sent.filter((one) => one.endsWith('ca-hash'))).toEqual(['server-1 ca-hash']);
  });

  it('L5: an impostor at the address of the cluster never hears the password', async () => {
    const lab = await labOf(2, 1);
    // Another cluster with the same password, where agents are sent to.
    await lab.bring('server-2', 'server', [`token: ${PASSWORD}`, 'cluster-init: true']);
    const them = await operator(lab, (file) => {
      file['loadBalancer'] = { address: lab.address('server-2'), type: 'external' };
      file['servers'] = { nodes: [{ host: lab.address('server-1'), name: 'server-1' }] };
    });
    const report = await them.run(await them.plan());
    const refusal = await lab.journalLine('agent-1', 'token CA hash does not match the Cluster CA certificate hash');
    expect(refusal).toContain(`${authorityOf(lab, 'server-1')} != ${authorityOf(lab, 'server-2')}`);
    // K3s would ask for ever; the run ends with the reason.
    expect(report.states.get('start:agent-1')).toBe('failed');
    expect(report.problems).toMatchObject([
      { code: 'start-failed', host: 'agent-1', message: expect.stringContaining('token belongs to another cluster') },
    ]);
    expect(lab.fleet.inspect('agent-1').unit('k3s-agent').active).toBe('activating');
  });

  it('L5: a node that is added later gets the full token with its first configuration', async () => {
    const lab = await labOf(1, 2);
    const first = await operator(
      lab,
      (file) => (file['agents'] = { nodes: [{ host: lab.address('agent-1'), name: 'agent-1' }] }),
    );
    await first.run(await first.plan());
    const them = await operator(lab);
    expect((await them.run(await them.plan())).result).toBe('done');
    expect(tokenOf(lab, 'agent-2')).toBe(`K10${authorityOf(lab, 'server-1')}::server:${PASSWORD}`);
    expect(them.sent.filter((one) => one === 'agent-2 upload-file').length).toBe(1);
    expect((await them.plan()).plan.steps).toEqual([]);
  });

  it('L5: the full token is masked like the password in it', async () => {
    const lab = await labOf(1, 1);
    const them = await operator(lab);
    const prepared = await them.plan();
    await them.run(prepared);
    expect(maskSecrets(tokenOf(lab, 'agent-1'), prepared.secrets.masks)).not.toContain(PASSWORD);
  });

  it.each(['/bin/dash', '/bin/bash'])('L5: only the hash leaves the server, under %s', async (shell) => {
    const host = shellHost(shell);
    cleanups.push(() => host.remove());
    const hash = 'a1'.repeat(32);
    mkdirSync(join(host.folder, 'server'));
    const token = join(host.folder, 'server/token');
    const command = readCaHash(host.folder);
    writeFileSync(token, `K10${hash}::server:${PASSWORD}\n`);
    const output = await host.run(command);
    expect(output).toEqual({ stdout: `${hash}\n`, stderr: '', exitCode: 0 });
    expect(command.parse(output)).toEqual({ ok: true, value: hash });
    for (const other of [`${PASSWORD}\n`, `K10${hash}\n`, `K10zz::server:${PASSWORD}\n`]) {
      writeFileSync(token, other);
      expect((await host.run(command)).stdout).toBe('');
      expect(command.parse(await host.run(command))).toMatchObject({
        ok: false,
        error: { code: 'ca-hash-unreadable' },
      });
    }
  });
});
