import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { parse } from 'yaml';
import { afterEach, describe, expect, it } from 'vitest';
import { journalCause } from '../../src/core/k3s/journal/journalCause';
import type { RemoteCommand } from '../../src/core/remote/remoteCommand';
import { installK3s } from '../../src/core/remote/install';
import { writeFile } from '../../src/core/remote/file';
import { controlUnit } from '../../src/core/remote/unit';
import { SOME_SCRIPT } from '../support/installScripts';
import { agentOf, etcdServer, eventually, hasKubectl, startLab, type Lab } from './lab';

let lab: Lab;
afterEach(() => lab.stop());

async function firstServer(options: Parameters<typeof startLab>[0] = {}, ...config: string[]): Promise<string> {
  lab = await startLab({ servers: 2, ...options });
  await lab.bring('server-1', 'server', etcdServer(undefined, ...config));
  return lab.address('server-1');
}

describe('tls-san', () => {
  it('that lacks the load balancer fails in the words of Node', async () => {
    await firstServer();
    const balancer = lab.address('load-balancer');
    const path = await lab.kubeconfig('server-1', balancer);
    const config = parse(readFileSync(path, 'utf8')) as {
      clusters: { cluster: { 'certificate-authority-data': string } }[];
    };
    const ca = Buffer.from(config.clusters[0]?.cluster['certificate-authority-data'] ?? '', 'base64');
    const failure = await new Promise<NodeJS.ErrnoException>((resolve) => {
      request({ host: balancer, port: 6443, path: '/ping', ca }).on('error', resolve).end();
    });
    expect(failure.code).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(failure.message).toContain("does not match certificate's altnames");
  });

  it.runIf(hasKubectl)('that lacks the load balancer fails in the words of kubectl', async () => {
    await firstServer();
    const balancer = lab.address('load-balancer');
    const { stderr, exitCode } = await lab.kubectl(await lab.kubeconfig('server-1', balancer), 'get', 'nodes');
    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch(
      new RegExp(
        `x509: certificate is valid for .*${lab.address('server-1').replaceAll('.', '\\.')}.*, not ${balancer.replaceAll('.', '\\.')}`,
      ),
    );
  });

  it.runIf(hasKubectl)('works after it was added and the server restarted', async () => {
    await firstServer();
    const balancer = lab.address('load-balancer');
    await lab.run(
      'server-1',
      writeFile(
        '/etc/rancher/k3s/config.yaml',
        '0600',
        `${etcdServer(undefined, `tls-san: ${balancer}`).join('\n')}\n`,
      ),
    );
    await lab.run('server-1', controlUnit('restart', 'k3s'));
    await eventually(
      () =>
        lab.fleet
          .inspect('server-1')
          .journal('k3s')
          .filter((line) => line.includes('k3s is up and running')).length === 2,
      () => 'not restarted',
    );
    const path = await lab.kubeconfig('server-1', balancer);
    const { stdout, stderr } = await lab.kubectl(path, 'get', 'nodes');
    expect(stderr).toBe('');
    expect(stdout).toContain('server-1');
  });

  it.runIf(hasKubectl)('lets nobody in with the certificate of another cluster', async () => {
    await firstServer();
    const own = lab;
    const config = await own.kubeconfig('server-1', own.address('server-1'));
    const other = await startLab({ servers: 1 });
    await other.bring('server-1', 'server', etcdServer());
    const { stderr } = await other.kubectl(
      config,
      '--server',
      `https://${other.address('server-1')}:6443`,
      'get',
      'nodes',
    );
    await other.stop();
    expect(stderr).toContain('x509: certificate signed by unknown authority');
  });
});

