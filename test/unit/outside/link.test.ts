import { describe, expect, it } from 'vitest';
import { destinationOf, type Destination } from '../../../src/vscode/outside/link';

const FILES = new Set([
  '/work/clusters/edge.k3s.yaml',
  '/home/me/other.k3s.yaml',
  '/work2/edge.k3s.yaml',
  '/c:/work/edge.k3s.yaml',
]);
const asked: string[] = [];

function follow(path: string, query: string, folders: readonly string[] = ['/work']): Promise<Destination> {
  asked.length = 0;
  const exists = async (candidate: string): Promise<boolean> => {
    asked.push(candidate);
    return FILES.has(candidate);
  };
  return destinationOf({ path, query }, { folders, exists });
}

const open = (file: string, folders?: readonly string[]): Promise<Destination> =>
  follow('/open', `file=${encodeURIComponent(file)}`, folders);

describe('a link from outside', () => {
  it('opens a cluster file of the workspace, by its path in it or on the disk', async () => {
    const file = { kind: 'file', folder: 0, path: '/work/clusters/edge.k3s.yaml' };
    expect(await open('clusters/edge.k3s.yaml')).toEqual(file);
    expect(await open('/work/clusters/edge.k3s.yaml')).toEqual(file);
    expect(await open('clusters/edge.k3s.yaml', ['/none', '/work'])).toEqual({ ...file, folder: 1 });
    expect(await open('C:\\work\\edge.k3s.yaml', ['/c:/work'])).toMatchObject({
      kind: 'file',
      path: '/c:/work/edge.k3s.yaml',
    });
  });

  it('asks before it opens one that lies elsewhere, however near its name is', async () => {
    expect(await open('/home/me/other.k3s.yaml')).toEqual({ kind: 'ask', path: '/home/me/other.k3s.yaml' });
    expect(await open('/work2/edge.k3s.yaml')).toEqual({ kind: 'ask', path: '/work2/edge.k3s.yaml' });
  });

  it.each([
    '../work2/edge.k3s.yaml',
    'clusters/../../home/me/other.k3s.yaml',
    'clusters\\..\\..\\home\\me\\other.k3s.yaml',
    '//server/share/edge.k3s.yaml',
    '\\\\server\\share\\edge.k3s.yaml',
    'file:///home/me/other.k3s.yaml',
    'command:k3s-ha.provision.k3s.yaml',
    '/etc/passwd',
    'missing.k3s.yaml',
    'clusters/edge.k3s.yaml\n',
    '',
  ])('does not follow %j, and looks at nothing on another computer', async (file) => {
    expect(await open(file)).toMatchObject({ kind: 'nowhere' });
    expect(asked.filter((path) => path.startsWith('//') || path.includes('..'))).toEqual([]);
  });

  it('opens the page of a rule and nothing else by an id', async () => {
    expect(await follow('/rule', 'id=etcd-two-servers')).toEqual({ kind: 'rule', id: 'etcd-two-servers' });
    for (const id of ['../../README', 'Etcd', 'a/b', '%2e%2e', ''])
      expect(await follow('/rule', `id=${id}`)).toMatchObject({ kind: 'nowhere' });
  });

  it('runs no command and sets nothing, whatever else it says', async () => {
    expect(await follow('/provision', 'file=clusters/edge.k3s.yaml')).toMatchObject({ kind: 'nowhere' });
    expect(await follow('/open', 'command=k3s-ha.provision&k3s-ha.rules=off')).toMatchObject({ kind: 'nowhere' });
    expect(await follow('/open', `file=${'a'.repeat(2000)}.k3s.yaml`)).toMatchObject({ kind: 'nowhere' });
  });
});
