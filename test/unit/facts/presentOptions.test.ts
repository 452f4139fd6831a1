import { describe, expect, it } from 'vitest';
import type { HostFacts } from '../../../src/core/facts/probe';
import { presentOptions } from '../../../src/core/facts/presentOptions';
import { freshHost, runningUnit } from '../../support/cluster';

const CONFIG = '/etc/rancher/k3s/config.yaml';

interface Host {
  readonly config?: string;
  /** By the name of the drop-in. */
  readonly dropIns?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

function options({ config, dropIns = {}, command = ['server'], environment = {} }: Host) {
  const { k3s } = runningUnit('server');
  const facts: HostFacts = {
    ...freshHost('server-1'),
    ...(config === undefined ? {} : { config }),
    dropIns: new Map(Object.entries(dropIns).map(([name, text]) => [`${CONFIG}.d/${name}`, text])),
    units: k3s === undefined ? {} : { k3s: { ...k3s, command, environment } },
  };
  const { file, effective, elsewhere, unreadable } = presentOptions(facts, 'k3s');
  return {
    file: Object.fromEntries(file),
    effective: Object.fromEntries(effective),
    elsewhere: Object.fromEntries(elsewhere),
    unreadable,
  };
}

describe('how K3s on a host is configured', () => {
  it('arguments win over drop-ins, those over config.yaml, and that over variables', () => {
    const all: Required<Host> = {
      environment: { K3S_DATA_DIR: '/env' },
      config: 'data-dir: /file\n',
      dropIns: { '10-site.yaml': 'data-dir: /drop-in\n' },
      command: ['server', '--data-dir', '/arguments'],
    };
    const { environment, config, dropIns, command } = all;
    const dataDir = (host: Host) => [options(host).effective['data-dir'], options(host).elsewhere['data-dir']];
    expect(dataDir({ environment })).toEqual([['/env'], 'the variable K3S_DATA_DIR of k3s.service']);
    expect(dataDir({ environment, config })).toEqual([['/file'], undefined]);
    expect(dataDir({ environment, config, dropIns })).toEqual([['/drop-in'], `${CONFIG}.d/10-site.yaml`]);
    expect(dataDir({ environment, config, dropIns, command })).toEqual([
      ['/arguments'],
      'the arguments of k3s.service',
    ]);
    expect(options(all).file['data-dir']).toEqual(['/file']);
  });

  it('a later drop-in replaces, and appends with a plus', () => {
    const config = 'tls-san: [a]\n';
    const first = { '10.yaml': 'tls-san: [b]\n' };
    expect(options({ config, dropIns: first }).effective['tls-san']).toEqual(['b']);
    expect(options({ config, dropIns: { ...first, '20.yaml': 'tls-san+: [c, d]\n' } }).effective['tls-san']).toEqual([
      'b',
      'c',
      'd',
    ]);
    expect(options({ config, dropIns: { '20.yaml': 'tls-san+: c\n' } }).elsewhere).toEqual({
      'tls-san': `${CONFIG}.d/20.yaml`,
    });
  });

  it('a plus in config.yaml has nothing to append to', () => {
    expect(options({ config: 'tls-san+: [a]\n' })).toMatchObject({
      file: { 'tls-san': ['a'] },
      effective: { 'tls-san': ['a'] },
    });
  });

  it('nothing is appended to a variable: it counts only where nothing else does', () => {
    const environment = { K3S_TOKEN: 'by-variable', K3S_URL: '' };
    expect(options({ environment }).effective).toEqual({ token: ['by-variable'] });
    expect(options({ environment, dropIns: { 'a.yaml': 'token+: x\n' } }).effective).toEqual({ token: ['x'] });
  });

  it('arguments add to lists and replace everything else', () => {
    const config = 'tls-san: a\ntoken: one\n';
    const command = ['server', '--tls-san=b', '--tls-san', 'c', '--token', 'two', '--cluster-init'];
    expect(options({ config, command }).effective).toEqual({
      'tls-san': ['a', 'b', 'c'],
      token: ['two'],
      'cluster-init': ['true'],
    });
  });

  it('takes an argument in every form that K3s takes', () => {
    const command = [
      'server',
      '-t',
      'secret=with=signs',
      '-d=/data',
      '--cluster-init=false',
      '--debug',
      '--node-name',
      'n1',
    ];
    expect(options({ command }).effective).toEqual({
      token: ['secret=with=signs'],
      'data-dir': ['/data'],
      'cluster-init': ['false'],
      debug: ['true'],
      'node-name': ['n1'],
    });
  });

  it('reads the file as YAML 1.1, with aliases of options and values of every kind', () => {
    expect(
      options({ config: 'cluster-init: on\nhttps-listen-port: 7443\nnode-label:\n  - a=b\n  - 1\nt: s\ntoken-file:\n' })
        .effective,
    ).toEqual({
      'cluster-init': ['true'],
      'https-listen-port': ['7443'],
      'node-label': ['a=b', '1'],
      token: ['s'],
      'token-file': [],
    });
  });

  it('says which files K3s cannot read, and reads the others', () => {
    const found = options({
      config: 'a: [',
      dropIns: { '1.yaml': '- list\n', '2.yaml': 'debug: true\n', '3.yaml': '' },
    });
    expect(found.unreadable).toEqual([CONFIG, `${CONFIG}.d/1.yaml`]);
    expect(found.effective).toEqual({ debug: ['true'] });
  });

  it('is nothing on a host without K3s', () => {
    expect(presentOptions(freshHost('server-1'), 'k3s')).toEqual({
      file: new Map(),
      effective: new Map(),
      elsewhere: new Map(),
      unreadable: [],
    });
  });
});
