import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tlsFolder } from '../support/tlsFiles';
import { certificates } from '../../src/adapters/system/certificates';

describe('certificates and keys as openssl makes them', () => {
  let folder: string;
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'k3s-ha-certificates-'));
    const tls = tlsFolder(folder);
    tls.authority('ca');
    tls.issue('client', 'ca', 'extendedKeyUsage=clientAuth');
    tls.issue('server', 'ca', 'extendedKeyUsage=serverAuth');
    tls.openssl('pkcs8', '-topk8', '-in', 'client.key', '-passout', 'pass:x', '-out', 'locked.key');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('tell their time and whether they may prove a client', () => {
    const client = certificates.read(read('client.crt'));
    expect(client?.forClients).toBe(true);
    expect(Math.round(((client?.ends ?? 0) - (client?.begins ?? 0)) / 86_400_000)).toBe(30);
    expect(certificates.read(read('server.crt'))?.forClients).toBe(false);
    expect(certificates.read(read('ca.crt'))).not.toHaveProperty('forClients');
    expect(certificates.read('-----BEGIN CERTIFICATE-----\nYWJj\n-----END CERTIFICATE-----\n')).toBeUndefined();
  });

  it('belong together or not; a key with a passphrase does not tell', () => {
    expect(certificates.belongTogether(read('client.crt'), read('client.key'))).toBe(true);
    expect(certificates.belongTogether(read('client.crt'), read('server.key'))).toBe(false);
    expect(certificates.belongTogether(read('client.crt'), read('locked.key'))).toBeUndefined();
  });
});
