import { describe, expect, it } from 'vitest';
import { forgottenWords } from '../../../../src/core/kubeconfig/forgotten';
import { forgetAccess } from '../../../../src/engine/access/forgetAccess';
import type { KubeconfigPlace } from '../../../../src/engine/ports';
import { sha256 } from '../../../support/plans';
import { CA, pem, prepared } from '../../kubeconfig/k3sYaml';
import { filesOf } from './filesInMemory';

const AUTHORITY = sha256(Buffer.from(CA, 'base64').toString('utf8'));
const OTHER = prepared('edge', 'https://10.0.0.100:6443', pem('CERTIFICATE', 'T1RIRVI=')).text;
const clock = { now: () => Date.UTC(2026, 10, 27), sleep: async () => undefined };

const place = (path: string, origin: KubeconfigPlace['origin'] = 'own'): KubeconfigPlace => ({
  path,
  origin,
  absolute: (relative) => relative,
});

describe('forgetting the access to a cluster', () => {
  it('takes it out of every file of the person, copies each before, and leaves the rest alone', async () => {
    const texts: Record<string, string> = {
      '/home/ada/a': prepared('edge').text,
      '/home/ada/b': OTHER,
      '/project/c': prepared('edge').text,
    };
    const files = filesOf(texts);
    const places = [
      place('/home/ada/a'),
      place('/home/ada/b'),
      place('/home/ada/none'),
      place('/project/c', 'foreign'),
    ];
    const forgotten = await forgetAccess(AUTHORITY, places, { files, sha256, clock });
    if (!forgotten.ok) throw new Error(forgotten.error.message);
    const backup = '/home/ada/a.k3s-ha-20261127T000000000Z.bak';
    expect(files.written).toEqual([`${backup} locked`, '/home/ada/a locked']);
    expect(texts[backup]).toBe(prepared('edge').text);
    expect(texts['/home/ada/a']).not.toContain(CA);
    expect([texts['/home/ada/b'], texts['/project/c']]).toEqual([OTHER, prepared('edge').text]);
    expect(forgottenWords('edge', forgotten.value)).toEqual([
      `/home/ada/a: context "edge", cluster "edge" and user "edge" taken out; no context is selected any more; copy of the file before: ${backup}`,
    ]);
  });

  it('says that there was nothing, and which file cannot be read', async () => {
    const files = filesOf({ '/home/ada/b': OTHER, '/home/ada/broken': '{' });
    const none = await forgetAccess(AUTHORITY, [place('/home/ada/b')], { files, sha256, clock });
    expect(none.ok && forgottenWords('edge', none.value)).toEqual(['Your kubeconfig had no access to edge.']);
    expect(await forgetAccess(AUTHORITY, [place('/home/ada/broken')], { files, sha256, clock })).toMatchObject({
      ok: false,
      error: { code: 'kubeconfig-unreadable', message: expect.stringContaining('/home/ada/broken') as string },
    });
    expect(files.written).toEqual([]);
  });
});
