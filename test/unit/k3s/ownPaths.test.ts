import { describe, expect, it } from 'vitest';
import { ownerOf } from '../../../src/core/k3s/ownPaths';

describe('paths of hosts that nobody else may write', () => {
  it.each([
    ['/etc/rancher/k3s/config.yaml', 'written from the cluster file; write options under config'],
    ['/etc/rancher/k3s/config.yaml.d/50-x.yaml', 'a part of the configuration; write options under config'],
    ['/etc/rancher/k3s/registries.yaml', 'what registries is for'],
    ['/etc/rancher/k3s/k3s-ha/datastore-ca.crt', 'where TLS files of datastore go'],
    ['/etc/rancher/node/password', "where K3s keeps the node's password"],
    ['/etc/systemd/system/k3s-agent.service.env', 'the unit of K3s'],
    ['/etc/systemd/system/k3s.service.d/10.conf', 'the unit of K3s'],
    ['/usr/local/bin/kubectl', 'what the install script writes'],
    ['/var/lib/k3s-ha/placed', 'where K3s HA keeps what it needs to go back'],
    ['/data/k3s/server/token', 'where K3s keeps its data'],
    ['/data/k3s/server/manifests/x.yaml', 'what manifests is for'],
    ['/data/k3s', 'where K3s keeps its data'],
    ['/dev/sda', 'no place for files that stay'],
  ])('%s is %s', (path, owner) => {
    expect(ownerOf(path, '/data/k3s')).toBe(owner);
  });

  it.each([
    '/etc/rancher/k3s/audit.yaml',
    '/etc/rancher/k3s/config.yaml.bak',
    '/etc/default/k3s',
    '/etc/systemd/system/k3s-prune.service',
    '/usr/local/bin/k3s-backup',
    '/data/k3s/agent/images/own.tar.zst',
    '/data/k3s/agent/etc/containerd/config.toml.tmpl',
    '/data/k3s/server/static/charts/x.tgz',
    '/data/k3s/server/manifests/team/x.yaml',
    '/data/k3s-backup/x',
    '/var/lib/rancher/k3s/server/token',
  ])('%s is free', (path) => {
    expect(ownerOf(path, '/data/k3s')).toBeUndefined();
  });
});
