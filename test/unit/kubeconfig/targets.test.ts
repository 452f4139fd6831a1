import { describe, expect, test } from 'vitest';
import { chooseTarget, targets } from '../../../src/core/kubeconfig/targets';
import { prepared } from './k3sYaml';

describe('targets', () => {
  test.each([
    [undefined, ':', '/home/me', ['/home/me/.kube/config']],
    ['', ':', '/home/me', ['/home/me/.kube/config']],
    [':', ':', '/home/me', ['/home/me/.kube/config']],
    ['/a::/b:/a', ':', '/home/me', ['/a', '/b']],
    ['C:\\a;D:\\b', ';', 'C:\\Users\\me', ['C:\\a', 'D:\\b']],
    [undefined, ';', 'C:\\Users\\me', ['C:\\Users\\me\\.kube\\config']],
  ])('KUBECONFIG=%s', (env, delimiter, home, expected) => {
    expect(targets(env, delimiter, home)).toEqual(expected);
  });
});

describe('chooseTarget', () => {
  const file = (path: string, text?: string) => ({ path, text });
  const holder = prepared().text;

  test('the file that has the name wins, because it would hide ours elsewhere', () => {
    expect(chooseTarget([file('/a', ''), file('/b', holder), file('/c', holder)], prepared())).toBe('/b');
  });
  test('else the first that exists', () => {
    expect(chooseTarget([file('/a'), file('/b', ''), file('/c', '')], prepared())).toBe('/b');
  });
  test('else the last', () => {
    expect(chooseTarget([file('/a'), file('/b')], prepared())).toBe('/b');
  });
});
