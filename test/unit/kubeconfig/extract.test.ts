import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { accessAt, contextText } from '../../../src/core/kubeconfig/extract';
import { merge } from '../../../src/core/kubeconfig/merge';
import { pem, prepared } from './k3sYaml';

const absolute = (path: string): string => `/kube/${path}`;

test('takes one context out of many', () => {
  const west = merge(
    prepared('east').text,
    prepared('west', 'https://west:6443', pem('CERTIFICATE', 'V0VTVA==')),
    'overwrite',
  );
  const text = west.ok ? west.value.text : '';
  expect(parse(contextText(text, 'west', absolute) ?? '')).toEqual(
    parse(prepared('west', 'https://west:6443', pem('CERTIFICATE', 'V0VTVA==')).text),
  );
});

test.each([
  ['no such context', prepared('east').text],
  ['a context without its cluster', prepared('west').text.replace('cluster: west', 'cluster: gone')],
  ['a broken file', 'contexts: ['],
])('%s gives nothing', (_, text) => {
  expect(contextText(text, 'west', absolute)).toBeUndefined();
});

test('paths and programs with a folder are those of the folder of the kubeconfig, as for kubectl', () => {
  const user = { 'client-key': 'keys/me.key', tokenFile: '', exec: { command: './login', args: ['a/b'] } };
  const text = JSON.stringify({
    contexts: [{ name: 'west', context: { cluster: 'west', user: 'me' } }],
    clusters: [{ name: 'west', cluster: { server: 'https://west:6443', 'certificate-authority': 'ca.crt' } }],
    users: [{ name: 'me', user }],
  });
  expect(parse(contextText(text, 'west', absolute) ?? '')).toMatchObject({
    clusters: [{ cluster: { 'certificate-authority': '/kube/ca.crt' } }],
    users: [
      { user: { 'client-key': '/kube/keys/me.key', tokenFile: '', exec: { command: '/kube/./login', args: ['a/b'] } } },
    ],
  });
  const named = text.replace('./login', 'login');
  expect(parse(contextText(named, 'west', absolute) ?? '')).toMatchObject({
    users: [{ user: { exec: { command: 'login' } } }],
  });
});

test('at another address an access keeps its way to sign in, and neither proxy nor name of the old address', () => {
  const exec = { command: 'login', args: ['--to', 'west'] };
  const text = JSON.stringify({
    contexts: [{ name: 'west', context: { cluster: 'west', user: 'west' } }],
    clusters: [
      {
        name: 'west',
        cluster: {
          server: 'https://west:6443',
          'tls-server-name': 'x',
          'proxy-url': 'http://proxy:1',
          'certificate-authority-data': 'Q0E=',
        },
      },
    ],
    users: [{ name: 'west', user: { exec } }],
    'current-context': 'west',
  });
  expect(parse(accessAt(text, 'https://127.0.0.1:6443') ?? '')).toMatchObject({
    clusters: [{ name: 'west', cluster: { server: 'https://127.0.0.1:6443', 'certificate-authority-data': 'Q0E=' } }],
    users: [{ name: 'west', user: { exec } }],
    'current-context': 'west',
  });
  expect(accessAt(text, 'https://127.0.0.1:6443')).not.toMatch(/proxy|tls-server-name/);
  expect(accessAt('contexts: [', 'https://127.0.0.1:6443')).toBeUndefined();
});