describe('tokens', () => {
  it('keep a server with another token out, again and again', async () => {
    const first = await firstServer();
    await lab.begin('server-2', 'server', ['token: other', `server: https://${first}:6443`]);
    const line = await lab.journalLine('server-2', 'level=fatal');
    expect(line).toContain('msg="Error: preparing server: failed to bootstrap cluster data: not authorized"');
    await lab.journalLine('server-2', 'k3s.service: Scheduled restart job, restart counter is at 1.');
    expect(lab.fleet.inspect('server-2').unit('k3s')).toMatchObject({ active: 'activating' });
    expect(journalCause(lab.fleet.inspect('server-2').journal('k3s'), 'server')).toMatchObject({
      id: 'token-wrong',
      cures: 'never',
    });
  });

  it('of another cluster are told by their hash', async () => {
    const first = await firstServer();
    const wrong = 'a'.repeat(64);
    await lab.begin('server-2', 'server', [
      `token: K10${wrong}::server:practice-secret`,
      `server: https://${first}:6443`,
    ]);
    expect(await lab.journalLine('server-2', 'level=fatal')).toMatch(
      new RegExp(`token CA hash does not match the Cluster CA certificate hash: ${wrong} != [0-9a-f]{64}`),
    );
  });

  it('in the full form that K3s wrote are accepted', async () => {
    const first = await firstServer();
    const token = lab.fleet.inspect('server-1').file('/var/lib/rancher/k3s/server/token');
    expect(token?.mode).toBe(0o600);
    await lab.bring('server-2', 'server', [`token: ${token?.content.trim() ?? ''}`, `server: https://${first}:6443`]);
  });

  it('that are wrong keep an agent waiting for ever', async () => {
    const first = await firstServer({ agents: 1 });
    await lab.begin('agent-1', 'agent', ['token: other', `server: https://${first}:6443`]);
    await lab.journalLine(
      'agent-1',
      'level=info msg="Waiting to retrieve agent configuration; server is not ready: failed to retrieve configuration from server: not authorized"',
    );
    expect(await lab.status('agent-1')).toMatchObject({ active: 'activating', sub: 'start', restarts: 0 });
  });
});

describe('configuration', () => {
  it('of an agent with an option for servers is fatal', async () => {
    const first = await firstServer({ agents: 1 });
    await lab.begin('agent-1', 'agent', agentOf(first, 'tls-san: [x]'));
    expect(await lab.journalLine('agent-1', 'level=fatal')).toContain(
      'msg="Error: flag provided but not defined: -tls-san"',
    );
    await eventually(
      async () => (await lab.status('agent-1')).restarts > 0,
      () => 'no restart loop',
    );
  });

  it('of a server with an unknown option is a warning', async () => {
    await firstServer({}, 'no-deploy: traefik');
    expect(await lab.journalLine('server-1', 'level=warning')).toContain(
      'Unknown flag --no-deploy found in config.yaml, skipping\\n"',
    );
  });

  it('that differs in a critical value stops a joining server', async () => {
    const first = await firstServer();
    await lab.begin('server-2', 'server', etcdServer(first, 'cluster-cidr: 10.99.0.0/16'));
    await lab.journalLine('server-2', 'critical configuration mismatched: ClusterIPRange.IP.slice[13]');
    expect(await lab.journalLine('server-2', 'level=fatal')).toContain(
      'failed to validate server configuration: critical configuration value mismatch between servers',
    );
  });

  it('is read as YAML 1.1: an unquoted 0644 becomes another mode', async () => {
    await firstServer({}, 'write-kubeconfig-mode: 0644');
    expect(lab.fleet.inspect('server-1').file('/etc/rancher/k3s/k3s.yaml')?.mode).toBe(0o420);
  });

  it.each([
    ['node-taint: ["a=b:NoSchedule,c=d:NoExecute"]', 'failed to parse node taints'],
    [
      'node-label: ["node-role.kubernetes.io/worker=true"]',
      "unknown 'kubernetes.io' or 'k8s.io' labels specified with --node-labels: [node-role.kubernetes.io/worker]",
    ],
    ['cluster-cidr: 10.42.0.0/33', 'invalid cluster-cidr 10.42.0.0/33: invalid CIDR address: 10.42.0.0/33'],
  ])('%s is refused', async (line, text) => {
    lab = await startLab({ servers: 1 });
    await lab.begin('server-1', 'server', etcdServer(undefined, line));
    expect(await lab.journalLine('server-1', 'level=fatal')).toContain(text);
  });

  it('with a name that another host has is rejected by its node password', async () => {
    const first = await firstServer({ agents: 1 });
    await lab.begin('agent-1', 'agent', agentOf(first, 'node-name: server-1'));
    await lab.journalLine(
      'agent-1',
      "Node password rejected, duplicate hostname or contents of '/etc/rancher/node/password' may not match server node-passwd entry",
    );
  });
});

