import { describe, expect, it } from 'vitest';
import { nextRelease, upgradeOffers, upgradePath } from '../../../src/core/k3s/upgradePath';

const RELEASES = ['v1.36.3+k3s1', 'v1.35.7+k3s1', 'v1.34.10+k3s1', 'v1.33.9+k3s1'];

describe('the way to a release', () => {
  it.each([
    ['v1.36.2+k3s1', 'v1.36.3+k3s1', ['v1.36.3+k3s1']],
    ['v1.35.1+k3s1', 'v1.36.3+k3s1', ['v1.36.3+k3s1']],
    ['v1.34.1+k3s1', 'v1.36.3+k3s1', ['v1.35.7+k3s1', 'v1.36.3+k3s1']],
    ['v1.31.1+k3s1', 'v1.34.10+k3s1', ['v1.32', 'v1.33.9+k3s1', 'v1.34.10+k3s1']],
    ['v1.36.3+k3s1', 'v1.36.3+k3s1', []],
    ['v1.36.3+k3s1', 'v1.36.2+k3s1', []],
    ['v1.36.3+k3s1', 'stable', []],
  ])('from %s to %s leaves no minor version out', (from, to, path) => {
    expect(upgradePath(from, to, RELEASES)).toEqual(path);
  });

  it('of etcd goes by the patch that prepares etcd 3.6, from an older patch and from further back', () => {
    expect(upgradePath('v1.33.4+k3s1', 'v1.34.10+k3s1', RELEASES, true)).toEqual(['v1.33.7+k3s3', 'v1.34.10+k3s1']);
    expect(upgradePath('v1.33.9+k3s1', 'v1.34.10+k3s1', RELEASES, true)).toEqual(['v1.34.10+k3s1']);
    expect(upgradePath('v1.33.4+k3s1', 'v1.34.10+k3s1', RELEASES)).toEqual(['v1.34.10+k3s1']);
    expect(upgradePath('v1.32.1+k3s1', 'v1.34.10+k3s1', [], true)).toEqual(['v1.33.7+k3s3', 'v1.34.10+k3s1']);
    expect(upgradePath('v1.32.1+k3s1', 'v1.34.10+k3s1', RELEASES, true)).toEqual(['v1.33.9+k3s1', 'v1.34.10+k3s1']);
  });
});

describe('releases that are offered', () => {
  it('are newer ones, the next steps first, patches before minor versions', () => {
    const offers = upgradeOffers('v1.34.1+k3s1', ['v1.36.3+k3s1', 'v1.35.7+k3s1', 'v1.34.10+k3s1'], true);
    expect(offers).toEqual([
      { release: 'v1.34.10+k3s1', path: ['v1.34.10+k3s1'], minor: false },
      { release: 'v1.35.7+k3s1', path: ['v1.35.7+k3s1'], minor: true },
      { release: 'v1.36.3+k3s1', path: ['v1.35.7+k3s1', 'v1.36.3+k3s1'], minor: true },
    ]);
    expect(upgradeOffers('v1.36.3+k3s1', RELEASES, true)).toEqual([]);
  });
});

describe('the next release', () => {
  it('is refused with the releases between', () => {
    expect(nextRelease('v1.34.1+k3s1', 'v1.36.3+k3s1', RELEASES, false)).toMatchObject({
      ok: false,
      error: {
        code: 'version-skips',
        message: 'v1.34.1+k3s1 does not go to v1.36.3+k3s1 in one upgrade',
        nextSteps: [
          'Go by v1.35.7+k3s1, then to v1.36.3+k3s1: one upgrade after another, each finished before the next.',
        ],
      },
    });
    expect(nextRelease('v1.33.4+k3s1', 'v1.34.10+k3s1', RELEASES, true)).toMatchObject({
      error: { why: 'Its etcd reaches etcd 3.6 safely only from a patch that prepares it.' },
    });
  });

  it('is refused when it is older, or no release', () => {
    expect(nextRelease('v1.36.3+k3s1', 'v1.35.7+k3s1', RELEASES, false)).toMatchObject({
      error: { code: 'version-downgrade' },
    });
    expect(nextRelease('v1.36.3+k3s1', '1.36', RELEASES, false)).toMatchObject({ error: { code: 'version-unknown' } });
  });

  it('may be the same one, the next one, and any where nothing is known', () => {
    for (const from of ['v1.36.3+k3s1', 'v1.35.1+k3s1', undefined])
      expect(nextRelease(from, 'v1.36.3+k3s1', RELEASES, true)).toEqual({ ok: true, value: 'v1.36.3+k3s1' });
  });
});
