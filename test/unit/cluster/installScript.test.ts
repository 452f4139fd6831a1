import { describe, expect, it } from 'vitest';
import { disclosuresOf } from '../../../src/core/cluster/disclosures';
import { leadsOutside, scriptOrigin, shownUrl } from '../../../src/core/cluster/installScript';
import { normalise } from '../../../src/core/cluster/normalise';
import { validate } from '../../../src/core/language/validate';

const text = (install: string): string =>
  `apiVersion: k3s-ha/v1\nkind: Cluster\nmetadata: {name: edge}\nk3s: {version: v1.36.3+k3s1, install: ${install}}\nservers: {nodes: [{host: 10.0.0.11}]}\n`;

describe('where the install script comes from', () => {
  it.each([
    ['https://get.k3s.io', 'url'],
    ['HTTP://mirror.example.com/k3s.sh', 'url'],
    ['./install.sh', 'file'],
    ['/srv/k3s/install.sh', 'file'],
  ])('%s is a %s', (scriptUrl, kind) => {
    expect(scriptOrigin({ scriptUrl }).kind).toBe(kind);
  });

  it.each([
    ['https://get.k3s.io', 'https://get.k3s.io'],
    ['https://ada:p%40ss@mirror.example.com/k3s.sh', 'https://mirror.example.com/k3s.sh'],
    ['https://glpat-token@git.example.com/k3s.sh?private_token=abc#L1', 'https://git.example.com/k3s.sh'],
    ['https://a:b@c:d/e@mirror.example.com/k3s.sh', 'https://mirror.example.com/k3s.sh'],
  ])('%s is shown as %s', (url, shown) => {
    expect(shownUrl(url)).toBe(shown);
  });

  it.each(['./install.sh', 'scripts/install.sh', './a/../install.sh', './..install.sh'])('%s stays inside', (path) => {
    expect(leadsOutside(path)).toBe(false);
  });

  it.each(['/etc/passwd', '~/install.sh', '../install.sh', './a/../../x', '.\\..\\x', 'C:\\x', '\\\\server\\share\\x'])(
    '%s leads outside',
    (path) => {
      expect(leadsOutside(path)).toBe(true);
    },
  );
});

describe('the cluster file', () => {
  it.each(['./install.sh', '../k3s/install.sh', '~/install.sh', '/srv/install.sh', 'C:\\k3s\\install.sh'])(
    'may name the file %s',
    (path) => {
      expect(validate(text(`{scriptUrl: '${path}'}`)).filter(({ severity }) => severity === 'error')).toEqual([]);
    },
  );

  it.each(['file:///srv/install.sh', 'get.k3s.io', 'ftp://x/install.sh', '//server/share/x.sh'])(
    'may not name %s',
    (scriptUrl) => {
      expect(validate(text(`{scriptUrl: '${scriptUrl}'}`)).map(({ message }) => message)).toEqual([
        expect.stringContaining('a URL such as https://get.k3s.io, or a path such as ./install.sh'),
      ]);
    },
  );

  it('has a sha256 of 64 hexadecimal digits, in any case', () => {
    const hash = 'AB'.repeat(32);
    expect(validate(text(`{scriptSha256: '${hash}'}`)).filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(validate(text(`{scriptSha256: '${hash}0'}`)).map(({ message }) => message)).toEqual([
      expect.stringContaining('64 hexadecimal digits'),
    ]);
    expect(normalise({ k3s: { install: { scriptSha256: hash } } }).k3s.install.scriptSha256).toBe('ab'.repeat(32));
  });
});

describe('what an install script of this machine tells the hosts', () => {
  const disclosed = (scriptUrl: string, method = 'script') =>
    disclosuresOf(
      normalise({
        k3s: { install: { scriptUrl, method } },
        servers: { nodes: [{ host: '10.0.0.11', name: 'server-1' }] },
        agents: { nodes: [{ host: '10.0.0.21', name: 'agent-1' }] },
      }),
    ).map(({ kind, name, use, machine }) => [kind, name, use, machine.id]);

  it('is agreed to when it lies outside the folder of the cluster file', () => {
    expect(disclosed('~/.ssh/id_ed25519')).toEqual([
      ['file', '~/.ssh/id_ed25519', 'k3s.install.scriptUrl', 'server-1'],
      ['file', '~/.ssh/id_ed25519', 'k3s.install.scriptUrl', 'agent-1'],
    ]);
    expect(disclosed('../secret.sh', 'preinstalled')).toHaveLength(2);
  });

  it('is nothing when it came with the cluster file, or is no file', () => {
    expect([...disclosed('./install.sh'), ...disclosed('https://get.k3s.io')]).toEqual([]);
  });
});
