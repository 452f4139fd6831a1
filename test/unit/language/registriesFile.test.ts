import { describe, expect, it } from 'vitest';
import { readRegistriesFile } from '../../../src/core/language/registriesFile';
import { mayHoldSecret } from '../../../src/core/language/secretText';

describe('a registries.yaml of this machine', () => {
  it('is read as K3s reads it', () => {
    const text =
      '# own\nmirrors:\n  docker.io:\n    endpoint: [https://r:5000]\n  "*":\nconfigs:\n  r:5000: {auth: {username: a, password: b}}\n';
    expect(readRegistriesFile(text)).toMatchObject({ problems: [], data: { configs: { 'r:5000': {} } } });
  });

  it.each([
    ['mirors: {}\n', /mirors/],
    ['mirrors: {docker.io: {endpoint: https://r}}\n', /endpoint/],
    ['configs: {r: {auth: {pasword: x}}}\n', /pasword/],
    ['file: other.yaml\n', /"file" is a key of the cluster file only/],
    ['- a\n', /neither mirrors nor configs/],
    ['', /neither mirrors nor configs/],
    ['a: [\n', /no YAML/],
  ])('is told what is wrong with %j', (text, words) => {
    const { problems } = readRegistriesFile(text);
    expect(problems.join(' ')).toMatch(words);
  });
});

describe('a text that is better not shown', () => {
  it.each([
    'password: x\n',
    '  "api_key": "x"\n',
    'DB_PASSWORD=x\n',
    'apiVersion: v1\nkind: Secret\ndata: {a: Yg==}\n',
    '-----BEGIN RSA PRIVATE KEY-----\n',
    'endpoint: https://a:b@c\n',
  ])('%j', (text) => expect(mayHoldSecret(text)).toBe(true));

  it.each(['apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n  - level: None\n', 'net.ipv4.ip_forward = 1\n', ''])(
    'is not %j',
    (text) => expect(mayHoldSecret(text)).toBe(false),
  );
});