describe('a server to join', () => {
  it('that is not there ends the joining server, which tries again', async () => {
    lab = await startLab({ servers: 2 });
    const first = lab.address('server-1');
    await lab.begin('server-2', 'server', etcdServer(first));
    await lab.journalLine(
      'server-2',
      `failed to validate token: failed to get CA certs: Get \\"https://${first}:6443/cacerts\\": dial tcp ${first}:6443: connect: connection refused`,
    );
    await lab.bring('server-1', 'server', etcdServer());
    await eventually(
      async () => (await lab.status('server-2')).active === 'active',
      () => 'server-2 does not join in the end',
    );
    expect((await lab.status('server-2')).restarts).toBeGreaterThan(0);
  });
});

describe('the install script', () => {
  it('logs like install.sh and leaves the start to its caller', async () => {
    lab = await startLab({ servers: 1 });
    const { stdout, exitCode } = await lab.output(
      'server-1',
      installK3s(
        {
          role: 'server',
          env: { INSTALL_K3S_CHANNEL: 'stable', INSTALL_K3S_SKIP_START: 'true', K3S_TOKEN: 'x' },
        },
        SOME_SCRIPT,
      ),
    );
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')).toEqual(
      expect.arrayContaining([
        '[INFO]  Finding release for channel stable',
        '[INFO]  Using v1.36.3+k3s1 as release',
        '[INFO]  systemd: Enabling k3s unit',
      ]),
    );
    expect(stdout).not.toContain('Starting k3s');
    expect(lab.fleet.inspect('server-1').file('/etc/systemd/system/k3s.service.env')).toEqual({
      content: "K3S_TOKEN='x'\n",
      mode: 0o600,
    });
    expect(lab.fleet.inspect('server-1').unit('k3s').active).toBe('inactive');
  });

  it('H5: of two different installations on one host the second does not report the success of the first', async () => {
    lab = await startLab({ servers: 1, timeScale: 0.5 });
    const version = (release: string): RemoteCommand<void> =>
      installK3s(
        { role: 'server', env: { INSTALL_K3S_VERSION: release, INSTALL_K3S_SKIP_START: 'true' } },
        SOME_SCRIPT,
      );
    const first = lab.run('server-1', version('v1.36.3+k3s1'));
    await eventually(
      () => lab.fleet.inspect('server-1').file('/var/lib/k3s-ha/install.log') !== undefined,
      () => 'the first installation does not begin',
    );
    const [other, same] = await Promise.all([
      lab.run('server-1', version('v1.35.7+k3s1')),
      lab.output('server-1', version('v1.36.3+k3s1')),
    ]);
    expect(other).toMatchObject({ ok: false, error: { code: 'install-other-running' } });
    expect(same).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('waiting for it') });
    expect(await first).toEqual({ ok: true, value: undefined });
    expect(lab.fleet.inspect('server-1').file('/usr/local/bin/k3s')?.content).toContain('v1.36.3+k3s1');
  });

  it('M8: is not run when it is another one than the plan named', async () => {
    lab = await startLab({ servers: 1 });
    const script = { ...SOME_SCRIPT, sha256: '0'.repeat(64) };
    expect(await lab.run('server-1', installK3s({ role: 'server', env: {} }, script))).toMatchObject({
      ok: false,
      error: { code: 'install-script-changed' },
    });
    expect(lab.fleet.inspect('server-1').file('/usr/local/bin/k3s')).toBeUndefined();
  });

  it('fails for a release that does not exist, a missing binary and an address that is not there', async () => {
    lab = await startLab({ servers: 1 });
    const install = async (env: Record<string, string>, script = SOME_SCRIPT): Promise<string> => {
      const { stdout, exitCode } = await lab.output('server-1', installK3s({ role: 'server', env }, script));
      expect(exitCode).not.toBe(0);
      return stdout;
    };
    expect(await install({ INSTALL_K3S_VERSION: 'v1.19.5-k3s2' })).toContain('[ERROR]  Download failed');
    expect(await install({ INSTALL_K3S_SKIP_DOWNLOAD: 'true' })).toContain(
      '[ERROR]  Executable k3s binary not found at /usr/local/bin/k3s',
    );
    const nowhere = { url: 'https://mirror.invalid/install.sh', sha256: SOME_SCRIPT.sha256 };
    expect(await install({}, nowhere)).toContain('[ERROR]  The install script could not be downloaded');
  });
});
