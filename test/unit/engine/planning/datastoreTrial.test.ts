import { describe, expect, it } from 'vitest';
import { problem } from '../../../../src/core/base/problem';
import { err } from '../../../../src/core/base/result';
import type { DatastoreQuestion, PlacedFinding } from '../../../../src/core/datastore/trial/trial';
import { normalise } from '../../../../src/core/cluster/normalise';
import { parseDocument } from '../../../../src/core/document/parse';
import { control } from '../../../../src/core/language/control';
import { ignoredIn } from '../../../../src/core/language/hostFindings';
import { clusterOf } from '../../../support/cluster';
import { freshFacts, provisionedFacts, sha256, TOKEN } from '../../../support/plans';
import { scriptedCluster, type ScriptedCluster } from '../../../support/scriptedCluster';

const ENDPOINT = 'mysql://ksd:${secret:db}@tcp(10.0.0.60:3306)/k3s';

interface Lab extends ScriptedCluster {
  readonly asked: DatastoreQuestion[];
}

/** Three servers whose databases answer with these findings; `dial` also asks for a connection. */
function lab(
  answers: (turn: number) => readonly PlacedFinding[] | undefined,
  { running = 0, more = {}, dial = false }: { running?: number; more?: Record<string, unknown>; dial?: boolean } = {},
): Lab {
  const cluster = clusterOf({ agents: 0, datastore: { type: 'mysql', endpoint: ENDPOINT, ...more } });
  const fresh = freshFacts(cluster);
  const provisioned = provisionedFacts(cluster);
  const facts = new Map(
    [...fresh].map(([id, one], i) => [id, i < running ? (provisioned.get(id) ?? one) : one] as const),
  );
  const asked: DatastoreQuestion[] = [];
  const made = scriptedCluster(cluster, facts);
  made.databases = {
    async try(question, connect) {
      asked.push(question);
      if (dial) await connect('10.0.0.60', 3306);
      return answers(asked.length - 1);
    },
  };
  return Object.assign(made, { asked });
}

const finding = (weight: PlacedFinding['weight'], more: Partial<PlacedFinding> = {}): PlacedFinding => ({
  weight,
  code: 'datastore-login',
  says: 'refuses the user ksd or its password',
  why: 'Access denied',
  nextSteps: ['Correct it.'],
  part: '10.0.0.60:3306',
  ...more,
});

