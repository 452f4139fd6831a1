import { describe, expect, it } from 'vitest';
import { rememberMerge, undoMerge, undoneWords } from '../../../../src/engine/access/undoMerge';
import { sha256 } from '../../../support/plans';
import { filesOf } from './filesInMemory';

const RECORD = '/state/merges/edge.json';
const KUBECONFIG = '/home/ada/.kube/config';
const BACKUP = `${KUBECONFIG}.k3s-ha-20261127T000000000Z.bak`;
const BEFORE = '# mine\ncurrent-context: work\n';
const AFTER = `${BEFORE}contexts: [edge]\n`;

/** Files after a merge into a kubeconfig that was there. */
async function merged(): Promise<{ texts: Record<string, string>; files: ReturnType<typeof filesOf> }> {
  const texts: Record<string, string> = { [KUBECONFIG]: AFTER, [BACKUP]: BEFORE };
  const files = filesOf(texts);
  const merge = { path: KUBECONFIG, backup: BACKUP, before: BEFORE, after: AFTER };
  await rememberMerge(RECORD, merge, { files, sha256 });
  files.written.length = 0;
  return { texts, files };
}

describe('undoing the last merge of a kubeconfig', () => {
  it('puts the copy back under the lock, keeps the copy, and has nothing to undo after that', async () => {
    const { texts, files } = await merged();
    const undone = await undoMerge(RECORD, { files, sha256 });
    if (!undone.ok) throw new Error(undone.error.message);
    expect(undoneWords(undone.value)).toBe(`${KUBECONFIG} is as it was before the merge, from ${BACKUP}.`);
    expect([texts[KUBECONFIG], texts[BACKUP]]).toEqual([BEFORE, BEFORE]);
    expect(files.written[0]).toBe(`${KUBECONFIG} locked`);
    expect(await undoMerge(RECORD, { files, sha256 })).toMatchObject({ ok: false, error: { code: 'merge-unknown' } });
  });

  it('leaves a file alone that somebody has changed or removed since, and names the copy', async () => {
    for (const text of [`${AFTER}users: []\n`, undefined]) {
      const { texts, files } = await merged();
      if (text === undefined) delete texts[KUBECONFIG];
      else texts[KUBECONFIG] = text;
      const undone = await undoMerge(RECORD, { files, sha256 });
      expect(undone).toMatchObject({ ok: false, error: { code: 'merge-changed' } });
      expect(undone.ok ? '' : undone.error.nextSteps?.join(' ')).toContain(BACKUP);
      expect([texts[KUBECONFIG], files.written]).toEqual([text, []]);
    }
  });

  it('trusts no copy that is gone or not the one that was kept', async () => {
    for (const text of ['users: [mallory]\n', undefined]) {
      const { texts, files } = await merged();
      if (text === undefined) delete texts[BACKUP];
      else texts[BACKUP] = text;
      expect(await undoMerge(RECORD, { files, sha256 })).toMatchObject({ ok: false, error: { code: 'merge-copy' } });
      expect([texts[KUBECONFIG], files.written]).toEqual([AFTER, []]);
    }
  });

  it('takes the access out of a file that the merge had made', async () => {
    const texts: Record<string, string> = { [KUBECONFIG]: AFTER };
    const files = filesOf(texts);
    const merge = { path: KUBECONFIG, backup: undefined, before: undefined, after: AFTER };
    await rememberMerge(RECORD, merge, { files, sha256 });
    const undone = await undoMerge(RECORD, { files, sha256 });
    expect(undone.ok && undoneWords(undone.value)).toContain('holds no access any more');
    expect(texts[KUBECONFIG]).toContain('contexts: []');
    expect(texts[KUBECONFIG]).not.toContain('edge');
  });

  it('writes down no text of a kubeconfig, and a damaged record counts as none', async () => {
    const { texts, files } = await merged();
    expect(texts[RECORD]).not.toContain('edge]');
    for (const record of ['{', '{"version":1,"merge":{"path":1}}', '{"version":1,"merge":null}']) {
      texts[RECORD] = record;
      expect(await undoMerge(RECORD, { files, sha256 })).toMatchObject({ ok: false, error: { code: 'merge-unknown' } });
    }
  });
});
