import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tunnels, type TunnelAnswers } from '../../../src/core/remote/tunnels';
import { createClusterCertificates, createServingCertificate } from '../../../src/practice/k3s/certificates';
import { shellHost, type ShellHost } from '../../support/shellHost';

const NAMES = Array.from({ length: 23 }, (_, i) => `agent-${i + 1}`);
const LOST = 'error trying to reach service: failed to find Session for client agent-7';

describe.each(['/bin/dash', '/bin/bash'])('The kubelets of all nodes are asked through a server, under %s', (shell) => {
  let host: ShellHost;
  let server: Server | undefined;
  beforeEach(() => {
    host = shellHost(shell);
    mkdirSync(join(host.folder, 'tmp'));
  });
  afterEach(async () => {
    await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
    server?.closeAllConnections();
    server = undefined;
    host.remove();
  });

  /** An API server that answers the administrator alone; gives its port. */
  async function startApi(
    answer: (path: string) => readonly [status: number, body: string] | undefined,
  ): Promise<number> {
    const certificates = await createClusterCertificates(Date.now());
    const { certificate: cert, key } = await createServingCertificate(certificates, ['127.0.0.1'], Date.now());
    const tls = join(host.folder, 'data/server/tls');
    mkdirSync(tls, { recursive: true });
    writeFileSync(join(tls, 'server-ca.crt'), certificates.serverCa.certificate);
    writeFileSync(join(tls, 'client-admin.crt'), certificates.admin.certificate);
    writeFileSync(join(tls, 'client-admin.key'), certificates.admin.key);
    const ca = certificates.clientCa.certificate;
    const api = createServer({ cert, key, ca, requestCert: true }, (request, response) => {
      const said = (request.socket as TLSSocket).authorized
        ? answer(request.url ?? '')
        : ([401, 'Unauthorized'] as const);
      if (said !== undefined) response.writeHead(said[0]).end(said[1]);
    });
    server = api;
    await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
    return (api.address() as AddressInfo).port;
  }

  async function ask(port: number, withCurl = true): Promise<TunnelAnswers> {
    const command = tunnels(join(host.folder, 'data'), port);
    const text = withCurl ? command.script.text : command.script.text.replace('command -v curl', 'false');
    const script = { ...command.script, text: text.replaceAll('mktemp -d', `mktemp -d -p "$HOST/tmp"`) };
    const answers = command.parse(await host.run({ ...command, script }));
    if (!answers.ok) throw new Error(answers.error.message);
    expect(readdirSync(join(host.folder, 'tmp'))).toEqual([]);
    return answers.value;
  }

  const told = (answers: TunnelAnswers): unknown[] => [...answers].filter(([, said]) => said !== undefined).sort();

  it('each, however many there are, and what is said of one instead is kept', async () => {
    host.program('k3s', `printf 'node/%s\\n' ${NAMES.join(' ')}\n`);
    const status = JSON.stringify({ kind: 'Status', status: 'Failure', message: LOST, code: 502 }, undefined, 2);
    const port = await startApi((path) => {
      if (path.includes('/agent-7/')) return [502, `${status}\n`];
      if (path.includes('/agent-8/')) return [503, 'dial tcp 10.0.0.8:10250: connect: no route to host'];
      return path.endsWith('/proxy/healthz') ? [200, 'ok'] : [404, ''];
    });
    const answers = await ask(port);
    expect([...answers.keys()].sort()).toEqual([...NAMES].sort());
    expect(told(answers)).toEqual([
      ['agent-7', `502 ${LOST}`],
      ['agent-8', '503 dial tcp 10.0.0.8:10250: connect: no route to host'],
    ]);
  });

  it('and one that says nothing for 5 s keeps nobody else waiting', async () => {
    host.program('k3s', `printf 'node/%s\\n' ${NAMES.join(' ')}\n`);
    const port = await startApi((path) => (path.includes('/agent-3/') ? undefined : [200, 'ok']));
    expect(told(await ask(port))).toEqual([['agent-3', 'no answer within 5 s']]);
  });

  it('by kubectl where the server has no curl', async () => {
    host.program(
      'k3s',
      `case $* in
  *"get nodes"*) printf 'node/%s\\n' ${NAMES.join(' ')};;
  *nodes/agent-7/proxy/healthz*) echo 'Warning: x' >&2; echo 'Error from server: ${LOST}' >&2; exit 1;;
  *) printf ok;;
esac\n`,
    );
    const answers = await ask(1, false);
    expect([...answers.keys()].sort()).toEqual([...NAMES].sort());
    expect(told(answers)).toEqual([['agent-7', `Error from server: ${LOST}`]]);
  });

  it('and a server that cannot list them says so', async () => {
    host.program('k3s', 'echo refused >&2; exit 1\n');
    const command = tunnels('/data', 6443);
    expect(command.parse(await host.run(command))).toMatchObject({ ok: false, error: { why: 'refused' } });
  });
});