describe('the datastore before a plan', () => {
  it('is tried from each server with the endpoint of the file and the hash of its token, never the token', async () => {
    const cluster = lab(() => []);
    const { plan } = await cluster.plan();
    expect(plan.problems).toEqual([]);
    expect(plan.steps.filter(({ kind }) => kind === 'start')).toHaveLength(3);
    expect(cluster.asked).toHaveLength(3);
    expect(cluster.asked[0]).toMatchObject({
      endpoint: `mysql://ksd:${TOKEN}@tcp(10.0.0.60:3306)/k3s`,
      context: { servers: 3, k3sVersion: 'v1.36.3+k3s1', tokenHash: sha256(TOKEN).slice(0, 12) },
    });
  });

  it('leaves a plan without steps when no server could start, and says from which servers', async () => {
    const { plan } = await lab(() => [finding('stops')]).plan();
    expect(plan.steps).toEqual([]);
    expect(plan.problems).toEqual([
      problem(
        'datastore-login',
        'From server-1, server-2 and server-3: the datastore 10.0.0.60:3306 refuses the user ksd or its password',
        { why: 'Access denied', nextSteps: ['Correct it.'] },
      ),
    ]);
  });

  it('has a password that was refused asked for again, and no other secret', async () => {
    const cluster = lab(() => [finding('stops')]);
    await cluster.plan();
    expect(cluster.refused).toEqual(['${secret:db}']);
    const full = lab(() => [finding('new', { code: 'datastore-full' })]);
    await full.plan();
    expect(full.refused).toEqual([]);
  });

  it('names the one host that sees something else', async () => {
    const { plan } = await lab((turn) => (turn === 1 ? [finding('stops', { says: 'does not answer' })] : [])).plan();
    expect(plan.problems).toMatchObject([
      { host: 'server-2', message: expect.stringContaining('From server-2:') as string },
    ]);
  });

  it('goes on against what the file ignores at its datastore, and tells nothing of it', async () => {
    const text = [
      'apiVersion: k3s-ha/v1',
      'kind: Cluster',
      'datastore:',
      '  # k3s-ha-ignore datastore-login, datastore-far -- the account is made by the first hook',
      `  endpoint: ${ENDPOINT}`,
    ].join('\n');
    const document = parseDocument(text);
    const cluster = lab(() => [
      finding('stops'),
      finding('note', { code: 'datastore-far', says: 'is far' }),
      finding('note', { code: 'datastore-clock', says: 'is late' }),
    ]);
    cluster.ignores = ignoredIn(document, normalise(document.data), { 'datastore-clock': 'off' });
    const { plan } = await cluster.plan();
    expect(plan.problems).toEqual([]);
    expect(plan.steps.filter(({ kind }) => kind === 'start')).toHaveLength(3);
    expect(plan.notes.join()).not.toMatch(/is far|is late|refuses the user/);
    // No rule of the file says that such a comment is of no use.
    expect(control(document, []).problems).toEqual([]);
    const other = parseDocument(text.replace('datastore-login, ', ''));
    cluster.ignores = ignoredIn(other, normalise(other.data));
    expect((await cluster.plan()).plan.problems).toHaveLength(1);
  });

  it('tells notes with their reason and what to do', async () => {
    const { plan } = await lab(() => [finding('note', { says: 'is old' })]).plan();
    expect(plan.problems).toEqual([]);
    expect(plan.notes).toContain(
      'From server-1, server-2 and server-3: the datastore 10.0.0.60:3306 is old. Access denied Correct it.',
    );
  });

  it('is left alone while nothing is started: a slow database keeps nobody from looking', async () => {
    const cluster = lab(() => [finding('stops')], { running: 3 });
    const { plan } = await cluster.plan();
    expect(plan.steps).toEqual([]);
    expect(plan.problems).toEqual([]);
    expect(cluster.asked).toEqual([]);
  });

  it('is asked by those alone that the plan starts', async () => {
    const cluster = lab(() => [], { running: 2 });
    await cluster.plan();
    expect(cluster.asked).toHaveLength(1);
  });

  it('is not tried through an sshd that lets nobody through, which stops nothing', async () => {
    const cluster = lab(() => [finding('stops')], { dial: true });
    const refused = problem('ssh-forwarding-refused', 'auto@server passes nothing on', { nextSteps: ['Allow it.'] });
    cluster.hosts.openTunnel = async () => err(refused);
    const { plan } = await cluster.plan();
    expect(plan.problems).toEqual([]);
    expect(plan.notes).toContain(
      'The datastore was not tried from server-1, server-2 and server-3: auto@server passes nothing on Allow it.',
    );
  });

  it('does not fetch the key of a client certificate from a server', async () => {
    const files = { certFile: '/etc/db/client.crt', keyFile: '/etc/db/client.key' };
    const cluster = lab(() => [], { more: files });
    const file = { kind: 'file', sha256: sha256(''), mode: '0600', owner: 'root:root', ids: '0:0', size: 9 } as const;
    for (const [id, seen] of cluster.facts)
      cluster.facts.set(id, { ...seen, files: new Map(Object.values(files).map((path) => [path, file])) });
    cluster.first = (_host, script) =>
      script === 'read-file' ? { stdout: '-----BEGIN CERTIFICATE-----\n' } : undefined;
    const { plan } = await cluster.plan();
    expect(cluster.asked).toEqual([]);
    const read = cluster.hosts.calls.filter(({ script }) => script === 'read-file').map(({ args }) => args[0]);
    expect(new Set(read)).toEqual(new Set([files.certFile]));
    expect(plan.problems).toEqual([]);
    expect(plan.notes.join('\n')).toContain(
      'The datastore was not tried from server-1, server-2 and server-3: the key of the client certificate lies on the servers (/etc/db/client.key) and does not leave them.',
    );
  });
});
