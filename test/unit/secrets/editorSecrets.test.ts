import { beforeEach, describe, expect, it } from 'vitest';
import { ok } from '../../../src/core/base/result';
import { editorSecrets, type TypedSecrets } from '../../../src/vscode/services/editorSecrets';
import { createSecretVault, type SecretVault } from '../../../src/vscode/services/secretVault';

type Uri = Parameters<SecretVault['of']>[0];

/** As much of a URI as the vault uses. */
function uri(path: string, scheme = 'file'): Uri {
  return {
    scheme,
    path,
    toString: () => `${scheme}://${path}`,
    with: (change: { scheme?: string }) => uri(path, change.scheme ?? scheme),
  } as unknown as Uri;
}

const A = uri('/a/cluster.k3s.yaml');
const B = uri('/b/cluster.k3s.yaml');

let storage: Map<string, string>;
let vault: SecretVault;
let session: TypedSecrets;
let asked: string[];
let typing: (string | undefined)[];

beforeEach(() => {
  storage = new Map();
  vault = newVault();
  session = { typed: new Map(), doubted: new Set() };
  asked = [];
  typing = [];
});

/** The vault of another session on the same storage. */
function newVault(): SecretVault {
  return createSecretVault(
    {
      get: async (key) => storage.get(key),
      store: async (key, value) => void storage.set(key, value),
      delete: async (key) => void storage.delete(key),
      keys: async () => [...storage.keys()],
    },
    { warn: () => undefined },
    () => undefined,
  );
}

const secrets = () =>
  editorSecrets(
    vault.of(A),
    { resolve: async (text) => ok(`<${text}>`), worked: async () => undefined, refused: () => undefined },
    session,
    async (name, refused) => {
      asked.push(`${name}${refused ? ' refused' : ''}`);
      return typing.shift();
    },
  );

describe('secrets of a cluster file', () => {
  it('H7: belong to that file: the same name in another one is another secret', async () => {
    await vault.of(A).store('edge-token', 'of A');
    await vault.of(B).store('edge-token', 'of B');
    expect(await newVault().of(A).get('edge-token')).toBe('of A');
    expect(await newVault().of(B).get('edge-token')).toBe('of B');
    await vault.of(B).forget('edge-token');
    expect(await vault.of(B).names()).toEqual([]);
    expect(await vault.of(A).names()).toEqual(['edge-token']);
    expect(await vault.files()).toEqual(['file:///a/cluster.k3s.yaml']);
  });

  it('go along when the file moves, and stay where the new place has its own', async () => {
    await vault.of(A).store('token', 'of A');
    await vault.of(A).store('db', 'of A');
    await vault.of(B).store('db', 'of B');
    await vault.move(A, B);
    expect([await vault.of(B).get('token'), await vault.of(B).get('db'), await vault.of(A).get('token')]).toEqual([
      'of A',
      'of B',
      undefined,
    ]);
  });

  it('of a new file are found when it is saved at its place', async () => {
    const unsaved = uri('/a/cluster.k3s.yaml', 'untitled');
    await vault.of(unsaved).store('token', 'x');
    await vault.move(unsaved, A);
    expect(await vault.of(A).get('token')).toBe('x');
  });
});

describe('secrets in the editor', () => {
  it('stores what was typed when it has worked, not before', async () => {
    typing = ['typed'];
    const source = secrets();
    expect(await source.resolve('${secret:pw}')).toEqual(ok('typed'));
    expect(storage.size).toBe(0);
    expect(await secrets().resolve('${secret:pw}')).toEqual(ok('typed'));
    await source.worked('${secret:pw}');
    expect([...storage.values()]).toEqual(['typed']);
    expect(asked).toEqual(['pw']);
  });

  it('asks again for a value that a host refused, and replaces the stored one when the new one has worked', async () => {
    await vault.of(A).store('pw', 'wrong');
    typing = ['right'];
    const source = secrets();
    source.refused('${secret:pw}');
    expect(await source.resolve('${secret:pw}')).toEqual(ok('right'));
    expect(asked).toEqual(['pw refused']);
    expect([...storage.values()]).toEqual(['wrong']);
    await source.worked();
    expect([...storage.values()]).toEqual(['right']);
  });

  it('L9: takes references inside a longer text from the same place', async () => {
    await vault.of(A).store('a', 'one');
    typing = ['two'];
    expect(await secrets().resolve('x${secret:a}-${secret:b}-${env:C}')).toEqual(ok('xone-two-<${env:C}>'));
    expect(asked).toEqual(['b']);
  });

  it('names the secret that nobody entered', async () => {
    expect(await secrets().resolve('${secret:pw}')).toMatchObject({
      ok: false,
      error: { code: 'secret-missing', message: expect.stringContaining('"pw"') },
    });
  });
});
