import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { contextText } from '../../../src/core/kubeconfig/extract';
import { merge } from '../../../src/core/kubeconfig/merge';
import { prepared } from './k3sYaml';

test('takes one context out of many', () => {
  const west = merge(prepared('east').text, prepared('west', 'https://west:6443', 'V0VTVA=='), 'overwrite');
  const text = west.ok ? west.value.text : '';
  expect(parse(contextText(text, 'west') ?? '')).toEqual(parse(prepared('west', 'https://west:6443', 'V0VTVA==').text));
});

test.each([
  ['no such context', prepared('east').text],
  ['a context without its cluster', prepared('west').text.replace('cluster: west', 'cluster: gone')],
  ['a broken file', 'contexts: ['],
])('%s gives nothing', (_, text) => {
  expect(contextText(text, 'west')).toBeUndefined();
});
